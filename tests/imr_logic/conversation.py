"""A conversation without words: start from nothing, answer the first question each time, until none is left.

Also the other way to know what is worth asking: try everything that the unknown facts could be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from imr_logic import Assessment, CaseFacts, assess, vocabulary
from tests.imr_logic.decided import acceptance_set, is_asked, own_cases, result_of

# Danger, urgency and the doctor's word are one question with three answers.
SAFETY = ("immediate_danger", "urgent", "doctor_certifies_urgency")
TOO_MANY = 40
# Days on either side of every period: 3, 10, 30, 60, 90, 180 days and six months, and some long ago.
DAYS_AGO = (0, 2, 4, 29, 31, 62, 100, 185, 210, 420)
LEFT_OPEN = "left open"
ASKED = tuple(name for name, spec in vocabulary().items() if spec.asked and spec.decides)
Result = tuple[str, date | None]


class Talk(NamedTuple):
    """The questions in the order asked, what was known and missing at each turn, and the end."""

    asked: list[str]
    turns: list[tuple[frozenset[str], tuple[str, ...]]]
    end: Assessment


def volunteered(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a person says unasked: the day, and the facts that nobody is asked about."""
    return {name: value for name, value in facts.items() if name == "today" or not is_asked(name)}


def answers(question: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one question; None where the case does not know."""
    settled = SAFETY if question in SAFETY else (question,)
    return {name: facts.get(name) for name in settled}


@lru_cache
def talk(name: str) -> Talk:
    """Answers missing[0] of the case of that name until nothing is missing."""
    facts = next(case.facts for case in (*own_cases(), *acceptance_set()) if case.name == name)
    said = volunteered(facts)
    found = assess(said)
    done = Talk([], [(frozenset(said), found.missing)], found)
    while found.missing and len(done.asked) < TOO_MANY:
        done.asked.append(found.missing[0])
        said.update(answers(found.missing[0], facts))
        found = assess(said)
        done.turns.append((frozenset(said), found.missing))
    return done._replace(end=found)


def possible(fact: str, today: date) -> list[Any]:
    """Every value of a fact that tells something; for days, some on either side of every period."""
    spec = vocabulary()[fact]
    if spec.kind == "yes_no":
        return [True, False]
    if spec.kind == "day":
        return [today - timedelta(days=ago) for ago in DAYS_AGO]
    values = [value for value in spec.values if value != "unknown"]
    return [(value,) for value in values] if spec.kind == "choices" else values


def tried(facts: Mapping[str, Any], unknown: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], Result]]:
    """The result of every way to fill in the unknown facts, or leave some open, that does not contradict."""
    today = CaseFacts.model_validate(facts).today
    for values in product(*([LEFT_OPEN, *possible(fact, today)] for fact in unknown)):
        filled = {fact: value for fact, value in zip(unknown, values, strict=True) if value != LEFT_OPEN}
        found = assess({**facts, **filled}, look_ahead=False)
        if not found.contradictions:
            yield values, result_of(found)


def can_matter(facts: Mapping[str, Any], unknown: tuple[str, ...]) -> set[str]:
    """The unknown facts whose value moves the result for some way to fill in the others."""
    results = dict(tried(facts, unknown))
    moving = set()
    for place, fact in enumerate(unknown):
        beside: dict[Any, set[Result]] = defaultdict(set)
        for values, result in results.items():
            beside[values[:place] + values[place + 1 :]].add(result)
        if any(len(found) > 1 for found in beside.values()):
            moving.add(fact)
    return moving
