"""What guidance says of what follows: decisions, days, care that goes on meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from imr_logic import assess
from imr_logic.guidance import tell
from imr_logic.language import contact_values
from tests.imr_logic.told import (
    CDI,
    COHS,
    MEDI_CAL,
    PENDING,
    SEVERE,
    UPHELD,
    everything,
    facts_of,
    told,
)

# What follows a decision.


@pytest.mark.parametrize("status", [{}, PENDING, UPHELD])
@pytest.mark.parametrize("plan", [{}, CDI])
def test_a_complaint_is_promised_no_review(plan: dict[str, Any], status: dict[str, Any]) -> None:
    changes = {**plan, **status, "denial_reasons": ["billing"]}
    said = {**told("after", **changes), **told("cost", **changes)}
    assert not {name for name in said if name.startswith(("won_", "lost_", "cdi_won", "plan_pays"))}
    assert {"complaint_answer", "complaint_answer_cdi"} & set(said)


def test_a_complaint_is_answered_in_writing() -> None:
    facts = facts_of(**UPHELD, denial_reasons=["billing"])
    (point,) = [one for one in tell("after", facts, assess(facts)) if one.id == "complaint_answer"]
    assert "you and the plan in writing" in point.text
    assert point.citations == ("HSC 1368(b)(5)",)


def test_a_review_that_was_won_is_told_what_the_plan_must_do_though_its_route_is_a_complaint() -> None:
    won = {**UPHELD, "imr_decision": "overturned", "imr_decision_date": "2026-11-20"}
    assert {"won_binding", "won_complies", "won_not_followed"} <= set(told("after", **won))
    assert "plan_must_act" in told("timeline", **won)
    assert "upheld_goes_on" not in told("after", **won)


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({}, "upheld_goes_on"),
        (PENDING, "upheld_goes_on"),
        (UPHELD, "upheld_go_on_now"),
        ({**CDI, **PENDING}, "upheld_goes_on_cdi"),
        ({**CDI, **UPHELD}, "upheld_go_on_now_cdi"),
        ({**PENDING, "grievance_filed_date": "2026-10-12"}, "silence_go_on_now"),
        ({**CDI, **PENDING, "grievance_filed_date": "2026-10-12"}, "silence_go_on_now_cdi"),
        ({"urgent": True}, "won_binding"),
        ({**CDI, "urgent": True}, "cdi_won"),
        (SEVERE, "won_binding"),
        ({"imr_decision": "upheld"}, "lost_new_facts"),
    ],
)
def test_what_comes_next_is_said_before_what_comes_last(changes: dict[str, Any], first: str) -> None:
    assert next(iter(told("after", **changes))) == first


# Medi-Cal that cannot wait.


def test_urgent_medi_cal_calls_the_plan_and_the_dmhc() -> None:
    said = told("filing", **MEDI_CAL, urgent=True)
    assert {"medi_cal_urgent_by_phone", "dmhc_urgent_by_phone"} <= set(said)
    assert contact_values()["dmhc_phone"] in said["dmhc_urgent_by_phone"]
    assert "72 hours" in told("timeline", **MEDI_CAL, urgent=True)["medi_cal_plan_answers_urgent"]
    assert "dmhc_urgent_by_phone" not in told("filing", **COHS, urgent=True)


# Care that goes on while the appeal is open.

CUT = {**MEDI_CAL, "care_status": "ongoing", "denial_letter_date": "2026-11-16"}


@pytest.mark.parametrize(
    ("starts", "note"),
    [
        ("2026-12-06", "You can still ask until the change starts on December 6, 2026."),
        ("2026-11-27", "You can still ask until the change starts on November 27, 2026."),
        ("2026-11-26", None),
        ("2026-11-20", None),
        (None, None),
    ],
)
def test_a_change_that_starts_after_the_ten_days_is_named_beside_the_date(
    starts: str | None, note: str | None
) -> None:
    found = assess(facts_of(**CUT, change_effective_date=starts))
    (due,) = [one for one in found.deadlines if one.code == "aid_paid_pending"]
    assert due.date == date(2026, 11, 25)
    assert due.note == note


def test_a_change_that_has_started_leaves_nothing_to_ask_until() -> None:
    found = assess(facts_of(**CUT, today="2026-12-07", change_effective_date="2026-12-06"))
    assert [one.note for one in found.deadlines if one.code == "aid_paid_pending"] == [None]


# Medicare.


def test_who_has_medicare_and_medi_cal_is_told_that_it_depends() -> None:
    said = everything(plan_type="medicare_medi_cal_dual")
    assert "The state's agencies do not review it" not in said
    assert "the program that said no decides" in said
    assert "may go to the state's review" in said


@pytest.mark.parametrize(("urgent", "period"), [(False, "7 calendar days"), (True, "72 hours")])
def test_a_drug_plan_answers_faster(urgent: bool, period: str) -> None:
    facts = facts_of(plan_type="medicare_part_d", urgent=urgent)
    first = tell("timeline", facts, assess(facts))[0]
    assert period in first.text
    assert first.citations == ("42 CFR 423.590",)
    assert first.confidence == "medium"


# The faster review of an experimental denial.


@pytest.mark.parametrize(
    ("changes", "period"),
    [
        (SEVERE, "30 calendar days"),
        ({**SEVERE, "urgent": True}, "7 calendar days"),
        ({**SEVERE, "prompt_treatment_needed": True}, "7 calendar days"),
        ({"urgent": True}, "3 calendar days"),
        ({**SEVERE, "condition_severity": "other", "urgent": True}, "3 calendar days"),
        ({**SEVERE, **CDI, "urgent": True}, "7 calendar days"),
    ],
)
def test_the_doctors_decide_within(changes: dict[str, Any], period: str) -> None:
    (decides,) = [text for text in told("timeline", **changes).values() if text.startswith("The doctors decide")]
    assert period in decides
