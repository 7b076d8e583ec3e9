"""What is still worth asking: found by trying, never from a list.

The rules note which absent facts they asked for. For each of those the values that it could take are tried; it
is worth asking when one of them moves the route or the main date. Answers open other paths through the rules,
so the search follows every answer that leads to a path not seen before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from imr_logic.case import Case
from imr_logic.facts import NOT_KNOWN, Span, vocabulary
from imr_logic.law import load
from imr_logic.outcome import Outcome
from imr_logic.triage import decide

GROUPS = ("safety", "route", "day")
# How long ago a day is tried to lie: inside and outside every period that the law counts.
DAYS_AGO = (0, 2, 20, 45, 100, 170, 200, 400, 800)


class Trial(NamedTuple):
    """One value tried for one absent fact, and what came of it."""

    fact: str
    value: Any
    outcome: Outcome
    case: Case


def result(found: Outcome) -> tuple[str, date | None]:
    """What makes an answer different: its route and its main date."""
    return found.route, found.main_date


def possible_values(fact: str, known: Mapping[str, Any], today: date) -> Iterable[Any]:
    """The values an absent fact could take: one of each kind that the law tells apart; for a day, days on
    either side of every period."""
    spec = vocabulary()[fact]
    if spec.kind == "yes_no":
        return (True, False)
    if spec.kind == "day":
        return _possible_days(known, today)
    values = _told_apart(fact)
    return tuple((value,) for value in values) if spec.kind == "choices" else values


@lru_cache
def _told_apart(fact: str) -> tuple[str, ...]:
    """The values of a choice, without those that the law files treat exactly like another."""
    values = [value for value in vocabulary()[fact].values if value not in NOT_KNOWN]
    table = {"carrier": load("carriers")["carriers"], "service_category": load("services")}.get(fact)
    if table is None:
        return tuple(values)
    kinds: dict[str, str] = {}
    for value in values:
        effect = {k: v for k, v in table.get(value, {}).items() if k not in ("authority", "confidence", "when")}
        kinds.setdefault(repr(sorted(effect.items())), value)
    return tuple(kinds.values())


def _possible_days(known: Mapping[str, Any], today: date) -> tuple[Span, ...]:
    days = {today - timedelta(days=ago) for ago in DAYS_AGO}
    for value in known.values():
        if isinstance(value, Span):
            days |= {value.earliest, value.earliest + timedelta(days=5), value.earliest + timedelta(days=60)}
    return tuple(Span(day, day) for day in sorted(days))


def try_all(fact: str, known: Mapping[str, Any], today: date) -> Iterator[Trial]:
    """Each value that a fact could take, decided. Values that contradict what is known are left out."""
    for value in possible_values(fact, known, today):
        found, case = decide({**known, fact: value}, today)
        if not found.contradicted:
            yield Trial(fact, value, found, case)


def asked(case: Case) -> list[str]:
    """The absent facts that the rules asked for and that people are asked about."""
    return [fact for fact in case.absent if vocabulary()[fact].asked and vocabulary()[fact].decides]


class Search:
    """Follows every answer that leads to a path through the rules not seen before. `score` holds, for each
    fact found worth asking, the most routes that its answers led to."""

    def __init__(self, known: Mapping[str, Any], today: date) -> None:
        self.today = today
        self.score: dict[str, int] = {}
        self.seen: set[object] = set()
        found, case = decide(known, today)
        self.first = case
        self.waiting: list[tuple[Mapping[str, Any], Case, Outcome]] = [(known, case, found)]

    def run(self, wanted: frozenset[str]) -> None:
        """Searches until every wanted fact was found or no path is left."""
        while self.waiting and not wanted <= self.score.keys():
            known, case, found = self.waiting.pop(0)
            for fact in asked(case):
                self._try(fact, known, found, asked(case))

    def _try(self, fact: str, known: Mapping[str, Any], found: Outcome, asked_before: list[str]) -> None:
        trials = list(try_all(fact, known, self.today))
        results = {result(trial.outcome) for trial in trials}
        if any(one != result(found) for one in results):
            self.score[fact] = max(self.score.get(fact, 0), len({route for route, _ in results}))
        before = frozenset(asked_before)
        for trial in trials:
            self._follow(trial, known, before)

    def _follow(self, trial: Trial, known: Mapping[str, Any], before: frozenset[str]) -> None:
        """An answer is followed when it makes the rules ask for something that they did not ask before."""
        path: object = frozenset(asked(trial.case))
        if not frozenset(asked(trial.case)) - before:
            # Nothing new is asked; but what stops the case may be another thing that has to be known.
            stopped = trial.outcome.route == "more_information"
            path = trial.outcome.because[0].rule if stopped and asked(trial.case) else None
        if path is not None and path not in self.seen:
            self.seen.add(path)
            self.waiting.append(({**known, trial.fact: trial.value}, trial.case, trial.outcome))


def _could_be_worth_asking(known: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, spec in vocabulary().items() if spec.asked and spec.decides and name not in known)


def missing_facts(known: Mapping[str, Any], today: date) -> list[str]:
    """The facts still worth asking, most decisive first: danger and urgency, then what splits the routes most,
    then days. Facts that were asked already (also those answered with "I don't know") are never among them."""
    search = Search(known, today)
    search.run(_could_be_worth_asking(known))
    here = asked(search.first)
    return sorted(search.score, key=lambda fact: _rank(fact, fact in here, search.score[fact]))


def _rank(fact: str, asked_here: bool, routes: int) -> tuple[int, bool, int, int]:
    order = list(vocabulary())
    return GROUPS.index(vocabulary()[fact].group), not asked_here, -routes, order.index(fact)
