"""Danger: 911 and 988 at once, and the way back when everyone is safe."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import asking
from actions.cards import crisis_card
from actions.hearing import Heard
from actions.memory import Memory
from actions.saying import say
from actions.turn import MOST_TRIES, close
from actions.words import phrase, words
from imr_logic import Assessment

Event = dict[str, Any]
HELP = ("medical_emergency", "self_harm")
ASKS_FOR_A_PERSON = frozenset({"request_consultation", "request_human"})


def help_at_once(dispatcher: CollectingDispatcher, memory: Memory, found: Assessment, kind: str = "") -> list[Event]:
    """911 and 988; the form closes, and the case waits. The kind of danger is kept, so that later turns name the
    right help."""
    memory.danger = kind or memory.danger
    dispatcher.utter_message(**_help(found, memory.danger, memory.before))
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
    key = "beside" if memory.danger == "self_harm" else "kept"  # 988 stands in every answer until they are safe
    lead = phrase("emergency", key, unlike=memory.before)
    say(dispatcher, memory, asking.question("immediate_danger", memory, lead))
    return [memory.as_event()]


def _help(found: Assessment, kind: str, unlike: str = "") -> asking.Message:
    """911 and 988, before anything else."""
    return _numbers(found, phrase("emergency", kind if kind in HELP else HELP[0], unlike=unlike))


def _numbers(found: Assessment, text: str) -> asking.Message:
    safe = {"title": words()["emergency"]["safe_button"], "payload": "immediate_danger=false"}
    return asking.message(text, buttons=[safe], input="choice", assessment=found, card=crisis_card(text))


def _wait(dispatcher: CollectingDispatcher, memory: Memory, found: Assessment, key: str) -> list[Event]:
    """Asks no more; the way out stays open."""
    text = phrase("emergency", key, unlike=memory.before)
    say(dispatcher, memory, _numbers(found, text))
    memory.asked = None
    return [memory.as_event(), *close()]


def ask_whether_anyone_is_in_danger(dispatcher: CollectingDispatcher, memory: Memory) -> list[Event]:
    """The ear alone heard danger, which no rule found: help is named at once, and the person is asked."""
    memory.asked, memory.tries = "immediate_danger", 0
    lead = phrase("emergency", "perhaps", unlike=memory.before)
    question = asking.question("immediate_danger", memory, lead)
    question["json_message"]["card"] = crisis_card(question["text"])
    dispatcher.utter_message(**question)
    return [memory.as_event(), *close()]
