"""What to gather and what a doctor's letter has to hold: complete over the vocabulary, each with its own law."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from imr_logic import CaseFacts, assess, vocabulary
from imr_logic.guidance import LetterOutline, doctor_letter, evidence_checklist, is_clinical, law_of
from imr_logic.language import words
from imr_logic.law import load
from tests.imr_logic.decided import Decided, for_each_case
from tests.imr_logic.strategies import any_facts

REASONS = vocabulary()["denial_reasons"].values
SERVICES = vocabulary()["service_category"].values
HMO = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
    "immediate_danger": False,
    "urgent": False,
}


def gathered(**changes: Any) -> dict[str, tuple[str, ...]]:
    """The things to gather in a case, by id, with their law."""
    facts = CaseFacts.model_validate({**HMO, **changes})
    return {item.id: item.citations for item in evidence_checklist(facts, assess(facts))}


def outline(**changes: Any) -> LetterOutline:
    facts = CaseFacts.model_validate({**HMO, **changes})
    return doctor_letter(facts, assess(facts))


def sections(**changes: Any) -> list[str]:
    return [section.id for section in outline(**changes).sections]


# The checklist.


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_adds_something_of_its_own(reason: str) -> None:
    assert set(load("gathering")["reasons"][reason]) <= gathered(denial_reasons=[reason]).keys()


@pytest.mark.parametrize("service", SERVICES)
def test_every_kind_of_care_adds_something_of_its_own(service: str) -> None:
    listed = gathered(denial_reasons=["medical_necessity"], service_category=service)
    assert set(load("gathering")["services"][service]) <= listed.keys()


def test_the_tables_hold_the_vocabulary_and_nothing_else() -> None:
    assert set(load("gathering")["reasons"]) == set(REASONS)
    assert set(load("gathering")["services"]) == set(SERVICES)


@pytest.mark.parametrize(
    ("changes", "thing", "law"),
    [
        ({"service_category": "mental_health"}, "level_of_care_criteria", "HSC 1374.72"),
        ({"service_category": "orthopedic"}, "conservative_care", "HSC 1374.33(b)"),
        ({"service_category": "cancer"}, "guideline", "HSC 1374.33(b)"),
        ({"denial_reasons": ["step_therapy"]}, "exception_request", "HSC 1367.206"),
        ({"denial_reasons": ["step_therapy"]}, "drug_history", "HSC 1367.206"),
        ({"denial_reasons": ["not_emergency"]}, "emergency_records", "HSC 1371.4(b)"),
        ({"denial_reasons": ["timely_access"]}, "appointment_log", "HSC 1367.03"),
        ({"denial_reasons": ["out_of_network"]}, "network_search", "HSC 1367.03"),
        ({"denial_reasons": ["experimental"]}, "two_documents", "HSC 1370.4(a)"),
        ({"denial_reasons": ["experimental"]}, "physician_certification_form", "HSC 1370.4(a)"),
        ({"denial_reasons": ["balance_billing"]}, "network_proof", "HSC 1371.9"),
        ({"denial_reasons": ["cancellation"]}, "cancellation_notice", "HSC 1365(b)"),
        ({"denial_reasons": ["cosmetic"]}, "normal_appearance_note", "HSC 1367.63"),
        ({"denial_reasons": ["continuity_of_care"]}, "provider_left_notice", "HSC 1373.96"),
        ({"urgent": True}, "doctor_urgency_statement", "HSC 1368.01(b)"),
    ],
)
def test_a_thing_comes_with_the_law_that_makes_it_count(changes: dict[str, Any], thing: str, law: str) -> None:
    assert law in gathered(**changes)[thing]


def test_care_already_given_asks_for_bills() -> None:
    assert "bills" in gathered(care_status="received")
    assert "bills" not in gathered(care_status="future")


@pytest.mark.parametrize(
    ("plan", "start"),
    [
        ({"plan_type": "medicare_advantage"}, None),
        ({"plan_type": "tricare"}, None),
        ({"plan_type": "self_funded_employer"}, "29 "),
        ({"regulator": "cdi", "product": "ppo"}, "Ins. Code "),
        ({"plan_type": "calpers_hmo"}, "HSC "),
    ],
)
def test_each_plan_is_cited_its_own_law(plan: dict[str, Any], start: str | None) -> None:
    listed = gathered(denial_reasons=["medical_necessity"], service_category="mental_health", **plan)
    cited = [line for citations in listed.values() for line in citations]
    assert all(line.startswith(start or "never") for line in cited)
    assert bool(cited) == bool(start)


def test_parity_law_that_leaves_medi_cal_out_is_not_cited_to_medi_cal_members() -> None:
    listed = gathered(plan_type="medi_cal_managed_care", service_category="mental_health")
    assert listed["level_of_care_criteria"] == ()
    assert listed["treatment_plan"] == ("HSC 1374.33(b)",)


@pytest.mark.parametrize(("plan", "must"), [("commercial", True), ("original_medicare", False)])
def test_no_plan_is_said_to_owe_what_only_another_law_asks(plan: str, must: bool) -> None:
    facts = CaseFacts.model_validate({**HMO, "plan_type": plan, "service_category": "mental_health"})
    (why,) = [one.why for one in evidence_checklist(facts, assess(facts)) if one.id == "level_of_care_criteria"]
    assert ("must" in why) is must


ELSEWHERE = ["medicare_advantage", "tricare", "self_funded_employer", "self_funded_government", "medi_cal_cohs"]


@pytest.mark.parametrize(
    ("plan", "asked"),
    [
        ({}, True),
        ({"regulator": "cdi", "product": "ppo"}, True),
        ({"plan_type": "medi_cal_managed_care"}, True),
        ({"plan_type": None}, True),
        ({"plan_type": "employer_funding_unknown", "product": "ppo"}, True),
        *(({"plan_type": plan}, False) for plan in ELSEWHERE),
    ],
)
def test_californias_rules_for_experimental_care_are_not_asked_of_other_plans(
    plan: dict[str, Any], asked: bool
) -> None:
    case = {"denial_reasons": ["experimental"], **plan}
    forms = {"physician_certification_form", "two_documents"}
    assert (forms <= set(gathered(**case))) is asked
    assert ({"certification", "two_documents"} <= set(sections(**case))) is asked
    assert ("literature" in sections(**case)) is not asked
    assert bool(forms & set(gathered(**case))) is asked
    assert "standard_treatments" in gathered(**case)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("commercial", "rules of their own"),
        ("self_funded_employer", "Federal law"),
        ("tricare", "a known standard"),
    ],
)
def test_the_standard_for_mental_health_care_is_each_laws_own(plan: str, said: str) -> None:
    facts = CaseFacts.model_validate({**HMO, "plan_type": plan, "service_category": "mental_health"})
    (why,) = [one.why for one in evidence_checklist(facts, assess(facts)) if one.id == "level_of_care_criteria"]
    assert said in why


@for_each_case()
def test_the_documents_of_the_route_come_first_and_nothing_comes_twice(case: Decided) -> None:
    facts = CaseFacts.model_validate(case.facts)
    found = assess(facts, look_ahead=False)
    items = evidence_checklist(facts, found)
    first = [document.id for document in found.documents]
    assert [item.id for item in items][: len(first)] == first
    assert len({item.id for item in items}) == len({item.text for item in items}) == len(items)


def test_an_emergency_has_nothing_to_gather() -> None:
    assert gathered(immediate_danger=True) == {}


@settings(max_examples=60)
@given(any_facts())
def test_any_facts_at_all_give_a_checklist_and_an_outline(facts: dict[str, Any]) -> None:
    case = CaseFacts.model_validate(facts)
    found = assess(case, look_ahead=False)
    assert evidence_checklist(case, found) or found.route == "emergency"
    assert doctor_letter(case, found).sections


# The doctor's letter.


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        (
            {},
            {"criterion", "diagnosis", "tried", "why_this_care", "literature"},
            {"urgency", "certification", "parity"},
        ),
        ({"denial_reasons": ["experimental"]}, {"certification", "two_documents"}, {"literature"}),
        ({"service_category": "mental_health"}, {"parity"}, {"certification"}),
        ({"urgent": True}, {"urgency"}, set()),
        ({"doctor_certifies_urgency": True}, {"urgency"}, set()),
        ({"urgent": True, "care_status": "received"}, set(), {"urgency"}),
    ],
)
def test_the_outline_has_the_sections_of_the_case(changes: dict[str, Any], there: set[str], absent: set[str]) -> None:
    found = set(sections(**changes))
    assert there <= found
    assert not absent & found


def test_two_papers_have_two_rows_and_treatments_three_columns() -> None:
    shape = {one.id: (len(one.columns), one.rows) for one in outline(denial_reasons=["experimental"]).sections}
    assert shape["two_documents"] == (3, 2)
    assert shape["tried"] == (3, 5)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_prompt_for_the_doctor(reason: str) -> None:
    said = words("en", "gathering")["criterion_by_reason"][reason]
    (section,) = [one for one in outline(denial_reasons=[reason]).sections if one.id == "criterion"]
    assert said in section.points


@pytest.mark.parametrize("service", SERVICES)
def test_every_kind_of_care_has_a_prompt_for_the_doctor(service: str) -> None:
    said = words("en", "gathering")["care_by_service"][service]
    (section,) = [one for one in outline(service_category=service).sections if one.id == "why_this_care"]
    assert said in section.points


def test_the_urgency_section_uses_the_test_of_california_law() -> None:
    (section,) = [one for one in outline(urgent=True).sections if one.id == "urgency"]
    assert "HSC 1368.01(b)" in section.citations
    assert "imminent and serious threat" in section.points[0]


@pytest.mark.parametrize(
    ("changes", "day"),
    [({}, "April 2, 2027"), ({"urgent": True}, "today"), ({"denial_letter_date": None}, "[date]")],
)
def test_the_doctor_is_told_by_when(changes: dict[str, Any], day: str) -> None:
    about = outline(**{"denial_reasons": ["medical_necessity"], **changes}).sections[0]
    assert day in about.points[-1]


@pytest.mark.parametrize(
    ("changes", "clinical"),
    [
        ({"denial_reasons": ["billing"]}, False),
        ({"denial_reasons": ["cancellation"]}, False),
        ({"denial_reasons": ["billing", "medical_necessity"]}, True),
        ({"denial_reasons": ["medical_necessity"]}, True),
        ({"service_category": "quality"}, False),
        ({}, True),
    ],
)
def test_a_doctors_letter_bears_on_medical_questions_only(changes: dict[str, Any], clinical: bool) -> None:
    assert is_clinical(CaseFacts.model_validate({**HMO, **changes})) is clinical


# Data.


def listed_things() -> set[str]:
    table = load("gathering")
    by_case = [*table["reasons"].values(), *table["elsewhere"].values(), *table["services"].values()]
    return {name for names in (*by_case, table["always"], table["urgent"], table["received"]) for name in names}


def test_every_thing_has_words_and_no_words_are_said_by_nobody() -> None:
    said = words("en", "gathering")
    routes = {name for key, one in load("routes").items() if key != "programme_contacts" for name in one["documents"]}
    assert listed_things() <= set(said["evidence"]) | set(words()["documents"])
    assert set(said["evidence"]) <= listed_things()
    assert set(said["documents_why"]) <= set(words()["documents"])
    assert routes <= set(said["documents_why"]) | set(said["evidence"])


def test_every_law_of_evidence_belongs_to_a_thing_that_is_listed() -> None:
    assert set(load("evidence")) <= listed_things() | set(words()["documents"])


def test_an_entry_that_nobody_wrote_has_no_law() -> None:
    assert law_of("evidence", "no_such_thing", CaseFacts.model_validate(HMO)) == ()


def test_no_word_names_an_illness_or_a_drug() -> None:
    said = str(words("en", "gathering")).lower()
    assert not re.search(r"diabetes|tumor|depress|anxiety|autism|arthritis|insulin|opioid|\b\w+mab\b", said)


def test_no_note_on_urgency_is_gathered_for_care_that_was_given() -> None:
    assert "doctor_urgency_statement" in gathered(urgent=True)
    assert "doctor_urgency_statement" not in gathered(urgent=True, care_status="received")
