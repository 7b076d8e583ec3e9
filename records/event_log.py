"""The events of conversations as they lie in the database: read from their end, added once each.

A turn reads the last turns of its conversation and, of all before them, only what still stands: the last value of
each slot, the open loop, the last new beginning. So the five hundredth turn costs what the tenth did.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from records.models import Conversation, RasaEvent
from records.stored_events import MESSAGE_ID, Plain, mapping

# What may have happened long ago and still counts, but for slots and opened loops, which have names (Rasa's names of
# events).
STANDING = (
    "restart",
    "session_started",
    "reset_slots",
    "active_loop",
    "loop_interrupted",
    "pause",
    "resume",
)
SLOT_SET, LOOP_OPENED = "slot", "active_loop"
LISTENS = "action_listen"
USER = "user"
BOT = "bot"
LAST = 2**31 - 1  # no number of an event is above it
events = RasaEvent.__table__


class MovedOnError(RuntimeError):
    """Another process added to the conversation while this one answered: the turn is void."""


class HeardBeforeError(MovedOnError):
    """The message with this number is in the conversation already."""


class Read(NamedTuple):
    """Events as plain JSON, the oldest first, and the number of the last one (None: there are none)."""

    events: list[dict[str, Any]]
    last_id: int | None


def latest(connection: Connection, sender_id: str, turns: int, slots: Sequence[str], loops: Sequence[str]) -> Read:
    """The last `turns` turns of a conversation, and before them what still stands of the turns before: of these
    slots and loops, and of what has no name."""
    begins = _beginning_of(connection, sender_id, turns)
    found = whole(connection, sender_id, begins or 0)
    if begins is None:
        return found
    asked = _what_stands(tuple(slots), tuple(loops))
    stands = connection.scalars(asked, {"sender_id": sender_id, "begins": begins})
    return Read([*map(json.loads, stands), *found.events], found.last_id)


def whole(connection: Connection, sender_id: str, begins: int = 0) -> Read:
    """Every event of a conversation, from the one numbered `begins`."""
    rows = connection.execute(EVENTS, {"sender_id": sender_id, "begins": begins, "ends": LAST}).all()
    return Read([json.loads(row.data) for row in rows], rows[-1].id if rows else None)


def answer_to(connection: Connection, sender_id: str, message_id: str) -> list[dict[str, Any]]:
    """The message with this number of the client's own, and what came after it up to the next message; nothing when
    it was never heard."""
    found = connection.scalar(MESSAGE, {"sender_id": sender_id, "message_id": message_id})
    if found is None:
        return []
    ends = connection.scalar(NEXT_MESSAGE, {"sender_id": sender_id, "after": found}) or LAST
    rows = connection.execute(EVENTS, {"sender_id": sender_id, "begins": found, "ends": ends})
    return [json.loads(row.data) for row in rows]


def said_lately(connection: Connection, sender_id: str, turns: int) -> list[dict[str, Any]]:
    """What the assistant said in the last `turns` turns."""
    begins = _beginning_of(connection, sender_id, turns) or 0
    return [json.loads(data) for data in connection.scalars(SAID, {"sender_id": sender_id, "begins": begins})]


def last_id(session: Session, sender_id: str) -> int | None:
    """The number of a conversation's last event."""
    found: int | None = session.scalar(LAST_ID, {"sender_id": sender_id})
    return found


def hold(session: Session, sender_id: str) -> None:
    """Let nobody else write to the conversation before this transaction ends. (SQLite has one writer anyway, from the
    first change on.)"""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(HELD, {"sender_id": sender_id})


def add(session: Session, sender_id: str, new: Sequence[Plain]) -> None:
    """Append events. Raises HeardBeforeError for a message whose number is there already."""
    rows = [_row(sender_id, event) for event in new]
    if not rows:
        return
    try:
        session.execute(sa.insert(events), rows)
    except sa.exc.IntegrityError as error:
        raise HeardBeforeError("the message is in the conversation already") from error


def _row(sender_id: str, event: Plain) -> dict[str, Any]:
    is_message = event.get("event") == USER
    return {
        "sender_id": sender_id,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": mapping(mapping(event.get("parse_data")).get("intent")).get("name"),
        "action_name": event.get("name"),
        "message_id": mapping(event.get("metadata")).get(MESSAGE_ID) if is_message else None,
        "data": json.dumps(event),
    }


def _beginning_of(connection: Connection, sender_id: str, turns: int) -> int | None:
    """The number of the event that the last `turns` turns begin with: that the assistant listens, before the person's
    message. None when there are not more turns than that."""
    begins: int | None = connection.scalar(BEGINNING, {"sender_id": sender_id, "turns_but_one": turns - 1})
    return begins


def _is(kind: str, name: str | None = None) -> Any:
    """Events of a kind and a name, which the index has in their order. (Messages of both sides have no name.)"""
    of_it = (events.c.sender_id == sa.bindparam("sender_id")) & (events.c.type_name == kind)
    return of_it & (events.c.action_name.is_(None) if name is None else events.c.action_name == name)


@lru_cache(maxsize=8)
def _what_stands(slots: tuple[str, ...], loops: tuple[str, ...]) -> Any:
    """The question for the last event of each kind that still counts, of all before a number, in their order."""
    kinds = [_is(kind) for kind in STANDING]
    kinds += [_is(SLOT_SET, slot) for slot in slots] + [_is(LOOP_OPENED, loop) for loop in loops]
    is_before = events.c.id < sa.bindparam("begins")
    lasts = [sa.select(sa.func.max(events.c.id)).where(kind, is_before).scalar_subquery() for kind in kinds]
    return sa.select(events.c.data).where(events.c.id.in_(lasts)).order_by(events.c.id)


# Each question is put together once, since that takes longer than asking it.
EVENTS = (
    sa.select(events.c.id, events.c.data)
    .where(events.c.sender_id == sa.bindparam("sender_id"))
    .where(events.c.id >= sa.bindparam("begins"), events.c.id < sa.bindparam("ends"))
    .order_by(events.c.id)
)
MESSAGE = sa.select(events.c.id).where(
    events.c.sender_id == sa.bindparam("sender_id"), events.c.message_id == sa.bindparam("message_id")
)
NEXT_MESSAGE = sa.select(sa.func.min(events.c.id)).where(_is(USER), events.c.id > sa.bindparam("after"))
SAID = sa.select(events.c.data).where(_is(BOT), events.c.id >= sa.bindparam("begins")).order_by(events.c.id)
FIRST_MESSAGE = (
    sa.select(events.c.id)
    .where(_is(USER))
    .order_by(events.c.id.desc())
    .offset(sa.bindparam("turns_but_one"))
    .limit(1)
)
BEGINNING = sa.select(sa.func.max(events.c.id)).where(
    _is("action", LISTENS), events.c.id < FIRST_MESSAGE.scalar_subquery()
)
LAST_ID = sa.select(sa.func.max(events.c.id)).where(events.c.sender_id == sa.bindparam("sender_id"))
HELD = sa.select(Conversation.id).where(Conversation.sender_id == sa.bindparam("sender_id")).with_for_update()
