"""Text messages that came in: each is taken in once, however often it is delivered, and answered once.

A message is claimed for a time by one process; when that process dies, another answers it. Those of one phone number
are answered one after the other. The answer goes into the box of messages to send (`records.texts_out`) in the
same transaction in which the message is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import reminders, texters, texts_out
from records.engine import transaction
from records.models import now
from records.sealing import SealError, fingerprint
from records.text_models import TextIn
from records.texters import Envelope
from records.writing import changed

SID = "imr-triage/text-sid/1"
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MINUTES_WORTH = 30  # so many minutes at the limit fill a day
MOST_NOTICES, MOST_NOTICES_IN = 3, timedelta(minutes=10)
LEASE = timedelta(seconds=60)  # longer than a turn may take, with the wait for its conversation
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
# What is done about a message at once; whether it is answered.
Change = Callable[[Session], bool]


class Came(NamedTuple):
    """A message that came in: what stands for Twilio's id of it and for its phone number, and the number itself."""

    sid_mark: str
    texter_id: str
    phone: str

    @classmethod
    def of(cls, sid: str, phone: str) -> Came:
        """A message with Twilio's id, from a phone number in E.164."""
        return cls(fingerprint(sid, SID), texters.texter_id(phone), phone)


class Waiting(NamedTuple):
    """A message that was claimed to be answered; `tries` is how often that has failed."""

    id: int
    sid_mark: str
    texter_id: str
    envelope: Envelope
    came_at: datetime
    tries: int
    owner: str


class LostClaimError(RuntimeError):
    """Another process answered the message, or its sender said STOP meanwhile; nothing was kept."""


def take_in(
    came: Came,
    envelope: Envelope,
    *,
    most_a_minute: int = 0,
    when_too_many: Sequence[str] = (),
    at_once: Sequence[str] = (),
    url: str | None = None,
) -> bool:
    """Keep a message to be answered; whether it is new. One of somebody who said STOP is noted and not kept, and so
    is one too many in a minute, or thirty times as many in a day (0 is no limit); they are told of it now and then.
    `at_once` is owed before all else when the answer has to wait for something: help in danger."""

    def kept(session: Session, row: TextIn) -> None:
        row.state = "done"
        if texters.is_stopped(session, came.texter_id):
            return
        if at_once and _has_to_wait(session, row):
            texts_out.add(session, came.texter_id, came.phone, at_once, "danger")
        if not most_a_minute or not _is_too_much(session, came.texter_id, most_a_minute):
            row.state, row.sealed = "waiting", envelope.sealed()
        else:
            _tell(session, came, when_too_many, most=1)

    return _once(came, kept, url)


def answer_at_once(came: Came, words: Sequence[str], change: Change | None = None, *, url: str | None = None) -> bool:
    """Do what a message asks for without the assistant, and answer it; whether it is new. Without a `change` it is
    answered now and then, unless its sender said STOP."""

    def answered(session: Session, row: TextIn) -> None:
        row.state = "done"
        if change is None:
            _tell(session, came, words, most=MOST_NOTICES)
        elif change(session):
            texts_out.add(session, came.texter_id, came.phone, words, "notice")

    return _once(came, answered, url)


def stopping(came: Came) -> Change:
    """STOP: honoured, and said once however often it comes."""

    def stop(session: Session) -> bool:
        if texters.is_stopped(session, came.texter_id):
            return False
        texters.stop(session, came.texter_id, now())
        return True

    return stop


def starting(came: Came) -> Change:
    """START, which takes a STOP back."""

    def start(session: Session) -> bool:
        texters.begin(session, came.texter_id)
        return True

    return start


def ending_reminders(came: Came) -> Change:
    """DONE, which ends the reminders that go to this phone."""

    def end(session: Session) -> bool:
        reminders.end_for(session, came.texter_id)
        return True

    return end


def claim(owner: str, moment: datetime, limit: int, *, url: str | None = None) -> list[Waiting]:
    """Take up to `limit` messages to answer, of each phone number the oldest one only."""
    heads = select(func.min(TextIn.id)).where(TextIn.state == "waiting").group_by(TextIn.texter_id)
    due = select(TextIn.id, TextIn.due_at).where(TextIn.id.in_(heads), TextIn.due_at <= moment)
    with transaction(url) as session:
        rows = session.execute(due.order_by(TextIn.id).limit(limit)).all()
    return [found for row_id, seen in rows if (found := _claim(owner, moment, row_id, seen, url))]


