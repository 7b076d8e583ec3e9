"""What the rules decide, before it is put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from imr_logic.deadlines import Due


class Because(NamedTuple):
    """One link of the chain of reasons: the rule applied and the facts it used."""

    rule: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a case goes. `first_steps` come before the steps of the route, in order."""

    route: str
    also: tuple[str, ...] = ()
    dues: tuple[Due, ...] = ()
    because: tuple[Because, ...] = ()
    first_steps: tuple[str, ...] = ()
    contradicted: bool = field(default=False)

    @property
    def main_date(self) -> date | None:
        """The date a person must act by: the first file_by, else the first date given."""
        first = next((due.date for due in self.dues if due.kind == "file_by"), None)
        return first or next((due.date for due in self.dues if due.date), None)

    def beside(self, *routes: str) -> Outcome:
        """The same outcome with more routes worth knowing."""
        return replace(self, also=_distinct((*self.also, *routes), but=self.route))

    def with_dues(self, dues: Iterable[Due]) -> Outcome:
        """The same outcome with more dates, each code and kind once."""
        known = {(due.code, due.kind) for due in self.dues}
        more = tuple(due for due in dues if (due.code, due.kind) not in known)
        return replace(self, dues=self.dues + more)

    def for_reason(self, rule: str, *facts: str) -> Outcome:
        """The same outcome with one more reason in its chain."""
        return replace(self, because=(*self.because, Because(rule, facts)))

    def starting_with(self, *steps: str) -> Outcome:
        """The same outcome with steps that come before the route's own."""
        return replace(self, first_steps=(*self.first_steps, *steps))


def outcome(
    route: str,
    rule: str,
    *facts: str,
    also: Iterable[str] = (),
    dues: Iterable[Due] = (),
    steps: tuple[str, ...] = (),
) -> Outcome:
    """An outcome by one rule and the facts it used."""
    return Outcome(route, _distinct(also, but=route), tuple(dues), (Because(rule, facts),), steps)


def _distinct(routes: Iterable[str], but: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(route for route in routes if route != but))
