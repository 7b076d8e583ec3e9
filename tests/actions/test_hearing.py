"""What a message tells the form: facts, choices, bare answers, days that do not exist."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.hearing import hear
from actions.memory import Memory


def message(intent: str, *entities: dict[str, Any]) -> Tracker:
    """A tracker whose last message has an intent and entities."""
    latest = {"intent": {"name": intent}, "entities": list(entities), "text": "..."}
    return Tracker("someone", {}, latest, [], False, None, {}, "action_listen")


def stated(fact: str, value: Any, **more: Any) -> dict[str, Any]:
    """An entity of a stated fact."""
    return {"entity": fact, "value": value, "role": "stated", "text": "words", **more}


def day(fact: str, earliest: str | None, latest: str | None, precision: str) -> dict[str, Any]:
    """An entity of a date."""
    return stated(fact, {"earliest": earliest, "latest": latest, "precision": precision})


def test_stated_facts_are_taken_and_implied_ones_kept_apart() -> None:
    heard = hear(
        message("report_denial", stated("carrier", "kaiser"), stated("regulator", "dmhc", role="implied")), Memory()
    )
    assert heard.facts == {"carrier": "kaiser"}
    assert heard.implied == {"regulator": "dmhc"}


def test_several_reasons_become_one_list() -> None:
    told = [stated("denial_reasons", "experimental"), stated("denial_reasons", "out_of_network")]
    assert hear(message("give_details", *told), Memory()).facts["denial_reasons"] == [
        "experimental",
        "out_of_network",
    ]


def test_a_vague_date_stays_an_interval() -> None:
    heard = hear(
        message("give_details", day("denial_letter_date", "2026-10-01", "2026-10-31", "approximate")), Memory()
    )
    assert heard.facts["denial_letter_date"] == {"earliest": "2026-10-01", "latest": "2026-10-31"}


def test_a_day_that_does_not_exist_is_said_back_and_never_guessed() -> None:
    heard = hear(message("give_details", day("denial_letter_date", None, None, "impossible")), Memory())
    assert heard.impossible == ["words"]
    assert "denial_letter_date" not in heard.facts


@pytest.mark.parametrize(
    ("asked", "intent", "expected"),
    [
        ("immediate_danger", "deny", {"immediate_danger": False}),
        ("urgent", "affirm", {"urgent": True}),
        ("urgent", "deny", {"urgent": False}),
        ("grievance_status", "deny", {"grievance_status": "not_filed"}),
        ("provider_support", "affirm", {"provider_support": "in_plan_recommended"}),
        ("provider_support", "deny", {"provider_support": "none"}),
        ("state_hearing", "deny", {"state_hearing": "none"}),
        ("condition_severity", "dont_know", {"condition_severity": "unknown"}),
        ("denial_letter_date", "dont_know", {"denial_letter_date": None}),
        ("immediate_danger", "dont_know", {"immediate_danger": None, "urgent": None}),
        ("plan_type", "dont_know", {"plan_type": None}),
        ("plan_type", "affirm", {}),
        (None, "deny", {}),
    ],
)
def test_a_bare_answer_answers_the_open_question(asked: str | None, intent: str, expected: dict[str, Any]) -> None:
    assert hear(message(intent), Memory(asked=asked)).facts == expected


def said(text: str, intent: str, memory: Memory, *entities: dict[str, Any]) -> dict[str, Any]:
    """The facts that a message tells."""
    latest = {"intent": {"name": intent}, "entities": list(entities), "text": text}
    return hear(Tracker("someone", {}, latest, [], False, None, {}, "action_listen"), memory).facts


@pytest.mark.parametrize("text", ["no", "Nope, nothing like that", "no, it can wait", "neither"])
def test_a_bare_no_says_that_there_is_no_danger_and_that_it_can_wait(text: str) -> None:
    assert said(text, "deny", Memory(asked="immediate_danger")) == {"immediate_danger": False, "urgent": False}


@pytest.mark.parametrize("text", ["nobody is dying", "not right now", "no danger at this moment"])
def test_what_says_nothing_of_waiting_leaves_it_open(text: str) -> None:
    told = stated("immediate_danger", False)
    assert said(text, "give_details", Memory(asked="immediate_danger"), told) == {"immediate_danger": False}


def test_a_short_no_never_takes_back_that_waiting_is_dangerous() -> None:
    urgent = Memory(asked="immediate_danger", facts={"urgent": {"value": True, "source": "said"}})
    assert said("no", "deny", urgent) == {"immediate_danger": False}


@pytest.mark.parametrize(
    ("text", "intent", "told"),
    [
        ("yes", "affirm", []),
        ("yes waiting is risky", "give_details", [stated("urgent", True)]),
    ],
)
def test_a_yes_to_danger_or_waiting_says_that_waiting_is_dangerous_and_danger_is_asked(
    text: str, intent: str, told: list[dict[str, Any]]
) -> None:
    bare = stated("immediate_danger", True, rule="immediate_danger/answer/True")
    assert said(text, intent, Memory(asked="immediate_danger"), bare, *told) == {"urgent": True}


def test_a_yes_to_danger_alone_is_danger() -> None:
    urgent = Memory(asked="immediate_danger", facts={"urgent": {"value": True, "source": "said"}})
    bare = stated("immediate_danger", True, rule="immediate_danger/answer/True")
    assert said("yes", "affirm", urgent, bare) == {"immediate_danger": True}


def test_danger_that_a_rule_found_is_danger_whatever_was_asked() -> None:
    found = stated("immediate_danger", True, rule="safety/chest_pain")
    told = said("yes he has chest pain", "medical_emergency", Memory(asked="immediate_danger"), found)
    assert told["immediate_danger"] is True


def test_not_urgent_said_of_the_grievance_is_not_said_of_the_care() -> None:
    asked = Memory(asked="grievance_expedited", facts={"urgent": {"value": True, "source": "said"}})
    told = stated("urgent", False)
    assert said("no not urgent, regular", "give_details", asked, told) == {"grievance_expedited": False}


def test_a_button_settles_all_the_facts_that_it_stands_for() -> None:
    pressed = {"entity": "choice", "value": "immediate_danger=false&urgent=true"}
    heard = hear(message("give_details", pressed), Memory(asked="immediate_danger"))
    assert heard.facts == {"immediate_danger": False, "urgent": True}
    assert heard.source == "chosen"


def test_a_misread_value_is_left_out_and_never_costs_the_turn() -> None:
    memory = Memory()
    assert memory.learn("urgent", {"earliest": "2026-01-01"}, "said") is False
    assert memory.learn("plan_type", "no such plan", "said") is False
    assert memory.case_facts().known == {}


def test_what_was_said_is_not_replaced_by_what_is_only_inferred() -> None:
    memory = Memory()
    memory.learn("regulator", "cdi", "said")
    assert memory.learn("regulator", "dmhc", "implied") is False
    assert memory.case_facts().get("regulator") == "cdi"
