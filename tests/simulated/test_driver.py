"""How a simulated person goes on in a talk, against an assistant that says what is written here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import httpx

from cli.simulated import Person, Scenario, Talk, talk
from cli.simulated.driver import MOST_RETELLINGS, MOST_TURNS
from cli.talking import Conversation

TODAY = date(2026, 11, 23)
FACTS = {
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "decision": "denied",
    "service_category": "imaging",
    "immediate_danger": False,
    "urgent": False,
    "denial_letter_date": date(2026, 10, 13),
    "grievance_filed_date": date(2026, 10, 26),
    "grievance_status": "pending",
}


class Written:
    """An assistant that gives its answers in turn, the last one for ever; None stands for an error."""

    def __init__(self, answers: Sequence[dict[str, Any] | None]) -> None:
        self._answers = list(answers)
        self.messages: list[dict[str, Any]] = [says("What happened?")]

    @property
    def asks(self) -> str | None:
        """The fact asked for last."""
        asked: str | None = self.messages[-1]["asks"]
        return asked

    def say(self, text: str) -> list[dict[str, Any]]:
        """The next answer."""
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if found is None:
            raise httpx.ReadTimeout("too slow")
        self.messages = [found]
        return self.messages

    choose = say


def says(text: str, asks: str | None = None, route: str | None = None, buttons: Sequence[str] = ()) -> dict[str, Any]:
    """One message of the assistant."""
    shown = [{"title": payload, "payload": payload} for payload in buttons]
    found = {"route": route, "deadlines": []} if route else None
    return {"text": text, "buttons": shown, "asks": asks, "input": "text", "assessment": found}


def had(
    *answers: dict[str, Any] | None, buttons: bool = False, torn: frozenset[str] = frozenset(), **facts: Any
) -> Talk:
    """The talk of one person with an assistant that answers so."""
    scenario = Scenario("X", "", TODAY, FACTS | facts, "plan_grievance", frozenset(), torn)
    return talk(Person(scenario), cast(Conversation, Written(answers)), buttons)


def test_after_the_answer_what_was_not_told_is_added_once_and_the_talk_is_over() -> None:
    whole = had(says("Do this.", route="plan_grievance"))
    assert whole.ended
    assert len(whole.turns) == 2
    assert {"denial_letter_date", "grievance_filed_date"} <= whole.turns[0].tells | whole.turns[1].tells


def test_a_question_for_what_the_story_told_is_noticed() -> None:
    whole = had(says("What care?", asks="service_category"), says("Thanks.", route="plan_grievance"))
    assert whole.turns[0].again
    assert whole.turns[1].asked == "service_category"


def test_a_question_for_days_that_contradict_each_other_is_no_question_for_what_was_told() -> None:
    torn = frozenset({"denial_letter_date"})
    whole = had(says("Which day?", asks="denial_letter_date"), grievance_status="not_filed", torn=torn)
    assert not any(turn.again for turn in whole.turns)
    assert len(whole.turns) < MOST_TURNS


def test_who_is_not_understood_tells_the_story_again_and_then_leaves() -> None:
    whole = had(says("Sorry?"))
    assert whole.ended
    assert len(whole.turns) == 1 + MOST_RETELLINGS


def test_a_loop_ends_the_talk() -> None:
    whole = had(says("Sorry, which day?", asks="grievance_filed_date"))
    assert whole.ended
    assert len(whole.turns) < MOST_TURNS


def test_an_error_breaks_the_talk_off() -> None:
    whole = had(says("Urgent?", asks="urgent"), None)
    assert whole.broken
    assert len(whole.turns) == 2


def test_who_is_taken_to_be_in_danger_says_once_that_they_are_not() -> None:
    whole = had(says("Call 911.", route="emergency"))
    assert len(whole.turns) == 2
    assert whole.turns[1].tells == {"immediate_danger"}


def test_who_is_in_danger_talks_no_further_once_help_was_named() -> None:
    assert len(had(says("Call 911.", route="emergency"), immediate_danger=True).turns) == 1


def test_with_buttons_the_one_that_is_true_and_says_most_is_pressed() -> None:
    shown = ["immediate_danger=true", "immediate_danger=false", "immediate_danger=false&urgent=false"]
    whole = had(says("Danger?", "immediate_danger", buttons=shown), says("So.", route="plan_grievance"), buttons=True)
    assert whole.turns[1].payload == "immediate_danger=false&urgent=false"
    assert whole.turns[1].tells == {"immediate_danger", "urgent"}


def test_without_a_button_that_is_true_the_person_writes() -> None:
    asked = says("Product?", "product", buttons=["product=ppo"])
    whole = had(asked, says("So.", route="plan_grievance"), buttons=True)
    assert whole.turns[1].payload is None
