"""One message from the client, read and checked before anything is done with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from channels.clean import as_plain_text
from channels.refusal import RefusedError
from records.stored_events import CHOICE, CHOICE_ENTITY

SHORTEST_CONVERSATION_NUMBER = 32
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Said:
    """Words a person typed; `length` is how many characters came in, `id` the client's own for this message."""

    text: str
    length: int
    id: str | None = None


@dataclass(frozen=True)
class Chosen:
    """A button that was pressed; `id` is the client's own for this message."""

    payload: str
    id: str | None = None


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises RefusedError("bad_json") or RefusedError("bad_message")."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError("bad_json") from None
    if not isinstance(content, dict):
        raise RefusedError("bad_message")
    return content


def read_message(body: bytes) -> Said | Chosen:
    """The text or the choice in a body. Raises RefusedError saying what is allowed."""
    content = read_object(body)
    given = {key: content[key] for key in ("text", "payload") if content.get(key) is not None}
    if len(given) != 1 or not all(isinstance(value, str) for value in given.values()):
        raise RefusedError("bad_message")
    if "payload" in given:
        return Chosen(given["payload"], _id(content))
    return Said(as_plain_text(given["text"]), len(given["text"]), _id(content))


def conversation_number(body: bytes) -> str | None:
    """The client's own number for a new conversation, if the body has one. Raises RefusedError for one that could be
    guessed."""
    number = _id(read_object(body)) if body else None
    if number is not None and len(number) < SHORTEST_CONVERSATION_NUMBER:
        raise RefusedError("bad_number", shortest=SHORTEST_CONVERSATION_NUMBER)
    return number


def _id(content: dict[str, Any]) -> str | None:
    given = content.get("id")
    if given is None or (isinstance(given, str) and ID.fullmatch(given)):
        return given
    raise RefusedError("bad_id")


def as_rasa_choice(payload: str) -> str:
    """The message by which Rasa learns of a pressed button, as JSON in ASCII, so nothing can break out."""
    return f"{CHOICE}{json.dumps({CHOICE_ENTITY: payload})}"


def known_turns(body: bytes) -> int | None:
    """How many turns of the conversation the client has already; None when it does not say."""
    known = read_object(body).get("known") if body else None
    return known if isinstance(known, int) else None
