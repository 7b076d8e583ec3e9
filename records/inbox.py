"""The conversations as staff see them in a list: filtered, searched, sorted, a page at a time by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import and_, func, or_, select

from records import audit, search_words
from records.engine import transaction
from records.models import FLAGS, Conversation
from records.writing import changed

Status = Literal["new", "in_review", "done"]
Order = Literal["date", "newest"]
STATUSES: tuple[Status, ...] = get_args(Status)
ORDERS: tuple[Order, ...] = get_args(Order)
MOST_COUNTED = 1000


class Key(NamedTuple):
    """Where a page ends: the last line's date or moment (None for a case without a date), and its number."""

    value: date | datetime | None
    id: int


@dataclass(frozen=True)
class Wanted:
    """Which conversations, and in which order. None is any. `after` is where the page before ended."""

    status: Status | None = None
    route: str | None = None
    channel: str | None = None
    language: str | None = None
    flag: str | None = None
    assigned_to: int | None = None
    words: str = ""
    order: Order = "date"
    after: Key | None = None


@dataclass(frozen=True)
class Line:
    """One conversation of the list."""

    id: int
    sender_id: str
    channel: str
    language: str
    route: str | None
    next_date: date | None
    preview: str | None
    messages: int
    flags: tuple[str, ...]
    status: Status
    assigned_to: int | None
    created_at: datetime
    updated_at: datetime
    purged_at: datetime | None


class Page(NamedTuple):
    """Some lines, and the key to go on after them; None when there are no more."""

    lines: list[Line]
    next: Key | None


def page(wanted: Wanted, limit: int, *, url: str | None = None) -> Page:
    """One page of the list."""
    ordered = select(Conversation).where(*_conditions(wanted), *_after(wanted)).order_by(*_order(wanted))
    with transaction(url) as session:
        found = [_line(row) for row in session.scalars(ordered.limit(limit + 1))]
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, _key(shown[-1], wanted.order) if more else None)


def count(wanted: Wanted, *, url: str | None = None) -> int:
    """How many there are, counted up to MOST_COUNTED."""
    some = select(Conversation.id).where(*_conditions(wanted)).limit(MOST_COUNTED).subquery()
    with transaction(url) as session:
        return int(session.scalar(select(func.count()).select_from(some)) or 0)


def line(conversation_id: int, *, url: str | None = None) -> Line | None:
    """One conversation."""
    with transaction(url) as session:
        row = session.get(Conversation, conversation_id)
        return _line(row) if row else None


def neighbours(conversation_id: int, wanted: Wanted, *, url: str | None = None) -> tuple[int | None, int | None]:
    """The conversations before and after one in a list."""
    with transaction(url) as session:
        row = session.get(Conversation, conversation_id)
        if row is None:
            return None, None
        here = _key(_line(row), wanted.order)
        following = select(Conversation.id).where(*_conditions(wanted), *_beyond(wanted.order, here, True))
        before = select(Conversation.id).where(*_conditions(wanted), *_beyond(wanted.order, here, False))
        return (
            session.scalar(before.order_by(*_reversed_order(wanted)).limit(1)),
            session.scalar(following.order_by(*_order(wanted)).limit(1)),
        )


def routes(*, url: str | None = None) -> list[str]:
    """The routes that occur."""
    with transaction(url) as session:
        return sorted(session.scalars(select(Conversation.route).where(Conversation.route.is_not(None)).distinct()))


def set_status(conversation_id: int, status: Status, *, by: str, url: str | None = None) -> bool:
    """Note how far staff are; whether there is such a conversation."""
    return _change(conversation_id, by, "conversation.status", {"status": status}, url, status=status)


def assign(conversation_id: int, staff_id: int | None, name: str, *, by: str, url: str | None = None) -> bool:
    """Give a conversation to a member of staff, or to nobody; whether there is such a conversation."""
    return _change(conversation_id, by, "conversation.assign", {"to": name}, url, assigned_to=staff_id)


def _change(
    conversation_id: int, by: str, action: str, details: dict[str, Any], url: str | None, **values: Any
) -> bool:
    with transaction(url) as session:
        values |= {"updated_at": Conversation.updated_at}  # what staff do is no sign of life of the person
        found = changed(session, Conversation, Conversation.id == conversation_id, **values) > 0
        if found:
            audit.append(session, by, action, f"conversation {conversation_id}", details)
        return found


def _conditions(wanted: Wanted) -> list[Any]:
    """A conversation in which nobody wrote anything, or whose content is gone, is none that staff need to see."""
    found: list[Any] = [Conversation.messages > 0, Conversation.purged_at.is_(None)]
    for name in ("status", "route", "channel", "language", "assigned_to"):
        value = getattr(wanted, name)
        found += [getattr(Conversation, name) == value] if value is not None else []
    if wanted.flag in FLAGS:
        found.append(getattr(Conversation, str(wanted.flag)).is_(True))
    return [*found, *search_words.are_in(wanted.words)]


def _order(wanted: Wanted) -> tuple[Any, ...]:
    """The nearest date first and those without one last, or what was written last first."""
    if wanted.order == "newest":
        return Conversation.updated_at.desc(), Conversation.id.desc()
    return Conversation.next_date.asc().nulls_last(), Conversation.id.asc()


def _reversed_order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.order == "newest":
        return Conversation.updated_at.asc(), Conversation.id.asc()
    return Conversation.next_date.desc().nulls_first(), Conversation.id.desc()


def _after(wanted: Wanted) -> list[Any]:
    return _beyond(wanted.order, wanted.after, True) if wanted.after else []


def _beyond(order: Order, key: Key, later: bool) -> list[Any]:
    """What comes later in the list than a key, or earlier."""
    column = Conversation.updated_at if order == "newest" else Conversation.next_date
    grows = later != (order == "newest")
    next_id = Conversation.id > key.id if grows else Conversation.id < key.id
    if key.value is None:  # among those without a date, which come last
        among = and_(column.is_(None), next_id)
        return [among if later else or_(column.is_not(None), among)]
    further = column > key.value if grows else column < key.value
    behind = or_(further, and_(column == key.value, next_id))
    return [or_(behind, column.is_(None)) if order == "date" and later else behind]


def _key(one: Line, order: Order) -> Key:
    return Key(one.updated_at if order == "newest" else one.next_date, one.id)


def _line(row: Conversation) -> Line:
    return Line(
        id=row.id,
        sender_id=row.sender_id,
        channel=row.channel,
        language=row.language,
        route=row.route,
        next_date=row.next_date,
        preview=row.preview,
        messages=row.messages,
        flags=tuple(flag for flag in FLAGS if getattr(row, flag)),
        status=row.status,
        assigned_to=row.assigned_to,
        created_at=row.created_at,
        updated_at=row.updated_at,
        purged_at=row.purged_at,
    )
