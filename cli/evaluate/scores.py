"""Counting right and wrong: facts, dates, intents, safety."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cli.evaluate.messages import Outcome

Day = dict[str, Any]


@dataclass
class Tally:
    """Right finds, wrong finds and misses of one kind of thing."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the finds that are right; 1 when nothing was found."""
        return self.right / found if (found := self.right + self.wrong) else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 1 when nothing is there."""
        return self.right / there if (there := self.right + self.missed) else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def add(self, expected: set[Any], found: set[Any]) -> None:
        """Count one message."""
        self.right += len(expected & found)
        self.wrong += len(found - expected)
        self.missed += len(expected - found)


@dataclass(frozen=True)
class IntentScore:
    """Shares from 0 to 1: right among all answered, not answered, and right when always guessing."""

    answered_right: float
    unanswered: float
    guessed_right: float


@dataclass(frozen=True)
class DateScore:
    """Shares from 0 to 1 with the numbers they are of. Exact: found on the very day. Approximate: found with
    an interval that overlaps. Role: the right fact, among those found."""

    exact: float
    exact_count: int
    approximate: float
    approximate_count: int
    role: float
    role_count: int


@dataclass(frozen=True)
class SafetyScore:
    """`recall` over the dangers, `false_fires` over the rest, both shares from 0 to 1."""

    recall: float
    dangers: int
    false_fires: float
    others: int


@dataclass(frozen=True)
class Scored:
    """All figures of one run. `intent_tallies` and `facts` hold one tally a name; `facts` also `all`."""

    intents: IntentScore
    intent_tallies: dict[str, Tally]
    facts: dict[str, Tally]
    dates: DateScore
    safety: SafetyScore


def score(outcomes: Sequence[Outcome]) -> Scored:
    """Count everything once."""
    return Scored(
        intent_score(outcomes),
        intent_tallies(outcomes),
        fact_tallies(outcomes),
        date_score(outcomes),
        safety_score(outcomes),
    )


def intent_tallies(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """One tally an intent, over the answered messages and the silent ones (a miss of what was meant)."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for outcome in outcomes:
        meant, understood = outcome.case.intent, outcome.intent
        for name in {meant, understood} - {None}:
            tallies[str(name)].add({meant} & {name}, {understood} & {name})
    return dict(tallies)


def pairs(facts: dict[str, Any]) -> set[tuple[str, str]]:
    """Facts as (name, value) pairs; a list counts once for each of its values."""
    return {
        (name, str(one)) for name, value in facts.items() for one in (value if isinstance(value, list) else [value])
    }


def fact_tallies(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """One tally a fact, and `all` for the micro average."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for outcome in outcomes:
        expected, found = pairs(outcome.case.facts), pairs(outcome.facts)
        tallies["all"].add(expected, found)
        for name in {name for name, _ in expected | found}:
            tallies[name].add(
                {pair for pair in expected if pair[0] == name}, {pair for pair in found if pair[0] == name}
            )
    return dict(tallies)


def intent_score(outcomes: Sequence[Outcome]) -> IntentScore:
    """How often the intent is right."""
    answered = [outcome for outcome in outcomes if outcome.intent is not None]
    guessed = [(outcome.intent or outcome.best) == outcome.case.intent for outcome in outcomes]
    return IntentScore(
        answered_right=share(outcome.intent == outcome.case.intent for outcome in answered),
        unanswered=1 - len(answered) / len(outcomes),
        guessed_right=share(guessed),
    )


def confusions(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    """(meant, understood) for every answered message that was misread."""
    return Counter(
        (outcome.case.intent, outcome.intent)
        for outcome in outcomes
        if outcome.intent is not None and outcome.intent != outcome.case.intent
    )


def date_score(outcomes: Iterable[Outcome]) -> DateScore:
    """How well days and their roles are read."""
    exact: list[bool] = []
    approximate: list[bool] = []
    roles: list[bool] = []
    for outcome in outcomes:
        for expected in outcome.case.dates:
            same = [found for found in outcome.dates if agrees(expected, found)]
            (exact if expected["precision"] == "exact" else approximate).append(bool(same))
            if same:
                roles.append(any(found["fact"] == expected["fact"] for found in same))
    return DateScore(share(exact), len(exact), share(approximate), len(approximate), share(roles), len(roles))


def agrees(expected: Day, found: Day) -> bool:
    """The same day where the day is exact, else intervals that overlap. ISO days compare as text."""
    if found["earliest"] is None or found["latest"] is None:
        return False
    if expected["precision"] == "exact":
        return bool(found["earliest"] == expected["earliest"] and found["latest"] == expected["latest"])
    return bool(found["earliest"] <= expected["latest"] and expected["earliest"] <= found["latest"])


def safety_score(outcomes: Sequence[Outcome]) -> SafetyScore:
    """Dangers noticed, and alarms without danger."""
    dangers = [outcome for outcome in outcomes if outcome.case.safety]
    others = [outcome for outcome in outcomes if not outcome.case.safety]
    return SafetyScore(
        recall=share(outcome.safety is not None for outcome in dangers),
        dangers=len(dangers),
        false_fires=share((outcome.safety is not None for outcome in others), of_nothing=0.0),
        others=len(others),
    )


def share(values: Iterable[bool], of_nothing: float = 1.0) -> float:
    """The share that is true, 0 to 1."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else of_nothing


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
