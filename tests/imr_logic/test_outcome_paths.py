"""On which paths the counts of the reviews by the DMHC are told."""

from __future__ import annotations

from typing import Any

import pytest

from imr_logic import assess, outcomes, vocabulary
from tests.imr_logic.counts import case, grade


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "open"),
        ({"urgent": True}, "yes"),
        ({"plan_type": "medicare_advantage"}, "no"),
        ({"plan_type": "original_medicare"}, "no"),
        ({"plan_type": "self_funded_employer"}, "no"),
        ({"plan_type": "federal_employee"}, "no"),
        ({"plan_type": "tricare"}, "no"),
        ({"plan_type": "workers_compensation"}, "no"),
        ({"plan_type": "medi_cal_rx"}, "no"),
        ({"plan_type": "out_of_state"}, "no"),
        ({"plan_type": "self_funded_government"}, "no"),
        ({"plan_type": "calpers_ppo"}, "no"),
        ({"plan_type": "medicare_medi_cal_dual"}, "open"),
        ({"plan_type": "medicare_advantage", "immediate_danger": True}, "no"),
        ({"plan_type": "medicare_advantage", "denial_letter_date": "2030-01-01"}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi"}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi", "immediate_danger": True}, "no"),
        ({"plan_type": "commercial", "immediate_danger": True}, "open"),
        ({"plan_type": "medi_cal_cohs", "carrier": "san_mateo"}, "yes"),
        ({"plan_type": "medi_cal_cohs"}, "no"),
        ({"plan_type": "medi_cal_managed_care", "denial_reasons": ["medical_necessity"]}, "yes"),
        ({"plan_type": "commercial", "regulator": "dmhc", "denial_reasons": ["medical_necessity"]}, "yes"),
        ({"plan_type": "commercial", "regulator": "dmhc", "denial_reasons": ["billing"]}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi", "denial_reasons": ["medical_necessity"]}, "no"),
        (
            {
                "plan_type": "commercial",
                "regulator": "dmhc",
                "denial_reasons": ["medical_necessity"],
                "grievance_status": "upheld",
            },
            "yes",
        ),
    ],
)
def test_only_paths_to_a_review_by_the_dmhc_are_covered(facts: dict[str, Any], expected: str) -> None:
    found = assess(case(**facts))
    assert outcomes.coverage(found.route, found.also, case(**facts)) == expected
    shown = outcomes.say_outcomes(case(**facts), found.route, found.also, outcomes.load_table())
    assert ("%" in shown) == (expected != "no")


def test_a_medicare_member_is_told_that_the_figures_are_not_for_that_path() -> None:
    shown = outcomes.say_not_covered("medicare_appeal")
    assert "Your path is another one: A Medicare appeal." in shown


@pytest.mark.parametrize("plan", ["out_of_state", "self_funded_government"])
def test_a_plan_that_never_goes_to_the_dmhc_is_told_so_though_its_path_has_no_name(plan: str) -> None:
    facts = case(plan_type=plan)
    found = assess(facts)
    shown = outcomes.say_outcomes(facts, found.route, found.also, outcomes.load_table())
    assert "Your kind of plan does not go there." in shown
    assert "One more thing" not in shown
    assert grade(shown) <= 8.9


def test_kinds_of_plans_and_regulators_are_of_the_vocabulary() -> None:
    never = outcomes.about()["never_reviewed"]
    assert set(never["plan_types"]) <= set(vocabulary()["plan_type"].values)
    assert set(never["regulators"]) <= set(vocabulary()["regulator"].values)


def test_an_insurers_appeal_is_named_by_the_review_that_it_leads_to() -> None:
    shown = outcomes.say_not_covered("plan_grievance", ("cdi_imr",))
    assert "Independent Medical Review by the Department of Insurance" in shown
