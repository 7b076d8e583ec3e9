"""Messages as the channel takes them, and questions: one at a time, with choices where there are any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from actions.hearing import WISH, as_payload
from actions.memory import Memory
from actions.words import phrase, words
from imr_logic import Assessment, vocabulary

Message = dict[str, Any]
Button = dict[str, str]


def question(fact: str, memory: Memory, before: str = "") -> Message:
    """The question for a fact as one message, in words that were not used a moment ago. `before` is said first."""
    entry = words()["questions"].get(fact, {})
    key = "only" if "only" in entry and "urgent" in memory.facts else "text"
    asked = phrase("questions", fact, key, unlike=memory.before)
    hint = phrase("questions", fact, "hint") if memory.tries and "hint" in entry else ""
    text = " ".join(part for part in (before, asked, hint) if part)
    return message(text, buttons=_buttons(fact, memory), asks=fact, input=_input(fact))


def message(
    text: str,
    *,
    buttons: Sequence[Button] = (),
    asks: str | None = None,
    input: str = "text",
    assessment: Assessment | None = None,
    papers: Sequence[Button] = (),
    card: Mapping[str, Any] | None = None,
) -> Message:
    """One message as the channel takes it; the whole assessment and the card ride along for the client."""
    plain = assessment.model_dump(mode="json") if assessment else None
    return {
        "text": text,
        "buttons": list(buttons),
        "json_message": {"asks": asks, "input": input, "assessment": plain, "card": card, "papers": list(papers)},
    }


def wish_button(title: str, wish: str) -> Button:
    """A button that wishes something of the talk, such as more of the answer."""
    return {"title": title, "payload": f"{WISH}={wish}"}


def _input(fact: str) -> str:
    if vocabulary()[fact].kind == "day":
        return "date"
    return "choice" if words()["questions"].get(fact, {}).get("choices") else "text"


def _buttons(fact: str, memory: Memory) -> list[Button]:
    entry = words()["questions"].get(fact, {})
    choices = [choice for choice in entry.get("choices", []) if not _contradicts(choice["facts"], fact, memory)]
    buttons = [{"title": choice["title"], "payload": as_payload(choice["facts"])} for choice in choices]
    return _told_apart([*buttons, {"title": words()["not_sure"], "payload": as_payload(not_sure(fact))}])


def _told_apart(buttons: list[Button]) -> list[Button]:
    """The buttons, those that mean the same told apart, so that what was pressed can be shown by its own title."""
    seen = Counter[str]()
    for button in buttons:
        seen[button["payload"]] += 1
        nth = seen[button["payload"]]
        button["payload"] += f"&nth={nth}" if nth > 1 else ""
    return buttons


def not_sure(fact: str) -> dict[str, Any]:
    """What "I am not sure" settles when a fact was asked for."""
    found: dict[str, Any] = words()["questions"].get(fact, {}).get("not_sure", {fact: None})
    return found


def _contradicts(facts: dict[str, Any], asked: str, memory: Memory) -> bool:
    """A choice that would take back, beside answering, what the person already said."""
    known = memory.values()
    return any(fact != asked and known.get(fact) not in (None, value) for fact, value in facts.items())
