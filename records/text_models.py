"""The tables of text messages: who texts, what came in, what is to go out, reminders, and short links."""

from __future__ import annotations

import sqlalchemy as sa

from records.models import Base, UtcDateTime, now

__all__ = ["Base", "Reminder", "ReminderSent", "ShortLink", "TextIn", "TextOut", "Texter"]


class Texter(Base):
    """One phone number that text messages came from or go to, known by its HMAC only (`records.texters`).

    `stopped_at`: they want no more messages, for ever until START. `rest`: what of the last answer waits behind
    MORE, sealed.
    """

    __tablename__ = "texters"
    id = sa.Column(sa.Integer, primary_key=True)
    texter_id = sa.Column(sa.String(64), nullable=False, unique=True)
    greeted_at = sa.Column(UtcDateTime)
    stopped_at = sa.Column(UtcDateTime)
    rest = sa.Column(sa.Text)


class TextIn(Base):
    """One text message that came in. `sid_mark` stands for Twilio's id of it, which comes once; `sealed` holds the
    phone number and the words until they are answered. Its `state` is waiting or done."""

    __tablename__ = "texts_in"
    __table_args__ = (sa.Index(None, "state", "texter_id"), sa.Index(None, "texter_id", "came_at"))
    id = sa.Column(sa.Integer, primary_key=True)
    sid_mark = sa.Column(sa.String(64), nullable=False, unique=True)
    texter_id = sa.Column(sa.String(64), nullable=False)
    sealed = sa.Column(sa.Text)
    state = sa.Column(sa.String(16), nullable=False, default="waiting")
    tries = sa.Column(sa.Integer, nullable=False, default=0)
    claimed_by = sa.Column(sa.String(64))
    due_at = sa.Column(UtcDateTime, nullable=False, default=now)
    came_at = sa.Column(UtcDateTime, nullable=False, default=now)


class TextOut(Base):
    """One text message that is to go out. `sealed` holds the phone number and the words until it is sent.

    `state`: owed; trying (handed over, and not known whether it was taken); then sent, failed or dropped. `kind` is
    answer, notice, danger, code or reminder. `sid_mark` stands for Twilio's id of it; `status` and `error` are what
    it told later.
    """

    __tablename__ = "texts_out"
    __table_args__ = (sa.Index(None, "state", "texter_id"), sa.Index(None, "texter_id", "kind", "made_at"))
    id = sa.Column(sa.Integer, primary_key=True)
    texter_id = sa.Column(sa.String(64), nullable=False)
    kind = sa.Column(sa.String(16), nullable=False)
    sealed = sa.Column(sa.Text)
    state = sa.Column(sa.String(16), nullable=False, default="owed")
    tries = sa.Column(sa.Integer, nullable=False, default=0)
    due_at = sa.Column(UtcDateTime, nullable=False, default=now)
    tried_at = sa.Column(UtcDateTime)
    made_at = sa.Column(UtcDateTime, nullable=False, default=now)
    sid_mark = sa.Column(sa.String(64), index=True)
    status = sa.Column(sa.String(16))
    error = sa.Column(sa.Integer)


class Reminder(Base):
    """That somebody wants to be told before a date of their case. `sender_id` is the conversation of the case,
    `texter_id` the phone number's HMAC, `sealed` the phone number while a reminder is owed. Its `state` is unproved
    (a code was sent), on, or done."""

    __tablename__ = "reminders"
    id = sa.Column(sa.Integer, primary_key=True)
    sender_id = sa.Column(sa.String(255), nullable=False, unique=True)
    texter_id = sa.Column(sa.String(64), index=True)
    sealed = sa.Column(sa.Text)
    state = sa.Column(sa.String(16), nullable=False)
    code = sa.Column(sa.String(64))
    code_tries = sa.Column(sa.Integer, nullable=False, default=0)
    code_at = sa.Column(UtcDateTime)
    since = sa.Column(sa.Date)
    day = sa.Column(sa.Date)
    updated_at = sa.Column(UtcDateTime, nullable=False, default=now, onupdate=now)


class ReminderSent(Base):
    """A reminder that went into the box of messages to send: of which day, and how many days before it."""

    __tablename__ = "reminders_sent"
    __table_args__ = (sa.UniqueConstraint("reminder_id", "day", "days_before"),)
    id = sa.Column(sa.Integer, primary_key=True)
    reminder_id = sa.Column(sa.Integer, sa.ForeignKey("reminders.id", ondelete="CASCADE"), nullable=False)
    day = sa.Column(sa.Date, nullable=False)
    days_before = sa.Column(sa.Integer, nullable=False)


class ShortLink(Base):
    """A short address that leads to the papers of a conversation; `code` is the HMAC of what stands in it."""

    __tablename__ = "short_links"
    id = sa.Column(sa.Integer, primary_key=True)
    code = sa.Column(sa.String(64), nullable=False, unique=True)
    sender_id = sa.Column(sa.String(255), nullable=False, index=True)
    made_at = sa.Column(UtcDateTime, nullable=False)
