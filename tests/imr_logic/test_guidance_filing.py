"""How to file never contradicts the first step."""

from __future__ import annotations

from typing import Any

import pytest

from imr_logic import CaseFacts, assess
from imr_logic.guidance import Topic, tell
from tests.imr_logic.decided import Decided, for_each_case
from tests.imr_logic.told import (
    CDI,
    COHS,
    ERISA,
    MEDI_CAL,
    PENDING,
    PPO,
    SEVERE,
    UPHELD,
    told,
)

# How to file never contradicts the first step.


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        ({}, {"plan_by_phone_or_writing", "on_to_the_dmhc"}, {"dmhc_urgent_by_phone"}),
        (PENDING, {"on_to_the_dmhc", "dmhc_online"}, {"plan_by_phone_or_writing"}),
        (UPHELD, {"dmhc_online"}, {"on_to_the_dmhc", "plan_by_phone_or_writing"}),
        ({"urgent": True}, {"plan_urgent_by_phone", "dmhc_urgent_by_phone"}, {"plan_by_phone_or_writing"}),
        (SEVERE, {"dmhc_online"}, {"plan_by_phone_or_writing", "on_to_the_dmhc"}),
        ({**SEVERE, "urgent": True}, {"dmhc_urgent_by_phone"}, {"plan_urgent_by_phone"}),
        ({**SEVERE, **CDI}, {"cdi_online"}, {"insurer_in_writing"}),
        ({**CDI, "urgent": True}, {"cdi_urgent_by_phone"}, {"insurer_in_writing"}),
        (CDI, {"insurer_in_writing"}, {"cdi_urgent_by_phone"}),
        (
            {"denial_reasons": ["cancellation"]},
            {"cancellation_straight", "dmhc_online"},
            {"plan_by_phone_or_writing", "on_to_the_dmhc"},
        ),
        (ERISA, {"self_funded_in_writing", "self_funded_fast"}, {"self_funded_external_now"}),
        ({**ERISA, **UPHELD}, {"self_funded_external_now"}, {"self_funded_in_writing", "self_funded_fast"}),
        ({"plan_type": "federal_employee"}, {"fehb_in_writing"}, {"fehb_opm_now"}),
        ({"plan_type": "federal_employee", **UPHELD}, {"fehb_opm_now"}, {"fehb_in_writing"}),
        (COHS, {"medi_cal_by_phone_or_writing", "hearing_after_the_plan"}, {"hearing_by_phone"}),
        ({**COHS, **UPHELD}, {"hearing_by_phone", "hearing_mail"}, {"medi_cal_by_phone_or_writing"}),
        ({**COHS, **PENDING}, {"hearing_after_the_plan"}, {"medi_cal_by_phone_or_writing", "hearing_by_phone"}),
        ({**COHS, "state_hearing": "requested"}, {"hearing_is_asked"}, {"hearing_by_phone"}),
        ({**MEDI_CAL, "state_hearing": "requested"}, {"hearing_is_asked"}, {"medi_cal_by_phone_or_writing"}),
        ({"plan_type": "medi_cal_rx", "state_hearing": "requested"}, {"hearing_is_asked"}, {"hearing_by_phone"}),
        ({"plan_type": "medicare_advantage"}, {"medicare_in_writing"}, {"medicare_qio_call"}),
        (
            {"plan_type": "medicare_advantage", "care_end_date": "2026-11-26"},
            {"medicare_qio_call"},
            {"medicare_in_writing"},
        ),
        ({**PPO, **UPHELD}, {"regulator_where_to_look"}, {"unknown_start_with_plan"}),
        ({"urgent": True, "denial_letter_date": "2030-01-01"}, {"dmhc_by_phone"}, {"dmhc_online"}),
    ],
)
def test_how_to_file_begins_where_the_first_step_is(
    changes: dict[str, Any], there: set[str], absent: set[str]
) -> None:
    said = set(told("filing", **changes))
    assert there <= said
    assert not absent & said


@pytest.mark.parametrize(
    ("changes", "only"),
    [
        ({"grievance_status": "overturned"}, "overturned_in_writing"),
        ({**ERISA, "grievance_status": "overturned"}, "overturned_in_writing"),
        ({**MEDI_CAL, "state_hearing": "held"}, "hearing_was_held"),
        ({"plan_type": "medi_cal_rx", "state_hearing": "held"}, "hearing_was_held"),
        ({"imr_decision": "upheld"}, "lost_file_again"),
        ({**ERISA, "imr_decision": "overturned"}, "won_see_to_it"),
    ],
)
@pytest.mark.parametrize("topic", ["filing", "timeline"])
def test_where_nothing_is_to_be_filed_only_that_is_said(topic: Topic, changes: dict[str, Any], only: str) -> None:
    assert list(told(topic, **changes)) == [only]


# A point of the first kind has no place beside a first step of the second.
CONTRADICTS = {
    "plan_by_phone_or_writing": {"cancellation_now", "imr_form_experimental", "imr_form", "say_prompt_treatment"},
    "insurer_in_writing": {"cdi_urgent_today", "cdi_imr_request", "cdi_complaint_form", "say_prompt_treatment"},
    "self_funded_in_writing": {"external_review_now"},
    "fehb_in_writing": {"opm_now"},
    "medi_cal_by_phone_or_writing": {"ask_state_hearing", "keep_the_hearing", "rehearing_advice", "wait_and_prepare"},
    "medicare_in_writing": {"call_qio"},
    "hearing_by_phone": {"medi_cal_appeal", "ask_aid_paid_pending", "keep_the_hearing", "prepare_the_hearing"},
}


@for_each_case()
def test_no_decided_case_is_told_to_file_what_its_first_step_does_not_ask_for(case: Decided) -> None:
    facts = CaseFacts.model_validate(case.facts)
    found = assess(facts, look_ahead=False)
    wrong = {point for point, steps in CONTRADICTS.items() if found.steps[0].id in steps}
    assert not wrong & {point.id for point in tell("filing", facts, found)}
