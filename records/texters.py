"""Who texts: phone numbers by their HMAC, who was greeted, who said STOP, and what of an answer waits behind MORE."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import settings
from records.engine import transaction
from records.models import now
from records.sealing import SealError, fingerprint, seal, unseal
from records.text_models import Reminder, ShortLink, Texter, TextIn, TextOut
from records.writing import changed

CHANNEL = "sms"
TEXTER = "imr-triage/texter/1"
TEXTS = "imr-triage/texts/1"
OWED = ("owed", "trying")


class Envelope(NamedTuple):
    """What is sealed of a message: the phone number as +14155550134, the words, how many pictures were with them."""

    phone: str
    words: str
    pictures: int = 0

    def sealed(self) -> str:
        """The envelope so that only a process with the signing key can read it."""
        return seal(json.dumps(self), TEXTS)

    @classmethod
    def opened(cls, sealed: str) -> Envelope:
        """The envelope that was sealed. Raises SealError."""
        return cls(*json.loads(unseal(sealed, TEXTS)))


class Known(NamedTuple):
    """What is known of who texts; `rest` is what of the last answer waits behind MORE."""

    is_greeted: bool
    is_stopped: bool
    rest: str


def texter_id(phone: str, current: settings.Settings | None = None) -> str:
    """What stands for a phone number (E.164), and the id of the conversation that it leads."""
    return f"{CHANNEL}-{fingerprint(phone, TEXTER, current)}"


def known(texter: str, *, url: str | None = None) -> Known:
    """What is known of who texts; nothing of somebody new."""
    with transaction(url) as session:
        row = _found(session, texter)
        if row is None:
            return Known(False, False, "")
        return Known(row.greeted_at is not None, row.stopped_at is not None, _opened(row.rest))


def keep(session: Session, texter: str, *, greeted: bool, rest: str | None) -> None:
    """Note that somebody was greeted, and what of the last answer waits; None leaves what waited before."""
    row = _row(session, texter)
    row.greeted_at = row.greeted_at or (now() if greeted else None)
    if rest is not None:
        row.rest = seal(rest, TEXTS) if rest else None


def begin(session: Session, texter: str) -> None:
    """They may be texted (again). Reminders that were wished for in the very moment of a STOP stay off."""
    _row(session, texter).stopped_at = None
    changed(session, Reminder, Reminder.texter_id == texter, Reminder.sealed.is_(None), state="done")


def stop(session: Session, texter: str, moment: datetime) -> None:
    """They want no more messages: none is sent, answered or reminded of, until `begin`; what was kept of them to do
    so is erased."""
    row = _row(session, texter)
    row.stopped_at, row.rest = moment, None
    changed(session, TextIn, TextIn.texter_id == texter, TextIn.state == "waiting", state="done", sealed=None)
    changed(session, TextOut, TextOut.texter_id == texter, TextOut.state.in_(OWED), state="dropped", sealed=None)
    changed(session, Reminder, Reminder.texter_id == texter, state="done", sealed=None, code=None)


def hold(session: Session, texter: str) -> None:
    """Holds a phone number until the end of the transaction, so that what is counted of it is not counted twice at
    once. (SQLite knows no SELECT FOR UPDATE, and locks at the first write.)"""
    _row(session, texter)
    changed(session, Texter, Texter.texter_id == texter, stopped_at=Texter.stopped_at)


def is_stopped(session: Session, texter: str) -> bool:
    """Whether they said STOP."""
    return session.scalar(select(Texter.stopped_at).where(Texter.texter_id == texter)) is not None


def erase(sender_id: str, *, url: str | None = None) -> None:
    """What was kept for a conversation beside its words: reminders, links, the rest of an answer. That they said STOP
    stays, by law, and so does which messages came, so that none is answered twice."""
    with transaction(url) as session:
        erase_in(session, sender_id)


def erase_in(session: Session, sender_id: str) -> int:
    """The same within a transaction. Returns how many messages will not be sent."""
    dropped = drop_owed(session, select(Reminder.texter_id).where(Reminder.sender_id == sender_id))
    changed(session, Texter, Texter.texter_id == sender_id, rest=None)
    for table in (Reminder, ShortLink):
        for row in session.scalars(select(table).where(table.sender_id == sender_id)):
            session.delete(row)
    return dropped


def drop_owed(session: Session, texters: Any) -> int:
    """Reminders and codes to these phones that did not go out yet are not sent. Returns how many."""
    unsent = (TextOut.kind.in_(("reminder", "code")), TextOut.state.in_(OWED), TextOut.texter_id.in_(texters))
    return changed(session, TextOut, *unsent, state="dropped", sealed=None)


def _opened(rest: str | None) -> str:
    """The rest of an answer; nothing when another key sealed it."""
    try:
        return unseal(rest, TEXTS) if rest else ""
    except SealError:
        return ""


def _found(session: Session, texter: str) -> Texter | None:
    return session.scalars(select(Texter).where(Texter.texter_id == texter)).first()


def _row(session: Session, texter: str) -> Texter:
    """The row of a phone number, made when it is not there yet."""
    found = _found(session, texter)
    if found:
        return found
    try:
        with session.begin_nested():
            session.add(Texter(texter_id=texter))
    except IntegrityError:  # another process was a moment earlier
        pass
    return session.scalars(select(Texter).where(Texter.texter_id == texter)).one()
