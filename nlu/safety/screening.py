"""Find out whether a message tells of somebody who is in danger now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from nlu.safety.elements import Pattern
from nlu.safety.frames import Context, is_harmless
from nlu.safety.matching import Plain, Span, find_spans, is_possible
from nlu.safety.reader import load_rulebook
from nlu.safety.rulebook import Kind, Rule, RuleBook
from nlu.safety.words import read_sentences

NEARBY = 3
"""Sentences. Two signs farther apart than this do not add up."""


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
    standard library and PyYAML alone, in time linear in the length of `text`, and never raises.
    """
    book = load_rulebook()
    context = Context.of(read_sentences(text, book.spelling, book.joints), book)
    found = sorted(_dangers(context, book), key=_rank)
    return found[0][1] if found else None


def _rank(found: tuple[Rule, Danger]) -> tuple[int, bool, int]:
    rule, danger = found
    return -rule.clearness, danger.kind != "medical_emergency", danger.start


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A sign of `rule` that was seen in sentence `number`, and the danger it would be part of."""

    rule: Rule
    number: int
    danger: Danger


def _dangers(context: Context, book: RuleBook) -> Iterator[tuple[Rule, Danger]]:
    """One danger for each rule that fires, at the first place where it does."""
    fired: set[str] = set()
    sightings: list[_Sighting] = []
    for number, plain in enumerate(context.plain):
        for rule, pattern in _worth_trying(plain, book):
            if rule.id in fired:
                continue
            span = _first_real_match(rule, pattern, context, number)
            if span is None:
                continue
            danger = _danger(rule, context, number, span)
            if rule.sign is not None:
                sightings.append(_Sighting(rule, number, danger))
                continue
            fired.add(rule.id)
            yield rule, danger
    yield from _added_up(sightings)


def _added_up(sightings: Iterable[_Sighting]) -> Iterator[tuple[Rule, Danger]]:
    """The dangers that weak signs near one another amount to."""
    for one, other in combinations(sightings, 2):
        if one.rule.id == other.rule.id and _add_up(one, other):
            first, last = sorted((one.danger, other.danger), key=lambda danger: danger.start)
            yield one.rule, Danger(first.kind, first.rule, first.start, last.end)


def _add_up(one: _Sighting, other: _Sighting) -> bool:
    signs = one.rule.sign, other.rule.sign
    if signs[0] is None or signs[1] is None or signs[0].name == signs[1].name:
        return False
    apart = one.danger.end <= other.danger.start or other.danger.end <= one.danger.start
    return (signs[0].telling or signs[1].telling) and apart and abs(one.number - other.number) <= NEARBY


def _worth_trying(plain: Plain, book: RuleBook) -> Iterator[tuple[Rule, Pattern]]:
    for word in plain.places:
        for rule, pattern in book.by_anchor.get(word, ()):
            if is_possible(pattern, plain):
                yield rule, pattern


def _first_real_match(rule: Rule, pattern: Pattern, context: Context, number: int) -> Span | None:
    spans = find_spans(pattern, context.plain[number], context.book.grammar)
    return next((span for span in spans if not is_harmless(rule, context, number, span)), None)


def _danger(rule: Rule, context: Context, number: int, span: Span) -> Danger:
    spans = context.sentences[number].spans
    return Danger(rule.kind, rule.id, spans[span[0]][0], spans[span[1] - 1][1])
