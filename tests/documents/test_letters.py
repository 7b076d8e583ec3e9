"""The drafts: what is known is filled in, the rest is left blank, each plan is asked by its own law."""

from __future__ import annotations

import re
from typing import Any

import pytest

from documents import make, papers_for
from documents.choosing import letter_to_plan, letters, statement
from documents.wording import words
from imr_logic import CaseFacts, assess, vocabulary
from imr_logic.language import words as law_words
from imr_logic.law import load, rule
from tests.documents.cases import ANSWERED, NOW, PAST_THE_CAREFUL_DATE, case, paper, plain
from tests.imr_logic.decided import Decided, for_each_case

CDI = {"regulator": "cdi", "product": "ppo", "carrier": "anthem"}


def to_plan(**changes: Any) -> str:
    return plain(paper("letter_to_plan_text", **changes))


def to_agency(**changes: Any) -> str:
    return plain(paper("statement_text", **changes))


@pytest.mark.parametrize(
    ("changes", "variant"),
    [
        ({}, "grievance"),
        ({"urgent": True}, "expedited_grievance"),
        ({"urgent": True, "care_status": "received"}, "grievance"),
        (CDI, "insurer_appeal"),
        ({**CDI, "urgent": True}, "insurer_appeal"),
        ({"plan_type": "medi_cal_managed_care"}, "medi_cal_appeal"),
        ({"plan_type": "medi_cal_cohs"}, "medi_cal_appeal"),
        ({"plan_type": "medi_cal_fee_for_service"}, None),
        ({"plan_type": "medi_cal_managed_care", "state_hearing": "requested"}, None),
        ({"plan_type": "medicare_advantage"}, "medicare_appeal"),
        ({"plan_type": "original_medicare"}, "medicare_redetermination"),
        ({"plan_type": "self_funded_employer"}, "erisa_appeal"),
        ({"plan_type": "federal_employee"}, "fehb_reconsideration"),
        ({"plan_type": "tricare"}, "tricare_reconsideration"),
        ({"plan_type": "workers_compensation"}, None),
        ({"grievance_status": "pending", "grievance_filed_date": "2026-11-10"}, None),
        (ANSWERED, None),
        ({"denial_reasons": ["unknown"]}, "grievance"),
        ({"denial_letter_date": "2026-03-01"}, "grievance"),
    ],
)
def test_the_letter_to_the_plan_is_the_next_step_at_the_plan(changes: dict[str, Any], variant: str | None) -> None:
    assert letter_to_plan(*case(**changes)) == variant


@pytest.mark.parametrize(
    ("changes", "variant"),
    [
        ({}, None),
        (ANSWERED, "imr"),
        ({**ANSWERED, "denial_reasons": ["benefit_exclusion"]}, "complaint"),
        ({"grievance_status": "pending", "grievance_filed_date": "2026-11-10"}, "imr"),
        ({"urgent": True}, "imr_expedited"),
        ({"denial_reasons": ["experimental"], "condition_severity": "life_threatening"}, "imr_experimental"),
        ({"denial_reasons": ["cancellation"]}, "cancellation_complaint"),
        ({**ANSWERED, "imr_decision": "overturned"}, "compliance_complaint"),
        ({**CDI, **ANSWERED}, "cdi_imr"),
        ({**CDI, **ANSWERED, "denial_reasons": ["billing"]}, "cdi_complaint"),
        ({"plan_type": "medi_cal_rx"}, "state_hearing"),
        ({"plan_type": "medi_cal_rx", "state_hearing": "requested"}, None),
        ({"plan_type": "medi_cal_cohs", **ANSWERED}, "state_hearing"),
        ({"plan_type": "self_funded_employer", **ANSWERED}, "external_review"),
        ({"plan_type": "federal_employee", **ANSWERED}, "opm_review"),
        ({"plan_type": "unknown", **ANSWERED}, None),
    ],
)
def test_the_statement_is_for_the_agency_whose_turn_it_is(changes: dict[str, Any], variant: str | None) -> None:
    assert statement(*case(**changes)) == variant


