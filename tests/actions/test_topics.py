"""Every question that can be asked on the way has an answer for every case, short enough, with its law."""

from __future__ import annotations

from functools import lru_cache

import pytest

from actions.paging import BREAK, LONGEST_ANSWER, LONGEST_PAGE, pages
from actions.topics import ANSWER, TOPICS, Asked, blocks_of
from imr_logic import CaseFacts, assess
from imr_logic.language import say_day
from tests.actions.situations import NEW_DENIAL
from tests.imr_logic.decided import Decided, own_cases

CITED = ("ask_how_to_file", "ask_timeline", "ask_after_decision", "ask_cost", "ask_regulator")


@lru_cache
def one_case_a_route() -> tuple[Decided, ...]:
    """Our own decided cases, one for each route."""
    return tuple({case.route: case for case in own_cases()}.values())


def asked(facts: dict[str, object]) -> Asked:
    """A question about a case with these facts."""
    case = CaseFacts.model_validate(facts)
    return Asked(case, assess(case))


def said(topic: str, **facts: object) -> str:
    """What is said on a topic in a new denial with some facts changed."""
    return "\n".join(blocks_of(topic, asked({**NEW_DENIAL, **facts})))


@pytest.mark.parametrize("topic", sorted(TOPICS))
@pytest.mark.parametrize("case", one_case_a_route(), ids=lambda case: case.route)
def test_every_topic_has_an_answer_on_every_route_that_fits_the_channel(topic: str, case: Decided) -> None:
    packed = pages(blocks_of(topic, asked(case.facts)))
    assert packed
    assert all(0 < len(page) <= LONGEST_PAGE for page in packed)
    assert "{" not in "".join(packed)


@pytest.mark.parametrize("topic", CITED)
@pytest.mark.parametrize("case", one_case_a_route(), ids=lambda case: case.route)
def test_what_is_said_of_the_law_names_it(topic: str, case: Decided) -> None:
    points = [block for block in blocks_of(topic, asked(case.facts)) if block.startswith("•")]
    assert points
    assert all(block.endswith(")") for block in points)


@pytest.mark.parametrize(
    ("topic", "facts", "words"),
    [
        ("ask_deadline", {}, "April 2, 2027"),
        ("ask_deadline", {"denial_letter_date": None}, "I can name the day once I know"),
        ("ask_eligibility", {"grievance_status": "upheld", "grievance_decision_date": "2026-11-02"}, "Independent"),
        ("ask_how_to_file", {}, "www.HealthHelp.ca.gov"),
        ("ask_how_to_file", {}, "Authorized Assistant Form"),
        ("ask_how_to_file", {"denial_reasons": ["billing"]}, "Say what you asked for"),
        ("ask_how_to_file", {"plan_type": "medicare_advantage"}, "HICAP"),
        ("ask_documents", {}, "no reason to turn you away"),
        ("ask_timeline", {}, "within 30 calendar days"),
        ("ask_timeline", {"urgent": True, "care_status": "future"}, "within 3 calendar days"),
        ("ask_timeline", {"plan_type": "self_funded_employer"}, "29 CFR 2560.503-1"),
        ("ask_outcome_odds", {}, "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient."),
        ("ask_outcome_odds", {}, "not a prediction"),
        ("ask_outcome_odds", {"plan_type": "medicare_advantage"}, "no figure for your path"),
        ("ask_after_decision", {}, "5 working days"),
        ("ask_after_decision", {"imr_decision": "upheld"}, "new facts"),
        ("ask_cost", {}, "costs you nothing"),
        ("ask_regulator", {}, "the DMHC looks after your plan"),
        ("ask_regulator", {"product": "ppo"}, "Two agencies share the plans"),
        ("ask_legal_advice", {}, "no advice"),
        ("continuing", {}, "HSC 1367.01(h)(3)"),
        ("continuing", {"plan_type": "medi_cal_managed_care"}, "within 10 calendar days of the notice"),
        ("continuing", {"plan_type": "medicare_advantage"}, "by noon"),
        ("continuing", {"plan_type": "self_funded_employer"}, "does not go on by itself"),
    ],
)
def test_an_answer_is_made_from_the_facts_of_the_case(topic: str, facts: dict[str, object], words: str) -> None:
    assert words in said(topic, **facts)


@pytest.mark.parametrize("case", own_cases(), ids=lambda case: case.name)
def test_the_first_page_of_every_answer_has_the_first_step_every_date_and_the_law(case: Decided) -> None:
    here = asked(case.facts)
    first = pages(blocks_of(ANSWER, here), LONGEST_ANSWER)[0]
    assert len(first) <= LONGEST_ANSWER
    assert here.found.steps[0].text in first
    assert all(say_day(one.date) in first for one in here.found.deadlines if one.date)
    assert "Law:" in first


def test_a_won_review_is_not_told_how_to_lose() -> None:
    text = said("ask_after_decision", imr_decision="overturned", imr_decision_date="2026-11-20")
    assert "It must approve the care within 5 working days" in text
    assert "lose" not in text


def test_who_asks_about_a_no_hears_of_that_first() -> None:
    case = CaseFacts.model_validate(NEW_DENIAL)
    lost = blocks_of("ask_after_decision", Asked(case, assess(case), text="and if I lose?"))
    positions = [place for place, line in enumerate(lost) if "If you lose" in line or "If you win" in line]
    assert "If you lose" in lost[positions[0]]


def test_without_a_story_a_date_cannot_be_told_but_late_is_not_closed() -> None:
    (text,) = blocks_of("ask_deadline", asked({"today": "2026-11-23"}))
    assert text.startswith("Tell me what happened")
    assert "still apply" in text


def test_too_late_is_answered_with_what_still_goes() -> None:
    late = {
        "grievance_status": "upheld",
        "grievance_filed_date": "2026-04-01",
        "grievance_decision_date": "2026-05-20",
    }
    text = said("ask_deadline", **late, grievance_decision_received_date="2026-05-26")
    assert text.startswith("The careful date has passed, but the law may allow it until November 30, 2026.")


def test_an_urgent_case_is_told_not_to_wait_for_its_date() -> None:
    assert "Do not wait for these days" in said("answer", urgent=True, care_status="future")
    assert "Do not wait" not in said("answer")


def test_blocks_are_packed_whole_and_a_break_begins_a_page() -> None:
    assert pages(["a", "b", "• c", "• d", BREAK, "e"]) == ["a\n\nb\n• c\n• d", "e"]
    assert pages(["x" * 400, "y" * 400]) == ["x" * 400, "y" * 400]


def test_a_block_longer_than_a_page_is_parted_at_its_lines() -> None:
    lines = ["z" * 300] * 3
    assert pages(["\n".join(lines)]) == ["\n\n".join(lines[:2]), lines[2]]
