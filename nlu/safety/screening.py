"""Find out whether a message tells of somebody who is in danger now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlu.safety.elements import Span
from nlu.safety.frames import Context, is_harmless
from nlu.safety.reader import load_rulebook
from nlu.safety.rulebook import Kind, Pattern, Rule, RuleBook
from nlu.safety.words import read_sentences


@dataclass(frozen=True, slots=True)
class Danger:
    """Somebody is in danger: of what `kind`, by which `rule`, and the characters [start, end) that say so."""

    kind: Kind
    rule: str
    start: int
    end: int


def screen(text: str) -> Danger | None:
    """The clearest danger that `text` tells of, or None.

    Looks at each sentence for itself, so that a harmless one never silences another. When a message tells of
    both kinds, the clearer one counts, and a medical emergency when they are equally clear. Works with the
    standard library and PyYAML alone, in time linear in the length of `text`, and raises nothing for any text.
    """
    book = load_rulebook()
    context = Context.of(read_sentences(text, book.spelling, book.joints), book)
    found = list(_dangers(context, book))
    if not found:
        return None
    rule, danger = min(found, key=_rank)
    return danger


def _rank(found: tuple[Rule, Danger]) -> tuple[int, bool, int]:
    rule, danger = found
    return -rule.clearness, danger.kind != "medical_emergency", danger.start


def _dangers(context: Context, book: RuleBook) -> Iterator[tuple[Rule, Danger]]:
    """One danger for each rule that fires, at the first place where it does."""
    fired: set[str] = set()
    for number, words in enumerate(context.plain):
        for rule, pattern in _worth_trying(words, book):
            if rule.id in fired:
                continue
            span = _first_real_match(rule, pattern, context, number)
            if span is not None:
                fired.add(rule.id)
                yield rule, _danger(rule, context, number, span)


def _worth_trying(words: list[str] | tuple[str, ...], book: RuleBook) -> Iterator[tuple[Rule, Pattern]]:
    for word in dict.fromkeys(words):
        yield from book.by_anchor.get(word, ())


def _first_real_match(rule: Rule, pattern: Pattern, context: Context, number: int) -> Span | None:
    spans = pattern.spans(context.plain[number], context.book.grammar)
    return next((span for span in spans if not is_harmless(rule, context, number, span)), None)


def _danger(rule: Rule, context: Context, number: int, span: Span) -> Danger:
    words = context.sentences[number].words
    return Danger(rule.kind, rule.id, words[span[0]].start, words[span[1] - 1].end)