# What is known and what is not.


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "You said no to a scan. Your letter is dated October 5, 2026."),
        ({"decision": "modified"}, "You approved less than my doctor asked for."),
        ({"decision": "retroactive"}, "You approved a scan and took that back later."),
        (
            {"decision": "none", "request_date": "2026-10-01"},
            "You have not decided yet on a scan. My doctor asked on",
        ),
        ({"denial_received_date": "2026-10-09"}, "It came on October 9, 2026."),
        ({"denial_letter_date": None}, "Your letter is dated [date of the letter]."),
        ({"carrier": None}, "[name of your plan]"),
        ({"denial_reasons": ["unknown"]}, "The reason given is: [copy it from the letter]."),
        ({"service_category": "other"}, "You said no to care."),
        ({"provider_support": "out_of_network_recommended"}, "A doctor outside the plan recommends this care"),
        ({"care_status": "received"}, "Pay for the care that I was given."),
        ({"care_status": "ongoing"}, "Do not stop care that I now get"),
        ({"urgent": True}, "decide within 3 days or sooner. (HSC 1368.01(b))"),
        ({"denial_letter_date": "2026-03-01"}, "Please give me more time."),
        ({"denial_reasons": ["balance_billing"], "care_status": "received"}, "Look at the bill again"),
    ],
)
def test_a_letter_says_what_is_known_and_leaves_the_rest_blank(changes: dict[str, Any], line: str) -> None:
    assert line in to_plan(**changes)


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        ({}, "Approve the care that my doctor asked for.", "the care that was refused"),
        ({"provider_support": "seen_in_plan"}, "Approve the care that was refused.", "my doctor asked"),
        ({"provider_support": None}, "Approve the care that was refused.", "my doctor asked"),
        ({"provider_support": "none", "decision": "modified"}, "You approved less than was asked for.", "my doctor"),
        ({"provider_support": None, "decision": "none"}, "Approve the care that was asked for.", "My doctor asked"),
    ],
)
def test_a_doctor_is_said_to_have_asked_only_where_one_is_known_to(
    changes: dict[str, Any], there: str, absent: str
) -> None:
    said = to_plan(**changes)
    assert there in said
    assert absent not in said


def test_an_agency_is_not_told_either_that_a_doctor_asked() -> None:
    assert "Have the plan approve the care that was refused." in to_agency(
        **ANSWERED, provider_support="seen_in_plan"
    )


@pytest.mark.parametrize(
    ("reasons", "asked"),
    [
        (["medical_necessity"], True),
        (["unknown"], True),
        (["benefit_exclusion", "medical_necessity"], True),
        (["benefit_exclusion"], False),
        (["billing"], False),
        (["timely_access"], False),
        (["delay"], False),
    ],
)
@pytest.mark.parametrize("plan", [{}, CDI, {"plan_type": "medicare_advantage"}])
def test_the_rule_and_the_decider_are_asked_for_where_a_medical_judgement_was_made(
    plan: dict[str, Any], reasons: list[str], asked: bool
) -> None:
    said = to_plan(**plan, denial_reasons=reasons)
    assert ("Send me the exact rule or standard" in said) is asked
    assert asked or "license and field" not in said
    assert asked or "HSC 1367.01(k)" not in said


@pytest.mark.parametrize("plan", ["medi_cal_fee_for_service", "medi_cal_rx"])
@pytest.mark.parametrize(
    ("status", "ask"),
    [
        ("future", "have Medi-Cal approve the care that my doctor asked for."),
        ("ongoing", "have Medi-Cal approve the care so that it can go on."),
        ("received", "have Medi-Cal pay for the care that I was given."),
        (None, "have Medi-Cal approve the care, or pay for it if I have had it."),
    ],
)
def test_who_has_no_plan_asks_the_hearing_of_medi_cal_itself(plan: str, status: str | None, ask: str) -> None:
    said = to_agency(plan_type=plan, care_status=status)
    assert f"Hear my case and {ask}" in said
    assert "Medi-Cal said no to a scan." in said
    assert not re.search(r"[Mm]y plan|the plan\b(?!'s or agency)|Kaiser", said.split("Law:")[0])


def test_who_has_a_plan_asks_the_hearing_to_have_the_plan_pay() -> None:
    said = to_agency(plan_type="medi_cal_cohs", care_status="received", **ANSWERED)
    assert "have the plan pay for the care that I was given." in said


