"""A fact that was told in two ways: both are named, and the person says which is right."""

from __future__ import annotations

from typing import Any

from actions.asking import Button, Message, message
from actions.hearing import ANSWER, Heard
from actions.memory import Memory
from actions.words import phrase
from imr_logic import vocabulary
from imr_logic.language import capital
from imr_logic.language.saying import say_fact

DOUBT = "doubt"
MOST_REFUSED = 20


def question(fact: str, value: Any, memory: Memory) -> Message:
    """Asks which is right; the memory keeps what is in doubt."""
    memory.doubt = {"fact": fact, "value": value}
    memory.asked, memory.tries = DOUBT, 0
    before = memory.values()[fact]
    text = phrase("doubt", "text", unlike=memory.before, old=say_fact(fact, before), new=say_fact(fact, value))
    return message(text, buttons=_buttons(fact, before, value), asks=fact, input="choice")


def _buttons(fact: str, old: Any, new: Any) -> list[Button]:
    both = vocabulary()[fact].kind == "choices"
    titles = {
        "new": _title(fact, new),
        "old": _title(fact, old),
        **({"both": phrase("doubt", "both")} if both else {}),
    }
    return [{"title": title, "payload": f"{ANSWER}={key}"} for key, title in titles.items()]


def _title(fact: str, value: Any) -> str:
    return capital(say_fact(fact, value))


def settle(memory: Memory, heard: Heard) -> Heard:
    """What was heard, with the fact in doubt as the person settled it; a fact that they do not settle stays as it
    was, so that nobody is asked twice."""
    doubt = memory.doubt or {}
    memory.doubt, memory.asked = None, None
    if not doubt:
        return heard
    fact, value = str(doubt["fact"]), doubt["value"]
    told = {name: one for name, one in heard.facts.items() if name != fact}
    if heard.chosen == "both":
        told[fact] = [*memory.values()[fact], *(one for one in value if one not in memory.values()[fact])]
    elif heard.chosen == "new" or (heard.chosen is None and heard.intent == "affirm"):
        told[fact] = value
    elif heard.chosen is None and fact in heard.facts and heard.intent != "deny":
        told[fact] = heard.facts[fact]
    if fact not in told:
        memory.refused = [*memory.refused, f"{fact}={value}"][-MOST_REFUSED:]
    heard.facts, heard.source = told, "chosen" if fact in told else heard.source
    return heard
