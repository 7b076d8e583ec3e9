"""Text messages that came in: each is taken in once, however often it is delivered, and answered once.

A message is claimed for a time by one process; when that process dies, another answers it. Those of one phone number
are answered one after the other. The answer goes into the box of messages to send (`records.texts_out`) in the
same transaction in which the message is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import reminders, texters, texts_out
from records.engine import transaction
from records.models import now
from records.sealing import fingerprint
from records.text_models import TextIn
from records.texters import Letter
from records.texts_out import Kind

NUMBER = "imr-triage/text-number/1"
LEASE = timedelta(seconds=40)  # longer than a turn may take
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)


class Waiting(NamedTuple):
    """A message that was claimed to be answered. `number` is the HMAC of the carrier's number, `tries` how often
    answering it has failed."""

    id: int
    number: str
    sender_id: str
    letter: Letter
    tries: int
    owner: str


class LostClaimError(RuntimeError):
    """Another process answered the message, or its sender said STOP meanwhile; nothing was kept."""


def number_of(carriers_number: str) -> str:
    """What stands for the carrier's own number of a message."""
    return fingerprint(carriers_number, NUMBER)


def take_in(number: str, sender_id: str, letter: Letter, *, url: str | None = None) -> bool:
    """Keep a message to be answered; whether it is new. A message of somebody who said STOP is noted and not kept."""

    def unless_stopped(session: Session, row: TextIn) -> None:
        if texters.is_stopped(session, sender_id):
            row.state = "done"
        else:
            row.sealed = letter.sealed()

    return _once(number, sender_id, unless_stopped, url)


def answer_at_once(number: str, sender_id: str, phone: str, words: Sequence[str], *, url: str | None = None) -> bool:
    """Note a message that is answered without the assistant, unless its sender said STOP; whether it is new."""

    def answered(session: Session, row: TextIn) -> None:
        row.state = "done"
        if not texters.is_stopped(session, sender_id):
            texts_out.add(session, sender_id, phone, words, "notice")

    return _once(number, sender_id, answered, url)


def stop(number: str, sender_id: str, phone: str, words: Sequence[str], *, url: str | None = None) -> bool:
    """Their STOP: honoured now, and said once; whether it is new."""

    def stopped(session: Session, row: TextIn) -> None:
        row.state = "done"
        if not texters.is_stopped(session, sender_id):
            texters.stop(session, sender_id, now())
            texts_out.add(session, sender_id, phone, words, "notice")

    return _once(number, sender_id, stopped, url)


def start(number: str, sender_id: str, phone: str, words: Sequence[str], *, url: str | None = None) -> bool:
    """Their START, which takes a STOP back; whether it is new."""

    def started(session: Session, row: TextIn) -> None:
        row.state = "done"
        texters.begin(session, sender_id)
        texts_out.add(session, sender_id, phone, words, "notice")

    return _once(number, sender_id, started, url)


def end_reminders(number: str, sender_id: str, phone: str, words: Sequence[str], *, url: str | None = None) -> bool:
    """Their DONE, which ends the reminders of this phone number; whether it is new."""

    def ended(session: Session, row: TextIn) -> None:
        row.state = "done"
        reminders.end_for(session, sender_id)
        texts_out.add(session, sender_id, phone, words, "notice")

    return _once(number, sender_id, ended, url)


def claim(owner: str, moment: datetime, limit: int, *, url: str | None = None) -> list[Waiting]:
    """Take up to `limit` messages to answer, of each phone number the oldest one only."""
    heads = select(func.min(TextIn.id)).where(TextIn.state == "waiting").group_by(TextIn.sender_id)
    due = select(TextIn).where(TextIn.id.in_(heads), TextIn.due_at <= moment).order_by(TextIn.id).limit(limit)
    with transaction(url) as session:
        rows = [(row.id, row.due_at) for row in session.scalars(due)]
    return [found for row_id, seen in rows if (found := _claim(owner, moment, row_id, seen, url))]


def release(owner: str, *, url: str | None = None) -> int:
    """Give back what a process of that name claimed before it died. Returns how many messages."""
    with transaction(url) as session:
        mine = update(TextIn).where(TextIn.state == "waiting", TextIn.claimed_by == owner)
        done = session.execute(
            mine.values(claimed_by=None, due_at=now()).execution_options(synchronize_session=False)
        )
        return int(done.rowcount)


def finish(
    one: Waiting, words: Sequence[str], *, rest: tuple[str, ...] = (), kind: Kind = "answer", url: str | None = None
) -> None:
    """The message is answered: its words go, the answer is owed. Raises LostClaimError."""
    with transaction(url) as session:
        mine = update(TextIn).where(TextIn.id == one.id, TextIn.state == "waiting", TextIn.claimed_by == one.owner)
        done = session.execute(mine.values(state="done", sealed=None).execution_options(synchronize_session=False))
        if done.rowcount != 1:
            raise LostClaimError
        texters.keep(session, one.sender_id, rest=rest)
        reminders.give_phone(session, one.sender_id, one.letter.phone)
        texts_out.add(session, one.sender_id, one.letter.phone, words, kind)


def failed(one: Waiting, moment: datetime, *, url: str | None = None) -> None:
    """Answering failed: it is tried again after a pause, which doubles each time."""
    pause = min(FIRST_PAUSE * 2 ** min(one.tries, 10), LONGEST_PAUSE)
    with transaction(url) as session:
        mine = update(TextIn).where(TextIn.id == one.id, TextIn.claimed_by == one.owner)
        change = mine.values(tries=one.tries + 1, claimed_by=None, due_at=moment + pause)
        session.execute(change.execution_options(synchronize_session=False))


def _claim(owner: str, moment: datetime, row_id: int, seen: datetime, url: str | None) -> Waiting | None:
    with transaction(url) as session:
        free = update(TextIn).where(TextIn.id == row_id, TextIn.state == "waiting", TextIn.due_at == seen)
        change = free.values(claimed_by=owner, due_at=moment + LEASE)
        if session.execute(change.execution_options(synchronize_session=False)).rowcount != 1:
            return None
        row = session.get(TextIn, row_id)
        return Waiting(row.id, row.number, row.sender_id, Letter.opened(row.sealed), row.tries, owner)


def _once(number: str, sender_id: str, then: Callable[[Session, TextIn], None], url: str | None) -> bool:
    """Does what a message asks for, in the transaction that notes its number; false when it was noted before."""
    try:
        with transaction(url) as session:
            row = TextIn(number=number, sender_id=sender_id)
            session.add(row)
            session.flush()
            then(session, row)
    except IntegrityError:
        with transaction(url) as session:
            if session.scalar(select(TextIn.id).where(TextIn.number == number)) is None:
                raise
        return False
    return True
