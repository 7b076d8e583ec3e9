"""Reminders by text message: who wants them, whether the phone number was proved, and which were sent.

Which day is reminded of is not kept here: it is read from the case when a reminder is due, so that a date that moves
moves its reminders.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import texters, texts_out
from records.engine import transaction
from records.models import now
from records.sealing import SealError, fingerprint
from records.text_models import Reminder, ReminderSent
from records.texters import Envelope
from records.writing import changed, gone

CODE = "imr-triage/reminder-code/1"
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=15)
MOST_CODE_TRIES = 5
MOST_CODES = 3  # to one phone number in a day
A_DAY = timedelta(days=1)
SET_UP = (Reminder.state == "on", Reminder.sealed.is_not(None))
Proof = Literal["right", "wrong", "over"]


class Wanted(NamedTuple):
    """Reminders that are on: the conversation whose case they are about, whom they go to, since which day, and which
    day of the case they were last about."""

    id: int
    sender_id: str
    texter_id: str
    phone: str
    since: date
    day: date | None = None


def begin_by_text(sender_id: str, since: date, *, url: str | None = None) -> None:
    """Who texts wants reminders: their phone number is proved by the message, and comes with `give_phone`."""
    with transaction(url) as session:
        row = _row(session, sender_id)
        row.state, row.texter_id, row.since = "on", sender_id, row.since if row.state == "on" else since


def begin_by_code(
    sender_id: str, phone: str, words: Callable[[str], str], *, at: datetime | None = None, url: str | None = None
) -> bool:
    """Somebody names a phone number: a code goes to it, in `words` made from it. False when a few went to it within a
    day, whoever asked for them. To a number that said STOP nothing is sent, and nobody is told."""
    moment = at or now()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    texter = texters.texter_id(phone)
    with transaction(url) as session:
        texters.hold(session, texter)
        if texts_out.made_since(session, texter, "code", moment - A_DAY) >= MOST_CODES:
            return False
        row = _row(session, sender_id)
        row.state, row.texter_id, row.sealed = "unproved", texter, Envelope(phone, "").sealed()
        row.code, row.code_tries = fingerprint(f"{sender_id} {code}", CODE), 0
        row.code_at = moment
        if not texters.is_stopped(session, texter):
            texts_out.add(session, texter, phone, [words(code)], "code")
    return True


def prove(sender_id: str, code: str, since: date, *, at: datetime | None = None, url: str | None = None) -> Proof:
    """The code that somebody typed: right turns the reminders on; over means that it was too late, or tried too
    often."""
    moment = at or now()
    with transaction(url) as session:
        row = session.scalars(select(Reminder).where(Reminder.sender_id == sender_id)).first()
        if row is None or row.code is None:
            return "over"
        is_it, is_late = row.code == fingerprint(f"{sender_id} {code}", CODE), moment - row.code_at > CODE_LIFE
        if row.state == "on":  # by a turn that was not kept, and is taken again
            return "right" if is_it and not is_late else "over"
        if row.state != "unproved":
            return "over"
        row.code_tries += 1
        if row.code_tries > MOST_CODE_TRIES or is_late:
            row.code = None
            return "over"
        if not is_it:
            return "wrong"
        row.state, row.since = "on", since
    return "right"


def phone_to_prove(sender_id: str, *, url: str | None = None) -> str | None:
    """The phone number that a code was sent to and that was not proved yet."""
    with transaction(url) as session:
        row = session.scalars(select(Reminder).where(Reminder.sender_id == sender_id)).first()
        opened = _opened(row) if row and row.state == "unproved" and row.sealed else None
        return opened.phone if opened else None


def give_phone(session: Session, sender_id: str, phone: str) -> None:
    """The phone number of who texts, for reminders that were turned on without it."""
    lacking = (Reminder.sender_id == sender_id, Reminder.state == "on", Reminder.sealed.is_(None))
    changed(session, Reminder, *lacking, sealed=Envelope(phone, "").sealed())


def are_set_up(sender_id: str, *, url: str | None = None) -> bool:
    """Whether a conversation has reminders, and the phone number that they go to is there."""
    with transaction(url) as session:
        found = select(Reminder.id).where(Reminder.sender_id == sender_id, *SET_UP)
        return session.scalar(found) is not None


def are_on_for(texter: str, *, url: str | None = None) -> bool:
    """Whether reminders go to a phone number."""
    with transaction(url) as session:
        wanted = select(Reminder.id).where(Reminder.texter_id == texter, Reminder.state == "on")
        return session.scalar(wanted.limit(1)) is not None


def end(sender_id: str, *, url: str | None = None) -> bool:
    """No more reminders for a conversation, nor, when it is one by text message, to its phone; the number is erased.
    Whether there were any."""
    with transaction(url) as session:
        theirs = or_(Reminder.sender_id == sender_id, Reminder.texter_id == sender_id)
        open_ones = (theirs, Reminder.state != "done")
        texters.drop_owed(session, select(Reminder.texter_id).where(*open_ones))
        return changed(session, Reminder, *open_ones, state="done", sealed=None, code=None) > 0


def end_for(session: Session, texter: str) -> None:
    """No more reminders to a phone number, whatever conversation they are from."""
    texters.drop_owed(session, [texter])
    changed(session, Reminder, Reminder.texter_id == texter, state="done", sealed=None, code=None)


def wanted(*, url: str | None = None) -> list[Wanted]:
    """All reminders that are on."""
    with transaction(url) as session:
        rows = session.scalars(select(Reminder).where(*SET_UP))
        return [one for row in rows if (one := _opened(row))]


def sent_before(reminder_id: int, day: date, *, url: str | None = None) -> int | None:
    """The fewest days before a day of which a reminder was sent already."""
    with transaction(url) as session:
        of_day = (ReminderSent.reminder_id == reminder_id, ReminderSent.day == day)
        return session.scalar(select(func.min(ReminderSent.days_before)).where(*of_day))


def send(one: Wanted, day: date, days_before: int, words: str, *, url: str | None = None) -> bool:
    """Put one reminder among the messages to send; false when another process did, or it is not wanted any more."""
    try:
        with transaction(url) as session:
            row = session.get(Reminder, one.id)
            if row is None or row.state != "on" or texters.is_stopped(session, one.texter_id):
                return False
            session.add(ReminderSent(reminder_id=one.id, day=day, days_before=days_before))
            session.flush()
            texts_out.add(session, one.texter_id, one.phone, [words], "reminder")
    except IntegrityError:
        return False
    return True


def note_day(one: Wanted, day: date, *, url: str | None = None) -> None:
    """Note the day that is reminded of, so that it is known when it is past."""
    if one.day != day:
        with transaction(url) as session:
            changed(session, Reminder, Reminder.id == one.id, day=day)


def drop_unproved(moment: datetime, *, url: str | None = None) -> int:
    """Erase the phone numbers that nobody proved in time, and a day later that there was a code. Returns how many
    numbers."""
    over = (Reminder.state == "unproved", Reminder.code_at < moment - CODE_LIFE, Reminder.sealed.is_not(None))
    a_day_ago = (Reminder.state == "unproved", Reminder.code_at < moment - A_DAY)
    with transaction(url) as session:
        erased = changed(session, Reminder, *over, sealed=None, code=None)
        gone(session, Reminder, *a_day_ago)
    return erased


def _opened(row: Reminder) -> Wanted | None:
    """The reminders with their phone number; None when another key sealed it."""
    try:
        phone = Envelope.opened(row.sealed).phone
    except SealError:
        return None
    return Wanted(row.id, row.sender_id, row.texter_id, phone, row.since, row.day)


def _row(session: Session, sender_id: str) -> Reminder:
    found = session.scalars(select(Reminder).where(Reminder.sender_id == sender_id)).first()
    if found is None:
        found = Reminder(sender_id=sender_id, state="unproved")
        session.add(found)
        session.flush()
    return found
