"""Danger: 911 and 988 at once, and the way back when everyone is safe."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import answering, asking
from actions.hearing import Heard
from actions.memory import Memory
from actions.saying import say
from actions.turn import MOST_TRIES, close
from actions.words import phrase
from imr_logic import Assessment

Event = dict[str, Any]
ASKS_FOR_A_PERSON = frozenset({"request_consultation", "request_human"})


def help_at_once(dispatcher: CollectingDispatcher, memory: Memory, found: Assessment, kind: str = "") -> list[Event]:
    """911 and 988; the form closes, and the case waits. The kind of danger is kept, so that later turns name the
    right help."""
    memory.danger = kind or memory.danger
    dispatcher.utter_message(**answering.emergency(found, memory.danger, memory.before))
    memory.asked, memory.tries = None, 0
    memory.route, memory.dates = found.route, {}
    return [memory.as_event(), *close()]


def still_in_danger(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, found: Assessment) -> list[Event]:
    """Help again when danger is told again; else what was told is kept, and the way out of danger is asked for: a
    few times, then it waits, so that nobody is held up."""
    if heard.facts.get("immediate_danger") is True:
        return help_at_once(dispatcher, memory, found)
    if heard.intent in ASKS_FOR_A_PERSON:
        return _wait(dispatcher, memory, found, "person")
    memory.tries = memory.tries + 1 if memory.asked == "immediate_danger" or memory.tries else 0
    if memory.tries >= MOST_TRIES:
        return _wait(dispatcher, memory, found, "waiting" if memory.asked else "still")
    memory.asked = "immediate_danger"
    kept = phrase("emergency", "kept", unlike=memory.before)
    say(dispatcher, memory, asking.question("immediate_danger", memory, kept))
    return [memory.as_event()]


def _wait(dispatcher: CollectingDispatcher, memory: Memory, found: Assessment, words: str) -> list[Event]:
    """Asks no more; the way out stays open."""
    text = phrase("emergency", words, unlike=memory.before)
    say(dispatcher, memory, {**answering.emergency(found, memory.danger), "text": text})
    memory.asked = None
    return [memory.as_event(), *close()]


def ask_whether_anyone_is_in_danger(dispatcher: CollectingDispatcher, memory: Memory) -> list[Event]:
    """The ear alone heard danger, which no rule found: help is named at once, and the person is asked."""
    memory.asked, memory.tries = "immediate_danger", 0
    lead = phrase("emergency", "perhaps", unlike=memory.before)
    dispatcher.utter_message(**asking.question("immediate_danger", memory, lead))
    return [memory.as_event(), *close()]
