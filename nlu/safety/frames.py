"""Decide whether what surrounds a match takes the danger out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.safety.elements import Phrases, Span, find_phrases
from nlu.safety.rulebook import Frame, Rule, RuleBook
from nlu.safety.words import Sentence


@dataclass(slots=True)
class Context:
    """A whole message, read: its sentences, their plain words, and what was already looked up in them."""

    sentences: Sequence[Sentence]
    plain: Sequence[Sequence[str]]
    book: RuleBook
    _seen: dict[tuple[int, int], list[Span]]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], book: RuleBook) -> Context:
        """The context of a message cut into `sentences`."""
        return cls(sentences, [sentence.plain for sentence in sentences], book, {})

    def spans(self, phrases: Phrases, number: int) -> list[Span]:
        """Where any of `phrases` stands in sentence `number`, as half-open ranges of words."""
        key = (id(phrases), number)
        if key not in self._seen:
            self._seen[key] = list(find_phrases(phrases, self.plain[number]))
        return self._seen[key]

    def clause(self, number: int, place: int) -> int:
        """Which clause of its sentence the word at `place` belongs to."""
        return self.sentences[number].words[place].clause


def is_harmless(rule: Rule, context: Context, number: int, match: Span) -> bool:
    """Whether a frame of `rule` covers the match, or the company it needs is missing."""
    if rule.needs is not None and not _is_near(rule.needs, context, number):
        return True
    return any(_covers(frame, context, number, match) for frame in rule.frames)


def _covers(frame: Frame, context: Context, number: int, match: Span) -> bool:
    if frame.bare and context.plain[number][match[0]] in context.book.subjects:
        return False
    if not any(True for _ in _standing(frame, context, number, match)):
        return False
    return not _is_rescued(frame, context, number, match)


def _is_rescued(frame: Frame, context: Context, number: int, match: Span) -> bool:
    """Whether words beside the match say that it is happening now after all."""
    if not frame.rescue.by_first_word:
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
        if _is_in_place(frame, span, context, number, match) and not _is_excused(frame, span, context, number):
            yield span


def _is_in_place(frame: Frame, span: Span, context: Context, number: int, match: Span) -> bool:
    if frame.where == "sentence":
        return True
    if frame.where == "clause":
        return _in_clause(span, context, number, match)
    if frame.where == "inside":
        return match[0] <= span[0] and span[1] <= match[1]
    between = range(span[1], match[0]) if frame.where == "before" else range(match[1], span[0])
    if span[1] > match[0] if frame.where == "before" else span[0] < match[1]:
        return False
    return len(between) <= frame.within and _is_clear(frame, between, span, context, number, match)


def _is_clear(frame: Frame, between: range, span: Span, context: Context, number: int, match: Span) -> bool:
    """Whether nothing between frame and match breaks the tie: a new clause, a new subject, a stray word."""
    words = [context.plain[number][place] for place in between]
    if frame.across and not all(word in frame.across or word in context.book.grammar.fillers for word in words):
        return False
    if not frame.across and frame.where == "before" and any(word in context.book.subjects for word in words):
        return False
    first, last = (span[1] - 1, match[0]) if frame.where == "before" else (match[1] - 1, span[0])
    return context.clause(number, first) == context.clause(number, last)


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
