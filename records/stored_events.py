"""Rasa's events as they lie in the database, read without Rasa."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SLOT = "case"  # the one slot that holds what is known (actions/memory.py)
REMOVED = "[removed]"
CHOICE = "/give_details"
WORD_JOINER = "\u2060"
Plain = Mapping[str, Any]


def parsed(data: str | None) -> dict[str, Any]:
    """One event; an empty one when what is stored cannot be read."""
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_of_the_person(event: Plain) -> bool:
    """Whether a person wrote or pressed something: the opening and the wish to erase come from the page itself."""
    text = str(event.get("text") or "")
    return event.get("event") == "user" and (not text.startswith("/") or text.startswith(CHOICE))


def chosen(event: Plain) -> str | None:
    """The payload of the button that was pressed; None for words."""
    text = str(event.get("text") or "")
    if not text.startswith(f"{CHOICE}{{"):
        return None
    return str(parsed(text.removeprefix(CHOICE)).get("choice") or "")


def shown_text(event: Plain) -> str:
    """The words of a message; none for a button."""
    text = str(event.get("text") or "")
    return "" if text.startswith("/") else text.removeprefix(WORD_JOINER)
