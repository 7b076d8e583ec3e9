"""Requests for a call as staff work through them: who waits, what became of it. A contact is opened only when
somebody asks for it, and that is written down before it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from records import audit
from records.console_models import Note
from records.consultations import PARTS, State
from records.engine import transaction
from records.models import Consultation, Conversation, now
from records.notes import NOTES
from records.sealing import SealError, unseal

# From each state, those that may follow; what was closed by mistake can be taken up again.
FOLLOWING: dict[State, tuple[State, ...]] = {
    "new": ("called", "booked", "closed"),
    "called": ("called", "booked", "closed"),
    "booked": ("booked", "called", "closed"),
    "closed": ("new",),
}
STATES: tuple[State, ...] = tuple(FOLLOWING)


class QueueError(ValueError):
    """A request that is not there, or a state that cannot follow; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Waiting:
    """A request for a call, without its contact. `reason` is the route it was offered for, or that it was asked
    for."""

    id: int
    conversation_id: int
    state: State
    reason: str | None
    channel: str
    route: str | None
    next_date: Any
    asked_at: datetime
    booked_for: datetime | None
    notes: int


@dataclass(frozen=True)
class Contact:
    """Who is to be called; a part is None when it was not told, or when another key sealed it."""

    name: str | None
    reach: str | None
    best_time: str | None


def queue(state: str | None, limit: int, *, after: int | None = None, url: str | None = None) -> list[Waiting]:
    """The requests in a state (of all states without one), who waited longest first, those after a number."""
    wanted = _select().order_by(Consultation.id).limit(limit)
    wanted = wanted.where(Consultation.state == state) if state else wanted
    return _read(wanted.where(Consultation.id > after) if after else wanted, url)


def one(request_id: int, *, url: str | None = None) -> Waiting | None:
    """One request."""
    found = _read(_select().where(Consultation.id == request_id), url)
    return found[0] if found else None


def of(conversation_id: int, *, url: str | None = None) -> list[Waiting]:
    """The requests of a conversation."""
    return _read(_select().where(Consultation.conversation_id == conversation_id).order_by(Consultation.id), url)


def open_contact(request_id: int, *, by: str, url: str | None = None) -> Contact:
    """Who is to be called; it is in the log who asked. Raises QueueError("not_there")."""
    with transaction(url) as session:
        row = session.get(Consultation, request_id)
        if row is None or row.state not in STATES:
            raise QueueError("not_there")
        audit.append(session, by, "contact.view", f"consultation {request_id}")
        return Contact(*(_opened(getattr(row, part)) for part in PARTS))


def open_all(requests: Iterable[Waiting], *, by: str, what: str, url: str | None = None) -> dict[int, Contact]:
    """The contacts of some requests, to be taken away in a file; one line in the log names them all."""
    numbers = [request.id for request in requests]
    with transaction(url) as session:
        audit.append(session, by, "contact.export", "consultations", {"consultations": numbers, "file": what})
        rows = session.scalars(select(Consultation).where(Consultation.id.in_(numbers))) if numbers else ()
        return {row.id: Contact(*(_opened(getattr(row, part)) for part in PARTS)) for row in rows}


def outcomes(numbers: Iterable[int], *, url: str | None = None) -> dict[int, str]:
    """What staff noted of some requests, one line each, in one text."""
    wanted = select(Note.consultation_id, Note.text).where(Note.consultation_id.in_(list(numbers))).order_by(Note.id)
    found: dict[int, list[str]] = {}
    with transaction(url) as session:
        for number, sealed in session.execute(wanted):
            found.setdefault(number, []).append(_opened(sealed, NOTES) or "")
    return {number: "\n".join(texts) for number, texts in found.items()}


def move(request_id: int, state: str, *, by: str, booked_for: datetime | None = None, url: str | None = None) -> None:
    """Note what became of a request. Raises QueueError("not_there" | "bad_state" | "no_time")."""
    with transaction(url) as session:
        row = session.get(Consultation, request_id)
        if row is None or row.state not in FOLLOWING:
            raise QueueError("not_there")
        if state not in FOLLOWING[row.state]:
            raise QueueError("bad_state")
        if state == "booked" and booked_for is None:
            raise QueueError("no_time")
        row.state, row.updated_at = state, now()
        row.booked_for = booked_for if state == "booked" else None
        audit.append(session, by, "consultation.state", f"consultation {request_id}", {"state": state})


def _select() -> Any:
    notes = select(func.count(Note.id)).where(Note.consultation_id == Consultation.id).scalar_subquery()
    return select(Consultation, Conversation, notes).join(Conversation).where(Consultation.state.in_(STATES))


def _read(wanted: Any, url: str | None) -> list[Waiting]:
    with transaction(url) as session:
        return [_waiting(*row) for row in session.execute(wanted)]


def _waiting(row: Consultation, of_it: Conversation, notes: int) -> Waiting:
    return Waiting(
        id=row.id,
        conversation_id=row.conversation_id,
        state=row.state,
        reason=row.reason,
        channel=of_it.channel,
        route=of_it.route,
        next_date=of_it.next_date,
        asked_at=row.consent_at or row.created_at,
        booked_for=row.booked_for,
        notes=notes,
    )


def _opened(sealed: str | None, label: str | None = None) -> str | None:
    try:
        return (unseal(sealed, label) if label else unseal(sealed)) if sealed else None
    except SealError:
        return None
