"""Who texts: phone numbers by their HMAC, who was greeted, who said STOP, and what of an answer waits behind MORE."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import settings
from records.engine import transaction
from records.models import now
from records.sealing import fingerprint, seal, unseal
from records.text_models import Reminder, ShortLink, Texter, TextIn, TextOut

CHANNEL = "sms"
TEXTER = "imr-triage/texter/1"
TEXTS = "imr-triage/texts/1"


class Letter(NamedTuple):
    """What is sealed of a message: the phone number as +14155550134, the words, how many pictures were with them."""

    phone: str
    words: str
    pictures: int = 0

    def sealed(self) -> str:
        """The letter so that only a process with the signing key can read it."""
        return seal(json.dumps(self), TEXTS)

    @classmethod
    def opened(cls, sealed: str) -> Letter:
        """The letter that was sealed. Raises SealError."""
        return cls(*json.loads(unseal(sealed, TEXTS)))


class Known(NamedTuple):
    """What is known of who texts; `rest` are the messages that wait behind MORE."""

    is_greeted: bool
    is_stopped: bool
    rest: tuple[str, ...]


def texter_id(phone: str, current: settings.Settings | None = None) -> str:
    """The sender id of a phone number in E.164, and the conversation that it leads."""
    return f"{CHANNEL}-{fingerprint(phone, TEXTER, current)}"


def known(sender_id: str, *, url: str | None = None) -> Known:
    """What is known of who texts; nothing of somebody new."""
    with transaction(url) as session:
        row = session.scalars(select(Texter).where(Texter.sender_id == sender_id)).first()
        if row is None:
            return Known(False, False, ())
        rest = tuple(json.loads(unseal(row.rest, TEXTS))) if row.rest else ()
        return Known(row.greeted_at is not None, row.stopped_at is not None, rest)


def row_of(session: Session, sender_id: str) -> Texter:
    """The row of a phone number, made when it is not there yet."""
    found = session.scalars(select(Texter).where(Texter.sender_id == sender_id)).first()
    if found:
        return found
    try:
        with session.begin_nested():
            session.add(Texter(sender_id=sender_id))
    except IntegrityError:  # another process was a moment earlier
        pass
    return session.scalars(select(Texter).where(Texter.sender_id == sender_id)).one()


def keep(session: Session, sender_id: str, *, rest: tuple[str, ...] = ()) -> None:
    """Note that somebody was greeted, and what of the last answer waits."""
    row = row_of(session, sender_id)
    row.greeted_at = row.greeted_at or now()
    row.rest = seal(json.dumps(rest), TEXTS) if rest else None


def begin(session: Session, sender_id: str) -> None:
    """They may be texted (again)."""
    row = row_of(session, sender_id)
    row.stopped_at, row.greeted_at = None, row.greeted_at or now()


def stop(session: Session, sender_id: str, moment: datetime) -> None:
    """They want no more messages: none is sent, answered or reminded of, until `begin`; what was kept of them to do
    so is erased."""
    row = row_of(session, sender_id)
    row.stopped_at, row.rest = moment, None
    _write(session, TextIn, TextIn.sender_id == sender_id, TextIn.state == "waiting", state="done", sealed=None)
    owed = TextOut.state.in_(("owed", "trying"))
    _write(session, TextOut, TextOut.sender_id == sender_id, owed, state="dropped", sealed=None)
    _write(session, Reminder, Reminder.texter_id == sender_id, state="done", sealed=None, code=None)


def is_stopped(session: Session, sender_id: str) -> bool:
    """Whether they said STOP."""
    stopped = select(Texter.stopped_at).where(Texter.sender_id == sender_id)
    return session.scalar(stopped) is not None


def erase(sender_id: str, *, url: str | None = None) -> None:
    """What was kept for a conversation beside its words: reminders, links, the rest of an answer. That they said STOP
    stays, by law, and so does which messages came, so that none is answered twice."""
    with transaction(url) as session:
        _write(session, Texter, Texter.sender_id == sender_id, rest=None)
        for table in (Reminder, ShortLink):
            for row in session.scalars(select(table).where(table.sender_id == sender_id)):
                session.delete(row)


def _write(session: Session, table: Any, *conditions: Any, **values: Any) -> int:
    change = update(table).where(*conditions).values(**values).execution_options(synchronize_session=False)
    return int(session.execute(change).rowcount)
