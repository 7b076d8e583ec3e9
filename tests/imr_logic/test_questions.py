"""What is asked: little, in the right order, never twice, and nothing that could not change the answer."""

from __future__ import annotations

from math import prod
from random import Random
from statistics import median
from typing import Any

import pytest

from imr_logic import CaseFacts, assess, vocabulary
from tests.imr_logic.conversation import ASKED, LEFT_OPEN, SAFETY, answers, can_matter, possible, talk
from tests.imr_logic.decided import (
    Decided,
    acceptance_set,
    for_each_case,
    needs_acceptance_set,
    own_cases,
    result_of,
)

TODAY = "2026-11-23"
MOST_QUESTIONS = 12
MOST_AT_THE_MEDIAN = 8


def cannot_all_be_true(case: Decided) -> bool:
    """Whether a case is decided by days that contradict; they may well never be asked about."""
    return bool(assess(case.facts, look_ahead=False).contradictions)


@for_each_case()
def test_answering_the_first_question_each_time_reaches_the_route(case: Decided) -> None:
    assert cannot_all_be_true(case) or talk(case.name).end.route == case.route


@for_each_case()
def test_a_conversation_has_at_most_twelve_questions(case: Decided) -> None:
    assert len(talk(case.name).asked) <= MOST_QUESTIONS


@for_each_case()
def test_danger_is_settled_first(case: Decided) -> None:
    assert talk(case.name).asked[0] == "immediate_danger"


@for_each_case()
def test_what_was_answered_is_never_asked_again_not_even_what_is_not_known(case: Decided) -> None:
    assert not [known & set(missing) for known, missing in talk(case.name).turns if known & set(missing)]


@for_each_case()
def test_only_facts_that_people_are_asked_about_are_asked(case: Decided) -> None:
    assert {fact for _, missing in talk(case.name).turns for fact in missing} <= set(ASKED)


@for_each_case()
def test_nothing_is_missing_at_the_end(case: Decided) -> None:
    assert talk(case.name).end.missing == ()


def test_our_cases_take_at_most_eight_questions_at_the_median() -> None:
    assert median(len(talk(case.name).asked) for case in own_cases()) <= MOST_AT_THE_MEDIAN


@needs_acceptance_set
def test_the_acceptance_set_takes_at_most_eight_questions_at_the_median() -> None:
    assert median(len(talk(case.name).asked) for case in acceptance_set()) <= MOST_AT_THE_MEDIAN


def test_someone_in_danger_is_asked_nothing_more() -> None:
    assert assess({"today": TODAY, "immediate_danger": True}).missing == ()


def test_when_nobody_knows_anything_every_question_comes_once_and_then_none() -> None:
    said: dict[str, Any] = {"today": TODAY}
    while missing := assess(said).missing:
        assert not said.keys() & set(missing)
        said |= answers(missing[0], {})
    assert len(said) <= len(ASKED) + len(SAFETY)


@pytest.mark.parametrize("plan", ["medicare_advantage", "medicare_part_d", "original_medicare"])
@pytest.mark.parametrize("status", [None, "not_filed", "pending", "upheld"])
def test_a_medicare_member_is_asked_nothing_about_the_states_plans(plan: str, status: str | None) -> None:
    said = {"today": TODAY, "plan_type": plan} | ({"grievance_status": status} if status else {})
    missing = set(assess(said).missing)
    assert not missing & {
        "product",
        "carrier",
        "regulator",
        "provider_support",
        "denial_reasons",
        "state_hearing",
    }


def test_safety_comes_before_the_route_and_the_route_before_days() -> None:
    groups = [vocabulary()[fact].group for fact in assess({"today": TODAY}).missing]
    assert groups == sorted(groups, key=["safety", "route", "day"].index)


@for_each_case()
def test_what_would_change_the_answer_leads_where_it_says(case: Decided) -> None:
    found = assess(case.facts)
    for change in found.changes_if:
        other = assess({**case.facts, change.fact: change.value}, look_ahead=False)
        assert result_of(other) == (change.route, change.date), change
        assert result_of(other) != result_of(found), change


@for_each_case()
def test_at_most_two_changes_are_told_and_each_of_another_fact(case: Decided) -> None:
    facts = [change.fact for change in assess(case.facts).changes_if]
    assert len(facts) == len(set(facts)) <= 2


# Against trying everything.


def is_settled(fact: str, facts: dict[str, Any]) -> bool:
    """Whether what is known leaves nothing to ask of a fact: an answer to a grievance still pending, a letter
    where nothing was decided, a regulator that the product implies, an urgent grievance of someone for whom
    waiting is not dangerous."""
    if fact.startswith("grievance_decision"):
        return facts.get("grievance_status") == "pending"
    if fact in ("denial_letter_date", "denial_received_date"):
        return facts.get("decision") == "none"
    if fact == "grievance_expedited":
        return facts.get("urgent") is not True
    return fact == "regulator" and facts.get("product") in ("hmo", "pos")


def small_unknown_sets(count: int, most_ways: int) -> list[Any]:
    """Decided cases of which one to three facts were never asked, and the person does not know the rest."""
    chance = Random(20261123)
    found: list[Any] = []
    while len(found) < count:
        case = chance.choice(own_cases())
        unknown = tuple(sorted(chance.sample(ASKED, chance.choice((1, 2, 2, 3)))))
        facts = {**dict.fromkeys(ASKED), **case.facts}
        facts = {name: value for name, value in facts.items() if name not in unknown}
        ways = prod(len(possible(fact, CaseFacts.model_validate(facts).today)) + 1 for fact in unknown)
        contradicts = assess(facts, look_ahead=False).contradictions
        if ways <= most_ways and not contradicts and not any(is_settled(fact, facts) for fact in unknown):
            found.append(pytest.param(facts, unknown, id=f"{' and '.join(unknown)}: {case.name}"))
    return found


@pytest.mark.parametrize(("facts", "unknown"), small_unknown_sets(100, most_ways=200))
def test_something_is_missing_exactly_when_something_can_change(
    facts: dict[str, Any], unknown: tuple[str, ...]
) -> None:
    matters = can_matter(facts, unknown)
    missing = set(assess(facts).missing)
    assert missing <= matters
    assert bool(missing) == bool(matters)


def test_leaving_a_fact_open_is_none_of_its_values() -> None:
    assert not [fact for fact in ASKED if LEFT_OPEN in vocabulary()[fact].values]