def release(owner: str, *, url: str | None = None) -> int:
    """Give back what a process of that name claimed before it died. Returns how many messages."""
    with transaction(url) as session:
        return changed(
            session, TextIn, TextIn.state == "waiting", TextIn.claimed_by == owner, claimed_by=None, due_at=now()
        )


def is_followed(one: Waiting, *, url: str | None = None) -> bool:
    """Whether the same person has written again meanwhile."""
    later = (TextIn.texter_id == one.texter_id, TextIn.state == "waiting", TextIn.id > one.id)
    with transaction(url) as session:
        return session.scalar(select(TextIn.id).where(*later).limit(1)) is not None


def finish(
    one: Waiting,
    words: Sequence[str],
    *,
    rest: str | None = None,
    greeted: bool = False,
    url: str | None = None,
) -> None:
    """The message is answered: its words go, the answer is owed. `rest` is what of the answer waits behind MORE, None
    leaves what waited before; `greeted` says that the answer tells who writes. Raises LostClaimError."""
    with transaction(url) as session:
        if not changed(session, TextIn, *_claimed(one), state="done", sealed=None):
            raise LostClaimError
        texters.keep(session, one.texter_id, greeted=greeted, rest=rest)
        reminders.give_phone(session, one.texter_id, one.envelope.phone)
        texts_out.add(session, one.texter_id, one.envelope.phone, words, "answer")


def failed(one: Waiting, moment: datetime, *, url: str | None = None) -> None:
    """Answering failed: it is tried again after a pause, which doubles each time."""
    pause = min(FIRST_PAUSE * 2 ** min(one.tries, 10), LONGEST_PAUSE)
    with transaction(url) as session:
        changed(session, TextIn, *_claimed(one), tries=one.tries + 1, claimed_by=None, due_at=moment + pause)


def _claim(owner: str, moment: datetime, row_id: int, seen: datetime, url: str | None) -> Waiting | None:
    """The message, claimed; None when another process took it. One that another key sealed can never be read: it is
    done with, so that it holds up nothing."""
    with transaction(url) as session:
        free = (TextIn.id == row_id, TextIn.state == "waiting", TextIn.due_at == seen)
        if not changed(session, TextIn, *free, claimed_by=owner, due_at=moment + LEASE):
            return None
        row = session.get(TextIn, row_id)
        try:
            envelope = Envelope.opened(row.sealed)
        except SealError:
            row.state, row.sealed = "done", None
            return None
        return Waiting(row.id, row.sid_mark, row.texter_id, envelope, row.came_at, row.tries, owner)


def _claimed(one: Waiting) -> tuple[object, ...]:
    return TextIn.id == one.id, TextIn.state == "waiting", TextIn.claimed_by == one.owner


def _has_to_wait(session: Session, row: TextIn) -> bool:
    """Whether other messages of the same person, in or out, stand before this one."""
    before = (TextIn.texter_id == row.texter_id, TextIn.state == "waiting", TextIn.id != row.id)
    waits = session.scalar(select(TextIn.id).where(*before).limit(1)) is not None
    return waits or texts_out.are_owed(session, row.texter_id)


def _is_too_much(session: Session, texter: str, most_a_minute: int) -> bool:
    """Whether a phone number writes too often, this message too: in the last minute or in the last day."""
    in_a_minute, in_a_day = (_since(session, texter, now() - span) for span in (A_MINUTE, A_DAY))
    return in_a_minute > most_a_minute or in_a_day > most_a_minute * MINUTES_WORTH


def _since(session: Session, texter: str, moment: datetime) -> int:
    recent = (TextIn.texter_id == texter, TextIn.came_at > moment)
    return int(session.scalar(select(func.count()).select_from(TextIn).where(*recent)) or 0)


def _tell(session: Session, came: Came, words: Sequence[str], most: int) -> None:
    """A word of the door's own, unless its sender said STOP or was told so many just now: two machines that answer
    each other must come to rest."""
    told = texts_out.made_since(session, came.texter_id, "notice", now() - MOST_NOTICES_IN)
    if told < most and not texters.is_stopped(session, came.texter_id):
        texts_out.add(session, came.texter_id, came.phone, words, "notice")


def _once(came: Came, then: Callable[[Session, TextIn], None], url: str | None) -> bool:
    """Does what a message asks for, in the transaction that notes its id; false when it was noted before."""
    try:
        with transaction(url) as session:
            row = TextIn(sid_mark=came.sid_mark, texter_id=came.texter_id)
            session.add(row)
            session.flush()
            then(session, row)
    except IntegrityError:
        with transaction(url) as session:
            if session.scalar(select(TextIn.id).where(TextIn.sid_mark == came.sid_mark)) is None:
                raise
        return False
    return True
