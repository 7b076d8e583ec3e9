"""Questions: one at a time, by the fact that they settle, with choices where there are any."""

from __future__ import annotations

from typing import Any

from actions.hearing import as_payload
from actions.memory import Memory
from actions.words import phrase, words
from imr_logic import vocabulary

Message = dict[str, Any]


def question(fact: str, memory: Memory, before: str = "") -> Message:
    """The question for a fact as one message. `before` is said first, in the same message."""
    entry = words()["questions"].get(fact, {})
    key = "only" if "only" in entry and "urgent" in memory.facts else "text"
    text = " ".join(part for part in (before, phrase("questions", fact, key)) if part)
    if memory.tries and "hint" in entry:
        text += " " + phrase("questions", fact, "hint")
    return message(text, buttons=_buttons(fact, memory), asks=fact, input=_input(fact))


def message(
    text: str, *, buttons: list[dict[str, str]] | None = None, asks: str | None = None, input: str = "text"
) -> Message:
    """One message as the channel takes it."""
    return {
        "text": text,
        "buttons": buttons or [],
        "json_message": {"asks": asks, "input": input, "assessment": None},
    }


def _input(fact: str) -> str:
    if vocabulary()[fact].kind == "day":
        return "date"
    return "choice" if words()["questions"].get(fact, {}).get("choices") else "text"


def _buttons(fact: str, memory: Memory) -> list[dict[str, str]]:
    entry = words()["questions"].get(fact, {})
    choices = [choice for choice in entry.get("choices", []) if not _contradicts(choice["facts"], fact, memory)]
    buttons = [{"title": choice["title"], "payload": as_payload(choice["facts"])} for choice in choices]
    unsure = as_payload(entry.get("not_sure", {fact: None}))
    return [*buttons, {"title": words()["not_sure"], "payload": unsure}]


def _contradicts(facts: dict[str, Any], asked: str, memory: Memory) -> bool:
    """A choice that would take back, beside answering, what the person already said."""
    known = memory.values()
    return any(fact != asked and known.get(fact) not in (None, value) for fact, value in facts.items())
