"""What people are told on the way: each path its own law, nothing that the first step contradicts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import pytest
import textstat
import yaml
from hypothesis import given, settings

from imr_logic import CaseFacts, assess, vocabulary
from imr_logic.guidance import Topic, situation_of, tell
from imr_logic.language import FOLDER, contact_values
from imr_logic.law import load
from tests.imr_logic.decided import Decided, for_each_case
from tests.imr_logic.strategies import any_facts

TOPICS = get_args(Topic)
ALWAYS_TOLD: tuple[Topic, ...] = ("filing", "timeline", "after", "cost", "regulator", "advice")
UPHELD = {"grievance_status": "upheld", "grievance_filed_date": "2026-10-12", "grievance_decision_date": "2026-11-02"}
PENDING = {"grievance_status": "pending", "grievance_filed_date": "2026-11-10"}
HMO = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "care_status": "future",
    "provider_support": "in_plan_recommended",
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
    "immediate_danger": False,
    "urgent": False,
}
CDI = {"product": "ppo", "regulator": "cdi"}
PPO = {"product": "ppo"}
SEVERE = {"denial_reasons": ["experimental"], "condition_severity": "life_threatening"}
COHS = {"plan_type": "medi_cal_cohs"}
MEDI_CAL = {"plan_type": "medi_cal_managed_care"}
ERISA = {"plan_type": "self_funded_employer"}


def facts_of(**changes: Any) -> CaseFacts:
    return CaseFacts.model_validate({**HMO, **changes})


def told(topic: Topic, **changes: Any) -> dict[str, str]:
    """What an ordinary case with some facts changed is told on a topic: sentences by id, in order."""
    facts = facts_of(**changes)
    return {point.id: point.text for point in tell(topic, facts, assess(facts))}


def everything(**changes: Any) -> str:
    """All sentences of all topics with their law, in one line."""
    facts = facts_of(**changes)
    points = [point for topic in TOPICS for point in tell(topic, facts, assess(facts))]
    return " ".join(" ".join((point.text, *point.citations)) for point in points)


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


# Any case.


@settings(max_examples=80)
@given(any_facts())
def test_any_facts_at_all_are_told_something_on_every_topic(facts: dict[str, Any]) -> None:
    case = CaseFacts.model_validate(facts)
    found = assess(case, look_ahead=False)
    for topic in TOPICS:
        points = tell(topic, case, found)
        assert points or topic not in ALWAYS_TOLD
        assert len({point.text for point in points}) == len(points)


@pytest.mark.parametrize("plan", vocabulary()["plan_type"].values)
@pytest.mark.parametrize("status", [{}, PENDING, UPHELD, {"grievance_status": "overturned"}])
@pytest.mark.parametrize(
    "more", [{}, {"urgent": True}, {"denial_reasons": ["billing"]}, {"imr_decision": "overturned"}]
)
@pytest.mark.parametrize("hearing", ["none", "requested", "held"])
def test_every_plan_is_told_something_on_every_topic(
    plan: str, status: dict[str, Any], more: dict[str, Any], hearing: str
) -> None:
    facts = facts_of(**{"plan_type": plan, "state_hearing": hearing, **status, **more})
    found = assess(facts, look_ahead=False)
    assert [topic for topic in ALWAYS_TOLD if not tell(topic, facts, found)] == []


# Data and words.


def sentences() -> dict[str, str]:
    said: dict[str, str] = yaml.safe_load((FOLDER / "guidance.en.yml").read_text(encoding="utf-8"))["points"]
    return said


def listed() -> set[str]:
    law = load("guidance")
    of_families = [names for topic in law["topics"].values() for names in topic.values()]
    return {name for names in (*of_families, *law["instead"].values()) for name in names}


def test_every_point_is_told_somewhere_and_has_words() -> None:
    assert listed() == set(load("guidance")["points"]) == set(sentences())


def test_every_family_is_told_something_on_every_topic() -> None:
    law = load("guidance")
    maps = ("by_rule", "by_route", "by_plan_type", "by_route_at_last")
    families = {family for name in maps for family in law["families"][name].values()} | {"unknown"}
    for topic in set(ALWAYS_TOLD) - {"advice"}:
        assert set(law["topics"][topic]) == families


def test_conditions_name_rules_and_steps_that_exist() -> None:
    law = load("guidance")
    rules = {*law["no_grievance_first"], *law["families"]["by_rule"]}
    assert rules <= set(load("rules"))
    steps = {step for name, route in load("routes").items() if "steps" in route for step in route["steps"]}
    sets = [one for point in law["points"].values() for key in ("when", "unless") for one in as_sets(point.get(key))]
    assert {step for one in sets for step in one.get("first", ())} <= steps | set(STEPS_OF_RULES)


STEPS_OF_RULES = (
    "confirm_in_writing",
    "rehearing_advice",
    "after_a_lost_review",
    "cancellation_now",
    "check_the_dates",
    "after_a_won_review",
    "call_qio",
    "medi_cal_expedited",
)


def as_sets(when: Any) -> list[dict[str, Any]]:
    return when if isinstance(when, list) else [when] if when else []


LEGAL = re.compile(
    r"Independent Medical Review|Evidence of Coverage|Office of Personnel Management|Notice of Action|"
    r"Health Consumer Alliance|Authorized Assistant Form|Department of \w+|State Hearings? ?\w*|expedited|\"[^\"]*\"|"
    r"redetermination|reconsider|experimental|Ombudsman|Evidence|Medicare|Medi-Cal|grievance|\{\w+\}"
)


@pytest.mark.parametrize("name", sorted(sentences()))
def test_every_sentence_can_be_read_in_eighth_grade(name: str) -> None:
    text = LEGAL.sub("it", sentences()[name])
    for one in re.split(r"(?<=[.!?]) ", text):
        if one.count(" ") > 3:
            assert textstat.flesch_kincaid_grade(one) <= 8.9, one
