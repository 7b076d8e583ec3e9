"""Reads one message: every fact that its words state, with the words and the rule, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from imr_logic import vocabulary
from nlu.dates import read_dates
from nlu.facts.choosing import choose
from nlu.facts.conclusions import conclude
from nlu.facts.found import Found
from nlu.facts.patterns import FactRules, Pattern, all_rules
from nlu.facts.pipeline import pipeline, straightened
from nlu.facts.sentences import NEGATIONS, Sentence, conditional, negated, sentences
from nlu.reading import DateReading, Evidence, Reading
from nlu.safety import screen

# Longer messages are read up to here: a letter of four pages. The door stops longer ones anyway.
LONGEST = 12_000
DEFAULT_WINDOW = 3


def read(text: str, today: date, expecting: str | None = None) -> Reading:
    """What a message says. `expecting` is the fact that was just asked for, so that a bare date finds its role.

    Never raises for any text. Spans count characters of `text`.
    """
    danger = screen(text)
    straight = straightened(text[:LONGEST])
    found = choose(list(_find_all(straight)))
    dates = [_date_reading(one) for one in read_dates(straight, today, expecting)]
    stated, implied = conclude(found)
    facts = {one.fact: one.value for one in stated if not one.part_of_list}
    facts |= _lists(stated)
    facts |= {one.fact: one.earliest.isoformat() for one in dates if _is_exact(one) and one.fact and one.earliest}
    if danger is not None:
        facts["immediate_danger"] = True
    return Reading(
        facts=_ordered(facts),
        implied={one.fact: one.value for one in implied},
        dates=dates,
        evidence=[_evidence(one, text, stated=True) for one in stated]
        + [_evidence(one, text, stated=False) for one in implied]
        + ([_danger_evidence(danger, text)] if danger else []),
        safety=danger.kind if danger else None,
    )


def _find_all(text: str) -> Iterator[Found]:
    for number, sentence in enumerate(sentences(pipeline()(text))):
        for rules in all_rules():
            yield from _find(rules, sentence, number)


def _find(rules: FactRules, sentence: Sentence, number: int) -> Iterator[Found]:
    if rules.options.get("skip_in_questions") and sentence.question:
        return
    for value, patterns in rules.patterns.items():
        for pattern in patterns:
            yield from _matches(rules, value, pattern, sentence, number)


def _matches(rules: FactRules, value: Any, pattern: Pattern, sentence: Sentence, number: int) -> Iterator[Found]:
    if pattern.first_words and not pattern.first_words & sentence.words:
        return
    for match in pattern.regex.finditer(sentence.line):
        found_value = _after_negation(rules, value, sentence, match.start(), match.group())
        if found_value is None or (rules.options.get("skip_conditional") and conditional(sentence, match.start())):
            continue
        start, end = sentence.span(match.start(), match.end())
        yield Found(rules.fact, found_value, start, end, pattern.rule, number, rules.many)


def _after_negation(rules: FactRules, value: Any, sentence: Sentence, start: int, words: str) -> Any:
    """The value, the opposite for a negated yes or no, None when negation takes it away."""
    window = rules.options.get("negation_window", DEFAULT_WINDOW)
    if window == 0 or NEGATIONS & set(words.split()) or not negated(sentence, start, window):
        return value
    return False if value is True else None


def _date_reading(one: Any) -> DateReading:
    mention = one.mention
    return DateReading(
        fact=one.fact,
        text=mention.text,
        start=mention.start,
        end=mention.end,
        earliest=mention.earliest,
        latest=mention.latest,
        precision=mention.precision,
        rule=one.rule,
        confidence=one.confidence,
    )


def _is_exact(one: DateReading) -> bool:
    return one.precision == "exact" and one.earliest is not None and one.earliest == one.latest


def _lists(stated: Iterable[Found]) -> dict[str, list[Any]]:
    lists: dict[str, list[Any]] = {}
    for one in stated:
        if one.part_of_list and one.value not in lists.setdefault(one.fact, []):
            lists[one.fact].append(one.value)
    return lists


def _ordered(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in vocabulary() if name in facts}


def _evidence(one: Found, text: str, stated: bool) -> Evidence:
    return Evidence(
        fact=one.fact,
        value=one.value,
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        rule=one.rule,
        confidence=one.confidence,
        stated=stated,
    )


def _danger_evidence(danger: Any, text: str) -> Evidence:
    return Evidence(
        fact="immediate_danger",
        value=True,
        start=danger.start,
        end=danger.end,
        text=text[danger.start : danger.end],
        rule=f"safety/{danger.rule}",
        confidence=1.0,
    )