LATE = {"denial_letter_date": "2026-03-01"}


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({}, None),
        ({"denial_received_date": "2026-03-09"}, "March 9, 2026"),
        ({"denial_received_date": {"earliest": "2026-03-02", "latest": "2026-03-09"}}, None),
    ],
)
def test_a_late_draft_says_when_the_letter_came_and_leaves_the_reason_to_the_person(
    changes: dict[str, Any], reached: str | None
) -> None:
    said = to_plan(**LATE, **changes)
    assert ("The letter reached me on" in said) is (reached is not None)
    assert f"The letter reached me on {reached}. The reason is: [illness" in said or reached is None
    assert "The reason is: [illness, a letter that came late, other]" in said


def test_a_late_statement_says_when_the_answer_to_the_grievance_came() -> None:
    answered = {
        "denial_letter_date": "2026-01-05",
        "denial_received_date": "2026-01-09",
        "grievance_status": "upheld",
        "grievance_filed_date": "2026-01-12",
        "grievance_decision_date": "2026-02-02",
        "grievance_decision_received_date": "2026-02-06",
    }
    assert "The letter reached me on February 6, 2026." in to_agency(**answered)


def test_who_may_still_be_in_time_does_not_write_that_the_time_is_over() -> None:
    said = to_agency(**PAST_THE_CAREFUL_DATE)
    assert "I count my time as still running. If you count it otherwise, please accept this all the same." in said
    assert "I know that the usual date may have passed" not in said
    assert "Accept this although it may be late" in said


def test_a_doctor_who_left_the_plan_is_told_beside_the_decision_and_the_reason() -> None:
    said = to_plan(denial_reasons=["continuity_of_care"])
    assert "You said no to a scan. Your letter is dated October 5, 2026." in said
    assert "My doctor or hospital left the plan while I was in treatment: [name, day]." in said
    assert "The reason given is: " in said
    assert "Approve the care" in said


def test_a_day_that_is_only_roughly_known_is_left_blank() -> None:
    vague = {"earliest": "2026-10-01", "latest": "2026-10-09"}
    assert "[date of the letter]" in to_plan(denial_letter_date=vague)


def test_the_plan_is_asked_for_its_rule_and_for_who_decided() -> None:
    said = to_plan()
    assert "Send me the exact rule or standard that was used" in said
    assert "name, license and field of the person who decided" in said
    assert "A licensed person has to decide" in said
    assert "(HSC 1367.01(h)(4), HSC 1367.01(k))" in said


@pytest.mark.parametrize("plan", ["self_funded_employer", "medicare_advantage", "federal_employee", "tricare"])
def test_california_law_is_not_held_against_a_plan_that_it_does_not_reach(plan: str) -> None:
    said = to_plan(plan_type=plan)
    assert "HSC" not in said
    assert "A licensed person has to decide" not in said


def test_a_medi_cal_member_whose_care_is_cut_asks_for_it_to_go_on() -> None:
    cut = {"plan_type": "medi_cal_managed_care", "care_status": "ongoing", "denial_letter_date": "2026-11-16"}
    said = to_plan(**cut, change_effective_date="2026-12-01")
    assert "Let my care go on while this appeal is open. (42 CFR 438.420)" in said
    assert "Let my care go on" not in to_plan(plan_type="medi_cal_managed_care")


def test_the_statement_tells_of_the_grievance_and_its_answer() -> None:
    said = to_agency(**ANSWERED)
    assert "I filed a grievance on October 12, 2026. The answer was no, by letter of November 2, 2026." in said
    assert "My plan is Kaiser (HMO)." in said


def test_what_came_before_an_outside_review_is_called_an_appeal() -> None:
    said = to_agency(plan_type="self_funded_employer", **ANSWERED)
    assert "I appealed to the plan on October 12, 2026. The answer was no, by letter of November 2, 2026." in said
    assert "grievance" not in said.replace("Grievances and appeals", "")


def test_that_no_grievance_came_first_is_said_where_the_law_asks_for_none() -> None:
    said = to_agency(denial_reasons=["experimental"], condition_severity="life_threatening")
    assert "the law does not ask for one here" in said


