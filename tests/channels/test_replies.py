"""What the assistant says in a turn stays together, message by message."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.replies import TurnReplies, is_private, last_asked, offered

BUTTON = {"title": "Not yet", "payload": "grievance_status=not_filed"}
PLAIN = {
    "text": "Hello.",
    "buttons": [],
    "asks": None,
    "input": "text",
    "assessment": None,
    "card": None,
    "papers": [],
    "anew": False,
}


def said(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    replies = TurnReplies()
    for message in messages:
        asyncio.run(replies.send_response("web-1", message))
    return replies.messages


def talk(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("web-1", list(events))


def asking(payload: str) -> BotUttered:
    return BotUttered("?", {"buttons": [{"title": "t", "payload": payload}]})


def test_a_text_alone_gets_the_defaults() -> None:
    assert said({"text": "Hello."}) == [PLAIN]


def test_text_buttons_and_custom_json_stay_one_message() -> None:
    custom = {
        "asks": "grievance_status",
        "input": "choice",
        "assessment": {"route": "x"},
        "card": {"kind": "answer"},
        "papers": [],
        "anew": False,
    }
    message = {"text": "Did you?\n\nSay.", "buttons": [BUTTON], "custom": custom}
    assert said(message) == [{"text": "Did you?\n\nSay.", "buttons": [BUTTON], **custom}]


def test_that_a_message_is_private_is_for_the_records_and_not_for_the_client() -> None:
    message = {"text": "Shall we call Ann?", "buttons": [BUTTON], "custom": {"asks": "contact_ok", "private": True}}
    assert said(message) == [{**PLAIN, "text": "Shall we call Ann?", "buttons": [BUTTON], "asks": "contact_ok"}]


def test_messages_keep_their_order() -> None:
    assert [message["text"] for message in said({"text": "one"}, {"text": "two"})] == ["one", "two"]


def test_a_button_is_reduced_to_title_and_payload() -> None:
    assert said({"text": "?", "buttons": [{**BUTTON, "type": "x"}]})[0]["buttons"] == [BUTTON]


@pytest.mark.parametrize("wanted", ["text", "choice", "date"])
def test_the_three_kinds_of_input_are_passed_on(wanted: str) -> None:
    assert said({"text": "?", "custom": {"input": wanted}})[0]["input"] == wanted


@pytest.mark.parametrize("custom", [None, {}, [], "x", {"input": "colour"}, {"input": None}])
def test_anything_else_is_a_text_input(custom: object) -> None:
    assert said({"text": "Hello.", "custom": custom}) == [PLAIN]


def test_an_assessment_without_words_is_still_a_message() -> None:
    assert said({"text": None, "custom": {"assessment": {"route": "x"}}})[0]["assessment"] == {"route": "x"}


def test_a_response_that_says_nothing_is_left_out() -> None:
    assert said({"text": None, "buttons": None, "custom": None}) == []


def test_what_was_offered_lately_may_be_chosen() -> None:
    assert offered([asking("a=1"), BotUttered("hm"), asking("b=2")]) == {"a=1", "b=2"}


def test_nothing_is_offered_in_a_conversation_that_does_not_exist() -> None:
    assert offered([]) == set()


@pytest.mark.parametrize("asked", ["contact_name", "contact_reach", "contact_time"])
def test_answers_to_questions_for_a_contact_are_private(asked: str) -> None:
    assert is_private(asked)


@pytest.mark.parametrize("asked", [None, "", "denial_letter_date", "my_contact_name"])
def test_answers_to_other_questions_are_not(asked: str | None) -> None:
    assert not is_private(asked)


def test_papers_and_a_new_beginning_reach_the_client() -> None:
    paper = {"title": "Calendar file", "url": "/papers/x/dates.ics"}
    (reply,) = said({"text": "Here.", "custom": {"papers": [{**paper, "id": "calendar"}], "anew": True}})
    assert (reply["papers"], reply["anew"]) == ([paper], True)


def test_what_the_last_message_asked_for_is_what_is_open() -> None:
    question = BotUttered("?", {"custom": {"asks": "contact_name"}})
    assert last_asked(talk(question, UserUttered("hm"))) == "contact_name"
    assert last_asked(talk(question, UserUttered("hm"), BotUttered("Fine."))) is None
    assert last_asked(None) is None
