"""What an answer says to do first, where that is not simply the first step of its route."""

from __future__ import annotations

from typing import Any

import pytest

from imr_logic import assess

EXPERIMENTAL: dict[str, Any] = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["experimental"],
    "condition_severity": "life_threatening",
    "care_status": "future",
    "immediate_danger": False,
    "urgent": False,
    "denial_letter_date": "2026-11-18",
    "grievance_status": "not_filed",
    "provider_support": "in_plan_recommended",
}


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({}, "imr_form_experimental"),
        ({"urgent": True}, "call_dmhc_today"),
        ({"doctor_certifies_urgency": True}, "call_dmhc_today"),
        ({"urgent": True, "product": "ppo", "regulator": "cdi"}, "cdi_urgent_today"),
        ({"urgent": True, "care_status": "received"}, "say_prompt_treatment"),
        ({"prompt_treatment_needed": True}, "say_prompt_treatment"),
    ],
)
def test_an_urgent_experimental_denial_begins_with_a_call_today(facts: dict[str, Any], first: str) -> None:
    assert assess({**EXPERIMENTAL, **facts}).steps[0].id == first