@pytest.mark.parametrize(("agency", "changes"), [("dmhc", ANSWERED), ("cdi", {**CDI, **ANSWERED})])
def test_the_statement_goes_to_the_address_of_the_law_files(agency: str, changes: dict[str, Any]) -> None:
    contact = load("contacts")[agency]
    said = to_agency(**changes)
    assert contact["name"] in said
    assert contact["mail"] in said


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("letter_to_plan_text", {"plan_type": "original_medicare", "carrier": None, "product": None}),
        ("letter_to_plan_text", {"plan_type": "tricare", "carrier": None, "product": None}),
        ("statement_text", {"plan_type": "federal_employee", "carrier": None, "product": None, **ANSWERED}),
    ],
)
def test_where_only_the_letter_names_the_office_the_address_is_left_blank(kind: str, changes: dict[str, Any]) -> None:
    said = plain(paper(kind, **changes))
    assert "[the office that the letter names for this]" in said
    assert "[name of your plan]" not in said
    assert "My coverage is" in said


def test_the_plans_answer_is_not_enclosed_before_there_is_one() -> None:
    assert "the plan's answer to my grievance" not in to_agency(denial_reasons=["cancellation"])
    assert "the plan's answer to my grievance" in to_agency(**ANSWERED)


@for_each_case()
def test_no_draft_of_any_case_says_anything_medical_or_has_holes(case: Decided) -> None:
    facts = CaseFacts.model_validate(case.facts)
    found = assess(facts)
    for kind in papers_for(facts, found):
        if kind.id.endswith("_text"):
            made = make(kind, facts, found, case_id="x", now=NOW)
            said = plain(made)
            assert b"\n\n\n" not in made.content
            assert "[signature and name]" in said
            assert not re.search(r"\{|\}|None|  |\.\.|unknown|_", said)


# Data.


def test_every_variant_is_chosen_by_some_route_or_named_in_code() -> None:
    by_route = {one for part in ("to_plan", "to_agency", "after_the_plan") for one in letters()[part].values()}
    named = {"insurer_appeal", "medicare_redetermination", "cancellation_complaint", "compliance_complaint"}
    assert set(letters()["variants"]) == by_route | named


def test_every_ask_has_words_and_every_word_is_asked() -> None:
    asked = {name.rstrip("?") for one in letters()["variants"].values() for name in one["asks"]}
    asked |= {*letters()["matters"].values(), "late", "decider_other"}
    assert set(words()["letter"]["asks"]) == asked
    assert set(words()["letter"]["beside"]) <= set(vocabulary()["denial_reasons"].values)
    assert set(load("asks")) <= asked


def test_every_route_of_the_letters_is_a_route() -> None:
    routes = {route for part in ("to_plan", "to_agency", "after_the_plan") for route in letters()[part]}
    assert routes <= set(law_words()["routes"])


def test_every_decision_and_support_can_be_told() -> None:
    for side in ("to_plan", "to_agency"):
        told = set(words()["letter"]["decision"][side]) - {"unknown"}
        assert told == set(vocabulary()["decision"].values)
    assert set(words()["letter"]["support"]) == set(vocabulary()["provider_support"].values) - {"none"}


def test_a_day_on_which_the_letter_came_is_told_only_when_it_is_known() -> None:
    assert "It came on" not in to_plan(denial_received_date={"earliest": "2026-10-08", "latest": "2026-10-12"})


def test_a_letter_names_the_law_of_its_route_and_not_how_days_are_counted() -> None:
    said = to_agency(plan_type="medi_cal_rx")
    found = case(plan_type="medi_cal_rx")[1]
    counting = rule("counting_of_days").authority
    assert set(counting) & set(found.authority), "else this proves nothing"
    assert not [one for one in counting if one in said]
    assert "WIC 10951" in said
    assert "Law: HSC 1368, HSC 1368.01(a), HSC 1374.30(j)(3), 28 CCR 1300.68(b)(9)." in to_plan()


def test_a_draft_says_that_it_is_one() -> None:
    assert " ".join(words()["letter"]["draft"].split()) in to_plan().replace("-" * 78, "")
