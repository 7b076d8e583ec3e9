"""Rasa's events as they lie in the database, read without Rasa."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SLOT = "case"  # the one slot that holds what is known (actions/memory.py)
REMOVED = "[removed]"
MESSAGE_ID = "client_id"  # in the metadata of a person's message: the client's own number for it
PRIVATE = "private"  # in the metadata of a person's message, or in the custom JSON of the assistant's

CHOICE_ENTITY = "choice"
CHOICE = "/give_details"  # a pressed button is this intent with one entity
WORD_JOINER = "\u2060"  # before a text that looks like a command of Rasa's
Plain = Mapping[str, Any]
LATEST = 32_503_680_000.0  # the year 3000; what is later is no moment of a conversation


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one: what an older version stored may have another shape."""
    return value if isinstance(value, dict) else {}


def mappings(within: Plain, name: str) -> list[dict[str, Any]]:
    """The objects of a list; none for what is no list."""
    found = within.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def number(value: Any) -> float:
    """The value if it is a number, else 0."""
    return float(value) if isinstance(value, int | float) and abs(value) <= LATEST else 0.0


def moment_of(event: Plain) -> datetime:
    """When an event happened."""
    return datetime.fromtimestamp(number(event.get("timestamp")), UTC)


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


def payload_of(text: str) -> str | None:
    """The payload of the pressed button that a message stands for; None for words."""
    if not text.startswith(f"{CHOICE}{{"):
        return None
    return str(parsed(text.removeprefix(CHOICE)).get(CHOICE_ENTITY) or "")


def shown_text(event: Plain) -> str:
    """The words of a message; none for a button."""
    text = str(event.get("text") or "")
    return "" if text.startswith("/") else text.removeprefix(WORD_JOINER)
