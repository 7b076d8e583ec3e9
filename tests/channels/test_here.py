"""Actions within Rasa's own process answer as an action server would."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError

from channels.here import ActionsHere

ACTIONS = """
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

class Says(Action):
    def name(self):
        return "action_says"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=tracker.get_slot("word"))
        return []

class Rejects(Action):
    def name(self):
        return "action_rejects"
    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection("action_rejects", "not now")

class Fails(Action):
    def name(self):
        return "action_fails"
    def run(self, dispatcher, tracker, domain):
        raise ValueError("broken")
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ActionsHere:
    (tmp_path / "actions_of_a_test.py").write_text(ACTIONS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "actions_of_a_test", raising=False)
    return ActionsHere("actions_of_a_test")


def call(here: ActionsHere, name: str) -> dict[str, Any]:
    tracker = {"sender_id": "web-1", "slots": {"word": "hello"}, "events": [], "latest_message": {}}
    return asyncio.run(here.request(json={"next_action": name, "sender_id": "web-1", "tracker": tracker}))


def test_an_action_sees_the_slots_and_answers(here: ActionsHere) -> None:
    [said] = call(here, "action_says")["responses"]
    assert said["text"] == "hello"


def test_a_rejection_is_the_error_that_rasa_knows(here: ActionsHere) -> None:
    with pytest.raises(ClientResponseError) as raised:
        call(here, "action_rejects")
    assert raised.value.status == 400
    assert json.loads(raised.value.text) == {"action_name": "action_rejects", "error": "not now"}


def test_an_action_that_does_not_exist_is_one_too(here: ActionsHere) -> None:
    with pytest.raises(ClientResponseError) as raised:
        call(here, "action_of_nobody")
    assert raised.value.status == 404


def test_any_other_error_is_itself(here: ActionsHere) -> None:
    with pytest.raises(ValueError, match="broken"):
        call(here, "action_fails")
