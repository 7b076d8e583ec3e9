"""What holds for every case, not only for the decided ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from imr_logic import Assessment, CaseFacts, Deadline, Span, assess
from imr_logic.calendar import is_working_day
from imr_logic.language import words
from imr_logic.law import load
from tests.imr_logic.strategies import CONTRADICTIONS, DAY, Facts, any_facts, stories, todays, undecided


def answer(facts: Facts) -> Assessment:
    return assess(facts, look_ahead=False)


def dated(found: Assessment, kind: str) -> list[Deadline]:
    return [due for due in found.deadlines if due.kind == kind and due.date]


@given(any_facts())
@settings(max_examples=100)
def test_any_subset_of_facts_is_answered(facts: Facts) -> None:
    assert answer(facts).route in load("routes")


@given(any_facts())
@settings(max_examples=20)
def test_looking_ahead_takes_any_subset_of_facts_and_changes_no_answer(facts: Facts) -> None:
    assert assess(facts).model_copy(update={"missing": (), "changes_if": ()}) == answer(facts)


@given(any_facts(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_same_facts_in_any_order_give_the_same_answer(facts: Facts, chance: Any) -> None:
    names = list(facts)
    chance.shuffle(names)
    assert answer({name: facts[name] for name in names}) == answer(facts)


@given(any_facts())
@settings(max_examples=40)
def test_facts_survive_being_written_down_and_read_again(facts: Facts) -> None:
    read = CaseFacts.model_validate(facts)
    assert answer(read.as_plain()) == answer(facts)


@given(any_facts())
@settings(max_examples=40)
def test_danger_always_wins(facts: Facts) -> None:
    assert answer({**facts, "immediate_danger": True}).route == "emergency"


@given(any_facts())
@settings(max_examples=60)
def test_late_is_never_closed(facts: Facts) -> None:
    found = answer(facts)
    steps = {step.id for step in found.steps}
    assert found.route != "late_filing_consultation" or {"apply_anyway", "say_why_late"} <= steps


@given(stories())
@settings(max_examples=60)
def test_a_late_answer_names_the_road_that_is_late(facts: Facts) -> None:
    found = answer(facts)
    assert found.route != "late_filing_consultation" or set(found.also) - {"consultation"}


ELSEWHERE = (
    "medicare_advantage",
    "medicare_part_d",
    "original_medicare",
    "federal_employee",
    "tricare",
    "self_funded_employer",
    "self_funded_government",
    "workers_compensation",
    "calpers_ppo",
    "out_of_state",
    "sharing_ministry",
    "uninsured",
    "medi_cal_fee_for_service",
    "medi_cal_rx",
    "medi_cal_county_mental_health",
)


@given(stories(), st.sampled_from(ELSEWHERE))
@settings(max_examples=80)
def test_nobody_is_sent_to_a_regulator_that_has_no_say(facts: Facts, plan_type: str) -> None:
    found = answer({**facts, "plan_type": plan_type})
    assert not [route for route in (found.route, *found.also) if route.startswith(("dmhc_", "cdi_"))]


# Dates.


def first_day_to_act(due: Deadline, facts: Facts) -> date:
    """The event: what the period is counted from, or for a date counted backwards the notice before it."""
    assert due.start
    assert due.date
    if due.start <= due.date:
        return due.start
    return facts.get("denial_letter_date") or min(facts["today"], due.date)


def days_between(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


@given(stories())
@settings(max_examples=100)
def test_file_by_is_a_working_day_unless_its_whole_window_has_none(facts: Facts) -> None:
    for due in dated(answer(facts), "file_by"):
        assert due.date is not None
        working = [
            day for day in days_between(first_day_to_act(due, facts), due.date) if is_working_day(day, "broad")
        ]
        assert is_working_day(due.date, "broad") or not working, due.code


@given(stories())
@settings(max_examples=60)
def test_file_by_is_never_before_the_event(facts: Facts) -> None:
    for due in dated(answer(facts), "file_by"):
        assert due.date is not None
        assert first_day_to_act(due, facts) <= due.date, due.code


@given(stories())
@settings(max_examples=100)
def test_file_by_is_never_after_the_legal_last_day_of_the_same_code(facts: Facts) -> None:
    found = answer(facts)
    last_days = {due.code: due.date for due in dated(found, "legal_last_day")}
    for due in dated(found, "file_by"):
        assert due.code not in last_days or due.date <= last_days[due.code], due.code  # type: ignore[operator]


@given(stories())
@settings(max_examples=50)
def test_every_code_and_kind_comes_once(facts: Facts) -> None:
    codes = [(due.code, due.kind) for due in answer(facts).deadlines]
    assert len(codes) == len(set(codes))


COMMON = {
    "immediate_danger": False,
    "urgent": False,
    "denial_reasons": ["medical_necessity"],
    "care_status": "future",
}
DMHC = {**COMMON, "plan_type": "commercial", "product": "hmo", "regulator": "dmhc"}
CDI = {**DMHC, "product": "ppo", "regulator": "cdi"}
LOST = {"grievance_status": "upheld"}
OPEN = {"grievance_status": "not_filed"}
LETTER = "denial_letter_date"
DECISION = "grievance_decision_date"


def programme(plan_type: str, **facts: Any) -> Facts:
    return {**COMMON, "plan_type": plan_type, **facts}


# Each code, facts under which it is given, and the day that it is counted from.
COUNTED_FROM: list[tuple[str, Facts, str]] = [
    ("plan_grievance", {**DMHC, **OPEN}, LETTER),
    ("plan_grievance", {**DMHC, **OPEN}, "denial_received_date"),
    ("plan_grievance_decision", {**DMHC, "grievance_status": "pending"}, "grievance_filed_date"),
    ("regulator_eligible", {**DMHC, "grievance_status": "pending"}, "grievance_filed_date"),
    ("imr_application", {**DMHC, "grievance_status": "pending"}, "grievance_filed_date"),
    ("imr_application", {**DMHC, **LOST}, DECISION),
    ("imr_application", {**DMHC, **LOST}, "grievance_decision_received_date"),
    ("imr_application", {**CDI, **LOST}, DECISION),
    ("dmhc_complaint", {**DMHC, **LOST, "denial_reasons": ["benefit_exclusion"]}, DECISION),
    ("cancellation_complaint", {**DMHC, **OPEN, "denial_reasons": ["cancellation"]}, LETTER),
    ("insurer_internal_appeal", {**CDI, **OPEN}, LETTER),
    ("medi_cal_plan_appeal", programme("medi_cal_managed_care", **OPEN), LETTER),
    (
        "aid_paid_pending",
        programme("medi_cal_managed_care", **OPEN, change_effective_date=None) | {"care_status": "ongoing"},
        LETTER,
    ),
    ("state_hearing", programme("medi_cal_rx", **OPEN), LETTER),
    ("state_hearing", programme("medi_cal_cohs", **LOST), DECISION),
    ("medicare_plan_appeal", programme("medicare_advantage", **OPEN), LETTER),
    ("medicare_redetermination", programme("original_medicare", **OPEN), LETTER),
    ("qio_fast_appeal", programme("medicare_advantage", **OPEN), "care_end_date"),
    ("erisa_internal_appeal", programme("self_funded_employer", **OPEN), LETTER),
    ("federal_external_review", programme("self_funded_employer", **LOST), DECISION),
    ("fehb_reconsideration", programme("federal_employee", **OPEN), LETTER),
    ("opm_review", programme("federal_employee", **LOST), DECISION),
    ("tricare_reconsideration", programme("tricare", **OPEN), LETTER),
    (
        "tricare_expedited_reconsideration",
        programme("tricare", **OPEN) | {"urgent": True},
        "denial_received_date",
    ),
    ("dwc_imr_form", programme("workers_compensation", **OPEN), LETTER),
    ("plan_compliance", {**DMHC, **LOST, "imr_decision": "overturned"}, "imr_decision_received_date"),
]


def dates_of_code(facts: Facts, code: str) -> dict[str, date]:
    return {due.kind: due.date for due in answer(facts).deadlines if due.code == code and due.date}


@pytest.mark.parametrize(
    ("code", "facts", "fact"), COUNTED_FROM, ids=lambda value: value if isinstance(value, str) else ""
)
@given(today=todays, ago=st.integers(0, 12), later=st.integers(0, 12))
@settings(max_examples=12)
@example(today=date(2025, 1, 3), ago=4, later=2)
@example(today=date(2026, 12, 1), ago=6, later=1)
def test_a_later_day_never_gives_an_earlier_date(
    code: str, facts: Facts, fact: str, today: date, ago: int, later: int
) -> None:
    first = today - DAY * ago
    second = min(first + DAY * later, today)
    early = dates_of_code({**facts, "today": today, fact: first}, code)
    late = dates_of_code({**facts, "today": today, fact: second}, code)
    assert early
    assert early.keys() == late.keys()
    assert all(early[kind] <= late[kind] for kind in early)


def test_every_dated_code_is_asked_for_later_days() -> None:
    dated_codes = {code for code, kinds in words()["deadlines"].items() if set(kinds) - {"confirm_on_letter"}}
    assert {code for code, _, _ in COUNTED_FROM} == dated_codes


DAYS = (
    "denial_letter_date",
    "denial_received_date",
    "grievance_filed_date",
    DECISION,
    "grievance_decision_received_date",
)


@given(stories(), st.sampled_from(DAYS), st.integers(1, 12))
@settings(max_examples=60)
def test_an_interval_gives_the_earliest_date_over_its_days(facts: Facts, fact: str, length: int) -> None:
    assume(fact in facts)
    first = facts[fact]
    whole = answer({**facts, fact: Span(first, first + DAY * length)})
    single = [answer({**facts, fact: first + DAY * n}) for n in range(length + 1)]
    possible = [one for one in single if not one.contradictions]
    for due in whole.deadlines:
        same = [d.date for one in possible for d in one.deadlines if (d.code, d.kind) == (due.code, due.kind)]
        dates = [day for day in same if day]
        assert not dates or due.date == min(dates), due.code


# Days that cannot all be true.


@pytest.mark.parametrize("kind", CONTRADICTIONS)
@given(facts=stories(), days=st.integers(1, 60))
@settings(max_examples=12)
def test_days_that_contradict_are_asked_again(kind: str, facts: Facts, days: int) -> None:
    found = answer(CONTRADICTIONS[kind](undecided(facts), days))
    assert found.route == "more_information"
    assert found.contradictions
    assert not found.deadlines


@given(stories())
@settings(max_examples=60)
def test_a_story_whose_days_fit_holds_no_contradiction(facts: Facts) -> None:
    assert not answer(facts).contradictions
