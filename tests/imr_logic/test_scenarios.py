"""Decided cases come out as decided: route, what is worth knowing beside it, and every date to the day."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

import imr_logic
from imr_logic import assess, vocabulary
from imr_logic.language import words
from imr_logic.law import load
from tests.imr_logic.decided import (
    Decided,
    acceptance_set,
    dates_of,
    for_each_accepted,
    for_each_own_case,
    needs_acceptance_set,
    own_cases,
)

LAW_ROOM = Path(imr_logic.__file__).parent


def assert_as_decided(case: Decided) -> None:
    found = assess(case.facts, look_ahead=False)
    assert found.route == case.route, case.why
    assert case.also <= set(found.also), case.why
    assert not case.not_also & set(found.also), case.why
    assert case.deadlines <= dates_of(found), case.why


@for_each_own_case()
def test_our_own_case_comes_out_as_decided(case: Decided) -> None:
    assert_as_decided(case)


@for_each_accepted()
def test_acceptance_case_comes_out_as_decided(case: Decided) -> None:
    assert_as_decided(case)


@needs_acceptance_set
def test_the_acceptance_set_is_whole() -> None:
    assert len(acceptance_set()) == 88


def test_every_case_says_why_with_a_name_of_its_own() -> None:
    cases = own_cases()
    assert all(case.why for case in cases)
    assert len({case.name for case in cases}) == len(cases) >= 70


def test_no_two_cases_are_given_the_same_facts() -> None:
    given = [repr(sorted(case.facts.items())) for case in own_cases()]
    assert len(set(given)) == len(given)


@pytest.mark.parametrize("fact", ["plan_type", "denial_reasons", "grievance_status", "state_hearing"])
def test_our_cases_hold_every_value_of(fact: str) -> None:
    given = [case.facts.get(fact) for case in own_cases()]
    seen = {value for one in given for value in (one if isinstance(one, list) else [one])}
    assert seen >= set(vocabulary()[fact].values)


def test_our_cases_reach_every_route() -> None:
    assert {case.route for case in own_cases()} == set(load("routes")) - {"programme_contacts"}


def test_our_cases_hold_every_deadline_code() -> None:
    assert {code for case in own_cases() for code, _, _ in case.deadlines} == set(words()["deadlines"])


@pytest.mark.parametrize("case", [*own_cases(), *acceptance_set()], ids=lambda case: case.name)
def test_the_rules_and_not_the_cases_decide(case: Decided) -> None:
    title = re.sub(r"^S\d{3} ", "", case.name)
    assert not [path.name for path, text in room_texts() if title in text]


@lru_cache
def room_texts() -> list[tuple[Path, str]]:
    paths = [*LAW_ROOM.rglob("*.py"), *LAW_ROOM.rglob("*.yml")]
    return [(path, path.read_text(encoding="utf-8")) for path in paths]


def test_no_case_number_stands_in_the_law_room() -> None:
    assert not [path.name for path, text in room_texts() if re.search(r"\bS\d{3}\b", text)]
