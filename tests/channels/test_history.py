"""A conversation read back: what was said as its person may see it, and what was answered to one message."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.history import answered_before, turns
from channels.incoming import as_rasa_choice
from records.stored_events import REMOVED

BUTTON = {"title": "Not yet", "payload": "grievance_status=not_filed"}


def talk(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("web-1", [ActionExecuted("action_listen"), *events])


def heard(text: str, **metadata: Any) -> UserUttered:
    return UserUttered(text, {"name": "tell"}, timestamp=1795440600.5, metadata=metadata)


def said(text: str, **data: Any) -> BotUttered:
    return BotUttered(text, data, timestamp=1795440601.5)


def shown(*events: Event) -> list[tuple[str | None, list[str]]]:
    """Each turn as what the person said and the texts that answered."""
    told = turns(talk(*events))
    return [(one["said"] and one["said"]["text"], [reply["text"] for reply in one["messages"]]) for one in told]


def test_turns_come_back_in_their_order_with_the_opening_first() -> None:
    events = (heard("/greet"), said("Hello."), heard("they said no"), said("I am sorry."), said("When?"))
    assert shown(*events) == [(None, ["Hello."]), ("they said no", ["I am sorry.", "When?"])]


def test_each_message_has_its_moment_and_all_that_it_was() -> None:
    (turn,) = turns(talk(heard("no"), said("Did you?", buttons=[BUTTON], custom={"asks": "grievance_status"})))
    assert turn["said"]["at"] == "2026-11-23T13:30:00+00:00"
    reply = turn["messages"][0]
    assert (reply["buttons"], reply["asks"], reply["at"]) == (
        [BUTTON],
        "grievance_status",
        "2026-11-23T13:30:01+00:00",
    )


def test_a_pressed_button_is_shown_by_its_title() -> None:
    chosen = heard(as_rasa_choice(BUTTON["payload"]))
    (_, turn) = turns(talk(heard("hm"), said("Did you?", buttons=[BUTTON]), chosen))
    assert turn["said"] == {"text": "Not yet", "payload": BUTTON["payload"], "at": "2026-11-23T13:30:00+00:00"}


def test_what_was_private_is_called_so() -> None:
    assert shown(heard(REMOVED), said(REMOVED)) == [("(kept private)", ["(kept private)"])]


def test_the_mark_in_front_of_a_slash_is_not_shown() -> None:
    assert shown(heard("\u2060/restart")) == [("/restart", [])]


def test_after_a_new_beginning_what_was_before_is_not_shown_but_what_was_said_to_it() -> None:
    events = (heard("old"), said("old"), heard("start over"), said("We start over."), Restarted())
    assert shown(*events) == [(None, ["We start over."])]
    assert shown(*events, heard("new"), said("hello")) == [(None, ["We start over."]), ("new", ["hello"])]


def test_a_conversation_that_does_not_exist_has_no_turns() -> None:
    assert turns(None) == []


def test_a_message_that_came_in_before_has_its_answer() -> None:
    found = answered_before([heard("a"), said("A"), said("AA")])
    assert found is not None
    assert (found.heard, [reply["text"] for reply in found.messages]) == ("a", ["A", "AA"])


def test_a_message_of_which_nothing_is_kept_never_came_before() -> None:
    assert answered_before([]) is None
