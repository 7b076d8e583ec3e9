"""Days put right, and the plan's second no: a wrong reading of either would move a deadline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.situations import DENIED, Talk, stated

pytestmark = pytest.mark.usefixtures("own_records")
PENDING: dict[str, Any] = {**DENIED, "grievance_status": "pending", "grievance_filed_date": "2026-10-12"}


def loose(iso: str, start: int) -> dict[str, Any]:
    """A day whose meaning the sentence does not say."""
    value = {"earliest": iso, "latest": iso, "precision": "exact"}
    return {"entity": "date", "value": value, "role": "stated", "text": "words", "start": start}


def day(talk: Talk, fact: str) -> Any:
    value = talk.knows(fact)
    return value["earliest"] if isinstance(value, dict) else value


@pytest.fixture
def told() -> Talk:
    """A talk in which the letter of October 5 was told."""
    talk = Talk(**{fact: value for fact, value in DENIED.items() if fact != "denial_letter_date"})
    talk.hear("give_details", stated(denial_letter_date="2026-10-05"))
    return talk


@pytest.mark.parametrize(
    "text", ["it was 10/8 not 10/5", "10/8, not 10/5", "10/8 instead of 10/5", "10/8 and not 10/5"]
)
def test_a_day_that_is_taken_back_gives_way_to_the_other(text: str, told: Talk) -> None:
    said = told.hear(
        "correct_fact", [loose("2026-10-08", text.index("10/8")), loose("2026-10-05", text.index("10/5"))], text
    )
    assert day(told, "denial_letter_date") == "2026-10-08"
    assert "from April 2, 2027 to April 6, 2027" in said, "and the deadline moves"


def test_the_wrong_day_may_stand_first(told: Talk) -> None:
    text = "not 10/5, it is 10/8"
    told.hear("correct_fact", [loose("2026-10-05", 4), loose("2026-10-08", 16)], text)
    assert day(told, "denial_letter_date") == "2026-10-08"


def test_a_day_that_nobody_told_takes_nothing_back(told: Talk) -> None:
    text = "it was 10/8 not 10/6"
    told.hear("correct_fact", [loose("2026-10-08", 7), loose("2026-10-06", 16)], text)
    assert day(told, "denial_letter_date") == "2026-10-05"


@pytest.mark.parametrize(
    "text",
    [
        "i got a letter today they said no again, dated nov 24",
        "They denied it again. The letter is dated November 24",
        "still no from them, letter nov 24",
    ],
)
def test_a_second_no_while_a_grievance_runs_is_the_answer_to_it(text: str) -> None:
    talk = Talk(**PENDING)
    talk.hear("give_details", text="that is all")
    said = talk.hear(
        "add_detail",
        stated(decision="denied", denial_letter_date="2026-11-20", denial_received_date="2026-11-23"),
        text,
    )
    assert talk.knows("grievance_status") == "upheld"
    assert day(talk, "denial_letter_date") == "2026-10-05", "the first letter keeps its date"
    assert day(talk, "grievance_decision_date") == "2026-11-20"
    assert "Independent Medical Review" in said


def test_a_no_that_was_the_first_stays_the_first() -> None:
    talk = Talk(**{**DENIED, "grievance_status": "not_filed"})
    talk.hear("add_detail", stated(decision="denied", denial_letter_date="2026-11-20"), "they said no again, nov 20")
    assert talk.knows("grievance_status") == "not_filed"
    assert talk.knows("grievance_decision_date") is None
