"""Decide whether what surrounds a match takes the danger out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nlu.safety.elements import Phrases
from nlu.safety.matching import Plain, Span, find_phrases
from nlu.safety.rulebook import Frame, Rule, RuleBook
from nlu.safety.words import Sentence


@dataclass(slots=True)
class Context:
    """A whole message, read: its sentences, their plain words, and what was already looked up in them."""

    sentences: Sequence[Sentence]
    plain: Sequence[Plain]
    book: RuleBook
    _seen: dict[tuple[int, int], list[Span]] = field(default_factory=dict)

    @classmethod
    def of(cls, sentences: Sequence[Sentence], book: RuleBook) -> Context:
        """The context of a message cut into `sentences`."""
        return cls(sentences, [Plain.of(sentence.plain) for sentence in sentences], book)

    def spans(self, phrases: Phrases, number: int) -> list[Span]:
        """Where any of `phrases` stands in sentence `number`, as half-open ranges of words."""
        key = (id(phrases), number)
        if key not in self._seen:
            self._seen[key] = list(find_phrases(phrases, self.plain[number]))
        return self._seen[key]

    def clause(self, number: int, place: int) -> int:
        """Which clause of its sentence the word at `place` belongs to."""
        return self.sentences[number].clauses[place]


def is_harmless(rule: Rule, context: Context, number: int, match: Span) -> bool:
    """Whether a frame of `rule` covers the match, or the company it needs is missing."""
    if rule.needs is not None and not _is_near(rule.needs, context, number):
        return True
    return any(_covers(frame, context, number, match) for frame in rule.frames)


def _covers(frame: Frame, context: Context, number: int, match: Span) -> bool:
    if frame.bare and context.plain[number].words[match[0]] in context.book.subjects:
        return False
    if not any(True for _ in _standing(frame, context, number, match)):
        return False
    return not _is_rescued(frame, context, number, match)


def _is_rescued(frame: Frame, context: Context, number: int, match: Span) -> bool:
    """Whether words beside the match say that it is happening now after all."""
    if not frame.rescue.first_words:
        return False
    beside = any(_in_clause(span, context, number, match) for span in context.spans(frame.rescue, number))
    return beside or bool(context.spans(context.book.urgent, number))


def _standing(frame: Frame, context: Context, number: int, match: Span) -> Iterator[Span]:
    """The frame's phrases that stand where they count."""
    if frame.where == "message":
        for other in range(len(context.sentences)):
            yield from context.spans(frame.phrases, other)
        return
    for span in context.spans(frame.phrases, number):
        in_place = _is_in_place(frame, span, context, number, match)
        if in_place and not _is_excused(frame, span, context, number):
            yield span


def _is_in_place(frame: Frame, span: Span, context: Context, number: int, match: Span) -> bool:
    if frame.where == "before":
        return span[1] <= match[0] and _is_tied(frame, (span[1], match[0]), context, number)
    if frame.where == "after":
        return match[1] <= span[0] and _is_tied(frame, (match[1], span[0]), context, number)
    if frame.where == "inside":
        return match[0] <= span[0] and span[1] <= match[1]
    return frame.where == "sentence" or _in_clause(span, context, number, match)


def _is_tied(frame: Frame, between: Span, context: Context, number: int) -> bool:
    """Whether the words `between` frame and match are few, of the right kind, and open no new clause."""
    words = context.plain[number].words[slice(*between)]
    if len(words) > frame.within or not _may_stand_between(frame, words, context.book):
        return False
    return context.clause(number, between[0] - 1) == context.clause(number, between[1])


def _may_stand_between(frame: Frame, words: Sequence[str], book: RuleBook) -> bool:
    if frame.across:
        return all(word in frame.across or word in book.grammar.fillers for word in words)
    return frame.where != "before" or not any(word in book.subjects for word in words)


def _is_excused(frame: Frame, span: Span, context: Context, number: int) -> bool:
    excuses = context.spans(frame.despite, number)
    return any(start < span[1] and span[0] < end for start, end in excuses)


def _in_clause(span: Span, context: Context, number: int, match: Span) -> bool:
    first, last = context.clause(number, match[0]), context.clause(number, match[1] - 1)
    return first <= context.clause(number, span[0]) <= last


def _is_near(phrases: Phrases, context: Context, number: int) -> bool:
    """Whether any of `phrases` stands in this sentence or in a neighbour of it."""
    around = range(max(0, number - 1), min(len(context.sentences), number + 2))
    return any(context.spans(phrases, other) for other in around)
