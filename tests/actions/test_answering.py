"""The answer in words: dates with their law, what changed, how far away a day is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.answering import answer_blocks, days_of, it_stays, what_changed
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
    assert "It would change:\n• if waiting is risky: urgent grievance" in text


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
