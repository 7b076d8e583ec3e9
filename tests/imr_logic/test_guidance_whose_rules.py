"""Guidance speaks by the rules that hold for the plan: Medi-Cal, public employers, whoever regulates."""

from __future__ import annotations

import re
from typing import Any

import pytest

from imr_logic import assess
from imr_logic.guidance import situation_of, tell
from imr_logic.language import contact_values
from tests.imr_logic.told import (
    CDI,
    MEDI_CAL,
    PPO,
    UPHELD,
    everything,
    facts_of,
    told,
)

# Medi-Cal without a plan.


@pytest.mark.parametrize("plan", ["medi_cal_fee_for_service", "medi_cal_rx"])
@pytest.mark.parametrize("hearing", ["none", "requested"])
def test_medi_cal_without_a_plan_is_told_of_the_hearing_alone(plan: str, hearing: str) -> None:
    said = everything(plan_type=plan, state_hearing=hearing)
    assert "State Hearing" in said
    assert not re.search(r"120|[Tt]he plan (answers|says)|your plan|Ombudsman", said)


@pytest.mark.parametrize("plan", ["medi_cal_fee_for_service", "medi_cal_rx"])
def test_medi_cal_without_a_plan_has_ninety_days_from_the_notice(plan: str) -> None:
    facts = facts_of(plan_type=plan)
    (point,) = [one for one in tell("filing", facts, assess(facts)) if one.id == "hearing_days"]
    assert "90 calendar days from the notice" in point.text
    assert point.citations == ("WIC 10951(a)",)


@pytest.mark.parametrize("plan", ["medi_cal_county_mental_health", "medi_cal_cohs", "medi_cal_managed_care"])
def test_medi_cal_plans_stay_with_the_plans_own_appeal(plan: str) -> None:
    assert "medi_cal_by_phone_or_writing" in told("filing", plan_type=plan)
    assert "120 calendar days" in told("after", plan_type=plan)["medi_cal_plan_said_no"]


# Who regulates.


@pytest.mark.parametrize(
    ("changes", "family", "regulated"),
    [
        ({}, "dmhc", "dmhc"),
        (CDI, "cdi", "cdi"),
        (PPO, "unknown", "unknown"),
        ({**CDI, "immediate_danger": True}, "cdi", "cdi"),
        ({**CDI, "imr_decision": "upheld"}, "cdi", "cdi"),
        ({**CDI, "grievance_status": "overturned"}, "cdi", "cdi"),
        ({**PPO, "imr_decision": "upheld"}, "unknown", "unknown"),
        ({**PPO, "grievance_status": "overturned"}, "unknown", "unknown"),
        ({**PPO, "immediate_danger": True}, "unknown", "unknown"),
        ({**PPO, "urgent": True}, "dmhc", "unknown"),
        ({**PPO, "urgent": True, **UPHELD}, "dmhc", "unknown"),
        ({**PPO, "denial_reasons": ["cancellation"]}, "dmhc", "unknown"),
        ({"plan_type": None, "urgent": True}, "dmhc", "unknown"),
        ({"plan_type": "medicare_advantage", "immediate_danger": True}, "medicare_plan", "medicare_plan"),
        ({"plan_type": "calpers_hmo"}, "dmhc", "dmhc"),
        ({**MEDI_CAL, **UPHELD}, "dmhc", "medi_cal"),
        ({**MEDI_CAL, "urgent": True}, "medi_cal", "medi_cal"),
        ({"plan_type": "medi_cal_rx", "state_hearing": "held"}, "medi_cal_direct", "medi_cal_direct"),
        ({"denial_letter_date": "2026-03-01"}, "dmhc", "dmhc"),
    ],
)
def test_a_path_is_of_the_route_and_a_regulator_of_what_was_told(
    changes: dict[str, Any], family: str, regulated: str
) -> None:
    facts = facts_of(**changes)
    here = situation_of(facts, assess(facts))
    assert (here.family, here.regulated) == (family, regulated)


@pytest.mark.parametrize(
    "changes", [{"urgent": True}, {"denial_reasons": ["cancellation"]}, {"imr_decision": "upheld"}]
)
def test_a_regulator_that_nobody_told_is_never_stated(changes: dict[str, Any]) -> None:
    said = told("regulator", **PPO, **changes)
    assert "regulated_by_dmhc" not in said
    assert "regulator_two_agencies" in said


def test_who_cannot_wait_goes_to_the_dmhc_though_nobody_knows_the_regulator() -> None:
    assert contact_values()["dmhc_phone"] in told("filing", **PPO, urgent=True)["dmhc_urgent_by_phone"]


# A public employer's own plan.


@pytest.mark.parametrize("changes", [{}, UPHELD, {"urgent": True}, {"care_status": "received"}])
def test_a_public_employers_plan_is_not_under_the_federal_law_of_private_ones(changes: dict[str, Any]) -> None:
    said = everything(plan_type="self_funded_government", **changes)
    assert "45 CFR 147.136(d)" in said
    assert not re.search(r"29 (USC|CFR)|Department of Labor|[Ff]our|calendar months", said)
    assert contact_values()["ebsa_phone"] not in said


def test_a_public_employers_plan_is_not_sent_to_the_department_of_labor() -> None:
    assert "ebsa" not in {one.id for one in assess(facts_of(plan_type="self_funded_government")).contacts}
