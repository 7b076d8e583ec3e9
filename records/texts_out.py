"""Text messages that are owed: sent once each, those of one phone number in order, however often sending fails.

Twilio takes no id of ours with a message, so one that was handed over and not confirmed is `trying`: before it is
handed over again, Twilio is asked whether it has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from records import texters
from records.engine import transaction
from records.sealing import SealError, fingerprint
from records.text_models import TextOut
from records.texters import OWED, Envelope
from records.writing import changed

Kind = Literal["answer", "notice", "danger", "code", "reminder"]
URGENT = "danger"  # goes out before all else
SID = "imr-triage/sent-sid/1"
COURSE = ("accepted", "scheduled", "queued", "sending", "sent")  # then delivered, undelivered, failed, ...
LEASE = timedelta(seconds=30)  # longer than handing over and asking may take together
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)


class Owed(NamedTuple):
    """A message that was claimed to be sent. `first_tried_at` is when it was first handed over without being
    confirmed, None when Twilio surely does not have it."""

    id: int
    texter_id: str
    kind: Kind
    envelope: Envelope
    tries: int
    made_at: datetime
    first_tried_at: datetime | None


def add(session: Session, texter_id: str, phone: str, words: Sequence[str], kind: Kind) -> None:
    """Messages to send, in their order, in the caller's transaction."""
    for one in words:
        session.add(TextOut(texter_id=texter_id, kind=kind, sealed=Envelope(phone, one).sealed()))
        session.flush()


def owe(texter_id: str, phone: str, words: Sequence[str], kind: Kind, *, url: str | None = None) -> None:
    """Messages to send, in their order."""
    with transaction(url) as session:
        add(session, texter_id, phone, words, kind)


def claim(moment: datetime, limit: int, *, with_reminders: bool = True, url: str | None = None) -> list[Owed]:
    """Take up to `limit` messages to send: of each phone number the oldest, and what is urgent. What we start
    ourselves waits, without holding up an answer, when `with_reminders` is false."""
    earlier = aliased(TextOut)
    stands_before = and_(earlier.texter_id == TextOut.texter_id, earlier.state.in_(OWED), earlier.id < TextOut.id)
    counts = earlier.kind != "reminder" if not with_reminders else True
    is_first = ~select(earlier.id).where(stands_before, counts).exists()
    kinds = () if with_reminders else (TextOut.kind != "reminder",)
    goes = or_(is_first, TextOut.kind == URGENT)
    due = select(TextOut.id, TextOut.due_at).where(TextOut.state.in_(OWED), TextOut.due_at <= moment, goes, *kinds)
    with transaction(url) as session:
        rows = session.execute(due.order_by(TextOut.id).limit(limit)).all()
    return [found for row_id, seen in rows if (found := _claim(moment, row_id, seen, url))]


def sent(one: Owed, sid: str, *, url: str | None = None) -> None:
    """Twilio has it, under this id."""
    _change(one.id, url, state="sent", sealed=None, sid_mark=sent_mark(sid))


def refused(one: Owed, moment: datetime, after: timedelta | None = None, *, url: str | None = None) -> None:
    """Twilio surely did not take it: it is handed over again after a pause."""
    _change(one.id, url, state="owed", tried_at=None, tries=one.tries + 1, due_at=moment + (after or pause(one)))


def unsure(one: Owed, moment: datetime, *, url: str | None = None) -> None:
    """Nobody knows whether Twilio took it: it is asked after a pause."""
    _change(one.id, url, tries=one.tries + 1, due_at=moment + pause(one))


def given_up(one: Owed, error: int | None = None, *, url: str | None = None) -> None:
    """It can never be sent."""
    _change(one.id, url, state="failed", sealed=None, error=error)


def note_status(sid: str, status: str, error: int | None, *, url: str | None = None) -> bool:
    """What Twilio tells of a message later; whether it was news of one of ours. What was told out of order, such as
    "sent" after "delivered", is none."""
    with transaction(url) as session:
        row = session.scalars(select(TextOut).where(TextOut.sid_mark == sent_mark(sid))).first()
        if row is None or _rank(status) < _rank(row.status):
            return False
        row.status, row.error = status, error
        return True


def known_marks(texter_id: str, *, url: str | None = None) -> frozenset[str]:
    """What stands for the numbers under which Twilio has messages to somebody that we know of."""
    with transaction(url) as session:
        wanted = select(TextOut.sid_mark).where(TextOut.texter_id == texter_id, TextOut.sid_mark.is_not(None))
        return frozenset(session.scalars(wanted))


def waiting(*, url: str | None = None) -> int:
    """How many messages are owed."""
    with transaction(url) as session:
        return int(session.scalar(select(func.count()).select_from(TextOut).where(TextOut.state.in_(OWED))) or 0)


def made_since(session: Session, texter_id: str, kind: Kind, moment: datetime) -> int:
    """How many messages of a kind were made for a phone number since a moment."""
    made = (TextOut.texter_id == texter_id, TextOut.kind == kind, TextOut.made_at >= moment)
    return int(session.scalar(select(func.count()).select_from(TextOut).where(*made)) or 0)


def are_owed(session: Session, texter_id: str) -> bool:
    """Whether any message to a phone number has not gone out yet."""
    owed = select(TextOut.id).where(TextOut.texter_id == texter_id, TextOut.state.in_(OWED))
    return session.scalar(owed.limit(1)) is not None


def sent_mark(sid: str) -> str:
    """What stands for Twilio's own number of a message that it took."""
    return fingerprint(sid, SID)


def pause(one: Owed) -> timedelta:
    """How long to wait after a try that failed: twice as long each time, up to five minutes."""
    return min(FIRST_PAUSE * 2 ** min(one.tries, 10), LONGEST_PAUSE)


def _rank(status: str | None) -> int:
    """How far a message has come; what ends its way stands last."""
    return COURSE.index(status) if status in COURSE else len(COURSE) if status else -1


def _claim(moment: datetime, row_id: int, seen: datetime, url: str | None) -> Owed | None:
    """The message, claimed; None when another process took it. One that another key sealed can never be sent."""
    with transaction(url) as session:
        free = (TextOut.id == row_id, TextOut.state.in_(OWED), TextOut.due_at == seen)
        if changed(session, TextOut, *free, due_at=moment + LEASE) != 1:
            return None
        row = session.get(TextOut, row_id)
        if row.kind != "notice" and texters.is_stopped(session, row.texter_id):
            row.state, row.sealed = "dropped", None  # it was made in the very moment of the STOP
            return None
        try:
            envelope = Envelope.opened(row.sealed)
        except SealError:
            row.state, row.sealed = "failed", None
            return None
        before = row.tried_at if row.state == "trying" else None
        row.state, row.tried_at = "trying", before or moment
        return Owed(row.id, row.texter_id, row.kind, envelope, row.tries, row.made_at, before)


def _change(row_id: int, url: str | None, **values: object) -> None:
    """Nothing happens to a message that was dropped meanwhile, for a STOP."""
    with transaction(url) as session:
        changed(session, TextOut, TextOut.id == row_id, TextOut.state.in_(OWED), **values)
