"""What an answer holds, in the vocabulary that every other room uses: the path, the dates, the law, the steps."""

from __future__ import annotations

from datetime import date as Day
from typing import Any

from pydantic import BaseModel, ConfigDict

from imr_logic.deadlines import Kind
from imr_logic.law import Confidence


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Deadline(_Part):
    """One date. `date` is None when it must be read off a letter. `counted_from` is the fact (or named day) and
    `start` the day that the period is counted from. `approximate`: counted from a date that was only hinted at."""

    code: str
    kind: Kind
    date: Day | None
    label: str
    basis: str
    note: str | None
    citations: tuple[str, ...]
    counted_from: str
    start: Day | None
    approximate: bool
    confidence: Confidence


class Reason(_Part):
    """One link in the chain of reasons: the rule applied, the facts it used, in words, with its law."""

    rule: str
    facts: tuple[str, ...]
    text: str
    citations: tuple[str, ...]


class Step(_Part):
    """One thing to do."""

    id: str
    text: str


class Document(_Part):
    """One paper to gather."""

    id: str
    text: str


class Contact(_Part):
    """Whom to reach."""

    id: str
    name: str
    phone: str | None = None
    tdd: str | None = None
    fax: str | None = None
    mail: str | None = None
    url: str | None = None


class WhatIf(_Part):
    """A fact that would move the answer, the value it would take, and where it would lead."""

    fact: str
    value: Any
    route: str
    date: Day | None


class FoundContradiction(_Part):
    """Facts that cannot all be true, in words."""

    facts: tuple[str, ...]
    text: str


class Assessment(_Part):
    """Where a case stands: the route, every date, the law, what to do, and what is still worth asking.

    `missing` lists facts still worth asking, most decisive first; it is empty when nothing could change the
    answer. `confidence` is the weakest of the rules and figures used.
    """

    route: str
    title: str
    summary: str
    also: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    authority: tuple[str, ...]
    missing: tuple[str, ...]
    steps: tuple[Step, ...]
    documents: tuple[Document, ...]
    contacts: tuple[Contact, ...]
    why: tuple[Reason, ...]
    changes_if: tuple[WhatIf, ...]
    contradictions: tuple[FoundContradiction, ...]
    confidence: Confidence
    today: Day

    @property
    def shown_deadlines(self) -> tuple[Deadline, ...]:
        """The dates worth showing: without a last day that falls on the very day to file by."""
        filed = {(one.code, one.date) for one in self.deadlines if one.kind == "file_by"}
        return tuple(
            one for one in self.deadlines if one.kind != "legal_last_day" or (one.code, one.date) not in filed
        )

    @property
    def main_deadline(self) -> Deadline | None:
        """The date a person must act by: the first file_by, else the first date given."""
        dated = [deadline for deadline in self.deadlines if deadline.date]
        return next((one for one in dated if one.kind == "file_by"), dated[0] if dated else None)

    @property
    def is_past_the_careful_date(self) -> bool:
        """Whether the date to file by has gone by, though the law may still allow it."""
        main = self.main_deadline
        return main is not None and main.kind == "file_by" and main.date is not None and main.date < self.today

    @property
    def last_day_still_open(self) -> Day | None:
        """The last day that the law may still allow, when it is not over."""
        days = [one.date for one in self.deadlines if one.kind == "legal_last_day" and one.date]
        return next((day for day in days if day >= self.today), None)
