"""What stands beside the form: danger, stop, erasing, a new beginning; and what the records keep of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asides import ActionAside, ActionBeginAgain, ActionEmergency, ActionRestart, ActionStop
from actions.hearing import hear
from actions.memory import SLOT, Memory
from actions.words import words
from records import cases, consultations
from records.forgetting import STORES
from tests.actions.situations import SENDER, stated

pytestmark = pytest.mark.usefixtures("own_records")
DANGER = stated(immediate_danger=True)


def done(
    action: Action,
    intent: str = "",
    entities: list[dict[str, Any]] | None = None,
    memory: dict[str, Any] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What an action does and says to one message."""
    latest = {"intent": {"name": intent}, "entities": entities or [], "text": "..."}
    tracker = Tracker(SENDER, {SLOT: memory or {}}, latest, [{"event": "user"}], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    return action.run(dispatcher, tracker, {}), dispatcher.messages


def told(*parts: str) -> None:
    for part in parts:
        consultations.keep_part(SENDER, "web", part, "Maria")  # type: ignore[arg-type]


@pytest.fixture
def kept(own_records: None) -> None:
    """A case, a request that was agreed to, and a name told for another one."""
    cases.save(SENDER, "web", {"plan_type": "commercial"}, {"route": "plan_grievance"}, date(2026, 11, 23))
    told("name", "reach")
    consultations.confirm(SENDER, "asked_for")
    told("name")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("action", "case_stays", "request_stays"),
    [
        (ActionBeginAgain, False, False),
        (ActionRestart, False, True),
        (ActionStop, True, True),
        (ActionEmergency, True, True),
    ],
)
def test_a_name_that_was_not_agreed_to_goes_and_what_else_goes_is_what_was_asked(
    action: type[Action], case_stays: bool, request_stays: bool
) -> None:
    done(action())
    assert consultations.draft_of(SENDER) is None
    assert (consultations.latest(SENDER) is not None) is request_stays
    assert (cases.load(SENDER) is not None) is case_stays


@pytest.mark.parametrize(("action", "forgets"), [(ActionBeginAgain, True), (ActionRestart, False)])
def test_only_who_wants_all_erased_has_the_words_of_the_talk_erased(action: type[Action], forgets: bool) -> None:
    events, said = done(action())
    assert (events[-1].get("metadata") == {"forget": True}) is forgets
    assert ("November 23, 2026" in said[-1]["text"]) is forgets


@pytest.mark.parametrize(
    ("intent", "there", "absent"), [("crisis_self_harm", "988", "nothing"), ("medical_emergency", "911", "988")]
)
def test_each_danger_has_its_own_help(intent: str, there: str, absent: str) -> None:
    _, said = done(ActionEmergency(), intent, DANGER)
    assert there in said[0]["text"]
    assert absent not in said[0]["text"]
    assert said[0]["custom"]["assessment"]["route"] == "emergency"


def test_danger_that_no_rule_found_names_both_helps_and_asks() -> None:
    _, said = done(ActionEmergency(), "medical_emergency")
    assert "911" in said[0]["text"]
    assert "988" in said[0]["text"]
    assert said[0]["custom"]["asks"] == "immediate_danger"
    assert said[0]["custom"]["assessment"] is None


def test_what_is_told_beside_a_question_is_taken_in_and_kept() -> None:
    events, _ = done(ActionAside(), "ask_cost", stated(carrier="anthem"))
    assert events[0]["value"]["facts"]["carrier"]["value"] == "anthem"
    kept = cases.load(SENDER)
    assert kept is not None
    assert kept.facts["carrier"] == "anthem"


@pytest.mark.parametrize("action", [ActionBeginAgain, ActionRestart])
def test_a_new_beginning_is_told_to_the_page(action: type[Action]) -> None:
    _, said = done(action())
    assert said[-1]["custom"]["anew"] is True


@pytest.mark.parametrize("entities", [DANGER, []], ids=["told", "heard by the ear alone"])
def test_help_in_danger_comes_with_the_numbers_to_tap(entities: list[dict[str, Any]]) -> None:
    _, said = done(ActionEmergency(), "medical_emergency", entities)
    assert [one["href"] for one in said[0]["custom"]["card"]["calls"]] == ["tel:911", "tel:988", "sms:988"]
    assert said[0]["buttons"], "the way out of danger"


ANSWERED = {"route": "plan_grievance", "facts": {"plan_type": {"value": "commercial", "source": "said"}}}


@pytest.mark.parametrize(
    ("memory", "asks"), [(ANSWERED, True), ({}, False), ({**ANSWERED, "route": "emergency"}, False)]
)
@pytest.mark.parametrize("intent", ["thank", "goodbye"])
def test_who_says_thanks_after_an_answer_is_asked_whether_it_helped(
    intent: str, memory: dict[str, Any], asks: bool
) -> None:
    _, said = done(ActionAside(), intent, memory=memory)
    payloads = [button["payload"] for button in said[-1]["buttons"]]
    assert payloads == (["wish=helped", "wish=not_helped"] if asks else [])
    assert ("Did this help?" in said[-1]["text"]) is asks


@pytest.mark.parametrize(("wish", "offered"), [("helped", []), ("not_helped", ["wish=consultation"])])
def test_what_they_say_of_it_is_met_and_who_got_no_help_is_offered_a_call(wish: str, offered: list[str]) -> None:
    _, said = done(ActionAside(), "", [{"entity": "wish", "value": wish}], ANSWERED)
    assert said[-1]["text"]
    assert [button["payload"] for button in said[-1]["buttons"]] == offered


def test_what_did_not_help_answers_no_question() -> None:
    bare = {**stated(grievance_status="not_filed")[0], "rule": "x/answer/y"}
    wish = {"entity": "wish", "value": "not_helped"}
    heard = hear(tracker_of([bare, wish]), Memory(asked="grievance_status"))
    assert (heard.wish, heard.facts) == ("not_helped", {})


def tracker_of(entities: list[dict[str, Any]]) -> Tracker:
    latest = {"intent": {"name": None}, "entities": entities, "text": "this did not help"}
    return Tracker(SENDER, {}, latest, [{"event": "user"}], False, None, {}, "action_listen")


def test_the_receipt_names_every_place_where_something_was() -> None:
    assert tuple(words()["receipt"]) == STORES
    _, said = done(ActionBeginAgain())
    assert all(place in said[-1]["text"] for place in words()["receipt"].values())
