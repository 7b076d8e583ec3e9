"""Decided cases: our own of cases.yml, and the acceptance set when it is there.

The acceptance set (`law/scenarios.jsonl`) lies outside the repository, in the folder that IMR_SHARED names or
in `shared` beside the project. Without it the tests that need it are skipped, and say so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from imr_logic import Assessment, vocabulary

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("IMR_SHARED") or ROOT.parent / "shared")
OUTSIDE = "the acceptance set lies outside the repository"
Dated = tuple[str, str, date | None]


class Decided(NamedTuple):
    """One decided case: its facts and what must come out. `deadlines` are (code, kind, date)."""

    name: str
    facts: dict[str, Any]
    route: str
    also: frozenset[str]
    not_also: frozenset[str]
    deadlines: frozenset[Dated]
    why: str


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _decided(name: str, facts: dict[str, Any], expect: dict[str, Any], why: str) -> Decided:
    dated = frozenset((due["code"], due["kind"], _day(due["date"])) for due in expect.get("deadlines", ()))
    also, not_also = frozenset(expect.get("also", ())), frozenset(expect.get("not_also", ()))
    return Decided(name, facts, expect["route"], also, not_also, dated, why)


@lru_cache
def own_cases() -> tuple[Decided, ...]:
    """The cases of cases.yml."""
    written = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))["cases"]
    return tuple(_decided(case["name"], case["given"], case["expect"], case["why"]) for case in written)


@lru_cache
def acceptance_set() -> tuple[Decided, ...]:
    """The acceptance set; empty when it is not there."""
    path = SHARED / "law" / "scenarios.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    read = [json.loads(line) for line in lines]
    return tuple(_decided(f"{one['id']} {one['title']}", one["facts"], one, one["why"]) for one in read)


def _params(cases: Iterable[Decided]) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in cases]


def for_each_own_case() -> pytest.MarkDecorator:
    """Runs a test once for each case of cases.yml."""
    return pytest.mark.parametrize("case", _params(own_cases()))


def for_each_accepted() -> pytest.MarkDecorator:
    """Runs a test once for each case of the acceptance set."""
    absent = [pytest.param(None, marks=pytest.mark.skip(reason=OUTSIDE), id="absent")]
    return pytest.mark.parametrize("case", _params(acceptance_set()) or absent)


def for_each_case() -> pytest.MarkDecorator:
    """Runs a test once for each decided case that there is."""
    return pytest.mark.parametrize("case", _params((*own_cases(), *acceptance_set())))


needs_acceptance_set: Callable[[Any], Any] = pytest.mark.skipif(not acceptance_set(), reason=OUTSIDE)


def dates_of(found: Assessment) -> frozenset[Dated]:
    """Every deadline of an assessment as (code, kind, date)."""
    return frozenset((due.code, due.kind, due.date) for due in found.deadlines)


def result_of(found: Assessment) -> tuple[str, date | None]:
    """What makes one answer different from another: its route and the date to act by."""
    return found.route, found.main_deadline.date if found.main_deadline else None


def is_asked(fact: str) -> bool:
    """Whether people are asked about a fact; the others are used only when volunteered."""
    return vocabulary()[fact].asked
