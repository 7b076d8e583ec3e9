"""A bare answer is read for the question that is open, and only when it is bare."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nlu.facts import read

TODAY = date(2026, 11, 23)
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("grievance_status", "not yet", {"grievance_status": "not_filed"}),
    ("care_status", "not yet", {"care_status": "future"}),
    ("urgent", "no", {"urgent": False}),
    ("plan_type", "work", {"plan_type": "employer_funding_unknown"}),
    ("provider_support", "yes he ordered it", {"provider_support": "in_plan_recommended"}),
    ("denial_letter_date", "October 5th", {"denial_letter_date": "2026-10-05"}),
    ("urgent", "I think it's Blue Shield", {"carrier": "blue_shield"}),
    ("grievance_status", "its a ppo", {"product": "ppo"}),
    ("immediate_danger", "nov 21", {}),
    ("immediate_danger", "June 31", {}),
    (
        "grievance_status",
        "yes and they said no again, letter dated October 12",
        {"decision": "denied", "grievance_status": "upheld", "grievance_decision_date": "2026-10-12"},
    ),
    (
        "grievance_status",
        "yes, they refused on October 12",
        {"decision": "denied", "grievance_status": "upheld", "grievance_decision_date": "2026-10-12"},
    ),
    (
        "grievance_status",
        "Not yet. The letter is dated October 12",
        {"grievance_status": "not_filed", "denial_letter_date": "2026-10-12"},
    ),
    (
        "grievance_status",
        "yes I filed on October 12, nothing back",
        {"grievance_status": "pending", "grievance_filed_date": "2026-10-12"},
    ),
]


@pytest.mark.parametrize(("asked", "text", "facts"), ANSWERS, ids=[f"{asked}: {text}" for asked, text, _ in ANSWERS])
def test_a_bare_answer_is_read_for_the_open_question(asked: str, text: str, facts: dict[str, Any]) -> None:
    assert read(text, TODAY, asked).facts == facts


@pytest.mark.parametrize(
    "text", ["do I have to pay for this?", "do i have to pay", "can I do that by phone?", "what do i have to do"]
)
def test_a_question_is_no_answer(text: str) -> None:
    assert "immediate_danger" not in read(text, TODAY, "immediate_danger").facts
