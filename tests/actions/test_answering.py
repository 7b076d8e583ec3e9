"""The answer in words: dates with their law, what changed, how far away a day is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.answering import answer_blocks, beside_the_dates, date_line, dates, days_of, it_stays, what_changed
from actions.words import phrase
from imr_logic import CaseFacts, assess
from imr_logic.language import days_left
from imr_logic.language.saying import retell
from tests.actions.situations import NEW_DENIAL

UPHELD = {
    **NEW_DENIAL,
    "grievance_status": "upheld",
    "grievance_filed_date": "2026-10-12",
    "grievance_decision_date": "2026-11-02",
}


def answer(facts: dict[str, Any]) -> str:
    """All that there is to say of a case."""
    return "\n".join(answer_blocks(CaseFacts.model_validate(facts), assess(facts)))


def test_the_answer_names_the_first_step_the_date_and_its_law() -> None:
    text = answer(NEW_DENIAL)
    assert "Do this first: File a grievance with your plan" in text
    assert "Friday, April 2, 2027 (in 130 days)" in text
    assert "28 CCR 1300.68(b)(9)" in text
    assert "1-888-466-2219" in text


def test_who_must_have_decided_is_said_where_the_plan_judged_the_medical_need() -> None:
    assert "SB 1120" in answer(NEW_DENIAL)
    assert "SB 1120" not in answer({**NEW_DENIAL, "denial_reasons": ["billing"]})


def test_the_answer_says_what_would_change_it() -> None:
    text = answer({**NEW_DENIAL, "urgent": None})
    assert "It would change:\n• if waiting is risky: Urgent grievance" in text


def test_a_date_counted_from_a_vague_one_is_shown_as_no_later_than() -> None:
    vague = {**NEW_DENIAL, "denial_letter_date": {"earliest": "2026-10-01", "latest": "2026-10-31"}}
    assert "no later than" in answer(vague)


def test_a_correction_says_what_moved() -> None:
    before = assess(NEW_DENIAL)
    said = what_changed(assess(UPHELD), before.route, days_of(before))
    assert said == ("That changes the path. On this path your last day moves from April 2, 2027 to April 30, 2027.")


def test_a_correction_that_changes_nothing_says_so_and_never_twice_in_the_same_words() -> None:
    found = assess(NEW_DENIAL)
    once = what_changed(found, found.route, days_of(found))
    assert once.startswith("Your path and your dates stay as they are.")
    assert what_changed(found, found.route, days_of(found), unlike=once).startswith("The path and the dates stay.")


def test_an_answer_that_stays_is_said_in_a_few_words_with_date_first_step_and_law() -> None:
    assert it_stays(assess(NEW_DENIAL)) == (
        "It is still this: A grievance (appeal) with your plan first, by April 2, 2027 (in 130 days). "
        "First, as I said: File a grievance with your plan, by phone, online or by mail "
        "(HSC 1368, HSC 1368.01(a), HSC 1374.30(j)(3))."
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-24", "tomorrow"),
        ("2026-11-23", "today"),
        ("2026-11-22", "yesterday"),
        ("2026-11-25", "in 2 days"),
        ("2026-11-20", "3 days ago"),
    ],
)
def test_how_far_away_a_day_is(day: str, said: str) -> None:
    assert days_left(date.fromisoformat(day), date(2026, 11, 23)) == said


def test_facts_are_said_back_in_one_line() -> None:
    facts = {
        "grievance_status": "not_filed",
        "carrier": "kaiser",
        "denial_letter_date": "2026-10-05",
        "urgent": False,
    }
    assert retell(facts) == "Kaiser; it can wait; no grievance yet; letter of October 5, 2026"


def test_a_fact_that_is_not_known_is_not_said_back() -> None:
    assert retell({"regulator": None}) == ""


def test_a_vague_date_is_said_back_as_the_days_between_which_it_lies() -> None:
    vague = {"denial_received_date": {"earliest": "2026-10-28", "latest": "2026-11-03"}}
    assert retell(vague) == "denial received some day from October 28, 2026 to November 3, 2026"


def test_the_answer_says_from_what_its_date_is_counted_and_that_it_was_moved() -> None:
    assert "180 calendar days from the denial letter (October 5, 2026), moved back to a working day." in dates(
        assess(NEW_DENIAL)
    )


def test_the_note_of_a_date_is_told_with_it() -> None:
    cut = {"plan_type": "medi_cal_managed_care", "care_status": "ongoing"}
    days = {"denial_letter_date": "2026-11-16", "change_effective_date": "2026-12-06"}
    found = assess({**NEW_DENIAL, **cut, **days})
    (due,) = [one for one in found.deadlines if one.code == "aid_paid_pending"]
    assert date_line(due, found.today).endswith("until the change starts on December 6, 2026.")


def beside(**facts: Any) -> str:
    """What is said beside the dates of a new denial with some facts changed."""
    case = {**NEW_DENIAL, **facts}
    return beside_the_dates(CaseFacts.model_validate(case), assess(case))


def test_care_already_given_is_not_hurried() -> None:
    assert "Do not wait" in beside(urgent=True, care_status="future")
    assert beside(urgent=True, care_status="received") == ""


def test_whose_last_day_is_over_too_is_told_beside_the_date_to_apply_anyway() -> None:
    assert beside(denial_letter_date="2026-03-01") == phrase("late_apply")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({}, True),
        ({"product": "ppo", "regulator": "cdi"}, True),
        ({"plan_type": "medicare_advantage"}, False),
        ({"plan_type": "self_funded_employer"}, False),
        ({"plan_type": "tricare"}, False),
    ],
)
def test_californias_law_on_computers_is_told_only_where_it_holds(plan: dict[str, str], said: bool) -> None:
    assert ("SB 1120" in answer({**NEW_DENIAL, **plan})) is said


@pytest.mark.parametrize(("today", "open_still"), [("2026-11-29", True), ("2026-11-30", True), ("2026-12-01", False)])
def test_the_very_last_day_itself_is_not_over(today: str, open_still: bool) -> None:
    late = {"grievance_filed_date": "2026-04-01", "grievance_decision_date": "2026-05-20"}
    found = assess({**UPHELD, **late, "grievance_decision_received_date": "2026-05-26", "today": today})
    assert (found.last_day_still_open is not None) is open_still
