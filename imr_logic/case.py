"""One case while it is being decided: its facts made ready, and a note of which facts the rules asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from imr_logic.facts import NOT_KNOWN, ORDER_OF_DAYS, Span, vocabulary

PAST_DAYS = frozenset(name for name, spec in vocabulary().items() if spec.kind == "day" and spec.past)


class Contradiction(NamedTuple):
    """Facts that cannot all be true, and the id of the words that say so."""

    facts: tuple[str, ...]
    problem: str


def _pairs_out_of_order(days: Mapping[str, Span]) -> list[Contradiction]:
    return [
        Contradiction((first, second), "wrong_order")
        for first, second in ORDER_OF_DAYS
        if first in days and second in days and days[first].earliest > days[second].latest
    ]


def find_contradictions(known: Mapping[str, Any], today: date) -> list[Contradiction]:
    """Days after today, days in the wrong order, and a decision on a grievance that was never filed."""
    days = {name: value for name, value in known.items() if name in PAST_DAYS and value is not None}
    found = [Contradiction((name,), "in_the_future") for name, day in days.items() if day.earliest > today]
    found += _pairs_out_of_order(days)
    if known.get("grievance_status") == "not_filed":
        filed = [n for n in days if n.startswith("grievance_")]
        found += [Contradiction((name, "grievance_status"), "not_filed_but_dated") for name in filed]
    return found


def narrow(known: Mapping[str, Any], today: date) -> dict[str, Span]:
    """Each past day cut to what the other days leave possible, so that the earliest ends are consistent."""
    days = {name: value for name, value in known.items() if name in PAST_DAYS and value is not None}
    if all(span.earliest == span.latest for span in days.values()):
        return days
    cut = {name: Span(span.earliest, max(span.earliest, min(span.latest, today))) for name, span in days.items()}
    for first, second in ORDER_OF_DAYS:
        if first in cut and second in cut and cut[first].earliest > cut[second].earliest:
            cut[second] = Span(cut[first].earliest, max(cut[first].earliest, cut[second].latest))
    for first, second in reversed(ORDER_OF_DAYS):
        if first in cut and second in cut and cut[first].latest > cut[second].latest:
            cut[first] = Span(cut[first].earliest, max(cut[first].earliest, cut[second].latest))
    return cut


class Case:
    """The facts of a case as the rules see them. `absent` lists, in order, the facts that a rule asked for
    and that nobody was asked about yet: they are what could still change the answer."""

    __slots__ = ("_days", "absent", "contradictions", "known", "today")

    def __init__(self, known: Mapping[str, Any], today: date) -> None:
        self.known = known
        self.today = today
        self.absent: list[str] = []
        self.contradictions = find_contradictions(known, today)
        self._days = {} if self.contradictions else narrow(known, today)

    def get(self, fact: str) -> Any:
        """The value of a fact; None when absent, not known, or given as "unknown"."""
        if fact not in self.known:
            if fact not in self.absent:
                self.absent.append(fact)
            return None
        value = self.known[fact]
        if isinstance(value, str) and value in NOT_KNOWN:
            return None
        return value

    def volunteered(self, fact: str) -> Any:
        """The value of a fact if it was given; asking for it this way never makes it worth asking."""
        return self.get(fact) if fact in self.known else None

    def span(self, fact: str) -> Span | None:
        """The days that a date fact may be, cut to what the other dates leave possible."""
        value: Span | None = self.get(fact)
        return self._days.get(fact, value) if value is not None else None

    def day(self, fact: str) -> date | None:
        """The earliest day that a date fact may be: deadlines are counted from it, to be safe."""
        span = self.span(fact)
        return span.earliest if span else None

    def reasons(self) -> tuple[str, ...]:
        """The reasons for the denial that are known."""
        given: tuple[str, ...] = self.get("denial_reasons") or ()
        return tuple(reason for reason in given if reason not in NOT_KNOWN)
