"""The tables. What is in them today is made by the migrations; a test compares the two.

`events` is Rasa's: its columns are those of `rasa.core.tracker_store.SQLTrackerStore.SQLEvent` (Rasa 3.6.21), with
the client's own number of a message beside them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Base: Any = declarative_base(metadata=sa.MetaData(naming_convention=NAMES))


class UtcDateTime(sa.types.TypeDecorator):
    """A moment in UTC; SQLite keeps no time zone, so it is taken off on the way in and put back."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The moment as the database keeps it."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The moment with its time zone again."""
        return value.replace(tzinfo=UTC) if value else None


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


FLAGS = ("crisis", "fell_back", "not_understood", "asked_for_call", "contradicted", "thumbs_down")


class Conversation(Base):
    """One conversation of one person on one channel; it stays for counting when its content is gone.

    What staff sort and filter by stands here: the route and the next date of the case, how many messages the person
    wrote (`messages`), when they first got an answer and how many questions they were asked before (`questions`), the
    first words (`preview`), the FLAGS. `status` is new, in_review or done. `purged_at`: the content is gone.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        sa.Index(None, "next_date", "id"),
        sa.Index(None, "status", "next_date", "id"),
        sa.Index(None, "created_at", "channel", "messages"),
    )
    id = sa.Column(sa.Integer, primary_key=True)
    sender_id = sa.Column(sa.String(255), nullable=False, unique=True)
    channel = sa.Column(sa.String(20), nullable=False)
    language = sa.Column(sa.String(8), nullable=False, default="en")
    created_at = sa.Column(UtcDateTime, nullable=False, default=now)
    updated_at = sa.Column(UtcDateTime, nullable=False, default=now, onupdate=now, index=True)
    route = sa.Column(sa.String(64))
    next_date = sa.Column(sa.Date)
    messages = sa.Column(sa.Integer, nullable=False, default=0, server_default="0")
    questions = sa.Column(sa.Integer, nullable=False, default=0, server_default="0")
    answered_at = sa.Column(UtcDateTime)
    preview = sa.Column(sa.String(160))
    crisis = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    fell_back = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    not_understood = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    asked_for_call = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    contradicted = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    thumbs_down = sa.Column(sa.Boolean, nullable=False, default=False, server_default=sa.false())
    status = sa.Column(sa.String(16), nullable=False, default="new", server_default="new")
    assigned_to = sa.Column(sa.Integer)
    purged_at = sa.Column(UtcDateTime)


class Case(Base):
    """What is known of a conversation's case, and the assessment made from it. (Its route and next date are the
    conversation's, where staff sort by them.)"""

    __tablename__ = "cases"
    conversation_id = sa.Column(sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    facts = sa.Column(sa.JSON, nullable=False)
    assessment = sa.Column(sa.JSON, nullable=False)
    revisions = sa.Column(sa.JSON, nullable=False, default=dict, server_default="{}")
    begun_at = sa.Column(UtcDateTime, default=now)
    updated_at = sa.Column(UtcDateTime, nullable=False, default=now, onupdate=now)


class Consultation(Base):
    """A request to be called back. Name, reach and best time are sealed (`records.sealing`).

    `state` is draft until the person agrees, then new, called, booked or closed. `reason` is the route it was
    offered for, or that it was asked for. A conversation has one draft at most; `changes_id` is the request that a
    draft is to change. `booked_for` is the time agreed on for a call.
    """

    __tablename__ = "consultations"
    __table_args__ = (
        sa.Index(
            "uq_consultations_one_draft",
            "conversation_id",
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        ),
        sa.Index(None, "state", "next_attempt_at"),
    )
    id = sa.Column(sa.Integer, primary_key=True)
    conversation_id = sa.Column(
        sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True
    )
    state = sa.Column(sa.String(16), nullable=False, default="draft")
    name = sa.Column(sa.Text)
    reach = sa.Column(sa.Text)
    best_time = sa.Column(sa.Text)
    reason = sa.Column(sa.String(64))
    changes_id = sa.Column(sa.Integer, sa.ForeignKey("consultations.id", ondelete="CASCADE"))
    consent_at = sa.Column(UtcDateTime)
    created_at = sa.Column(UtcDateTime, nullable=False, default=now)
    updated_at = sa.Column(UtcDateTime, nullable=False, default=now)
    told_email_at = sa.Column(UtcDateTime)
    told_webhook_at = sa.Column(UtcDateTime)
    attempts = sa.Column(sa.Integer, nullable=False, default=0)
    next_attempt_at = sa.Column(UtcDateTime)
    booked_for = sa.Column(UtcDateTime)


class RasaEvent(Base):
    """One event of Rasa's tracker, as Rasa's own SQL store writes it. `message_id`: the number that the client gave a
    message, which is in a conversation once."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index(None, "sender_id", "id"),
        sa.Index(None, "sender_id", "type_name", "action_name", "id"),
        sa.Index("uq_events_sender_id_message_id", "sender_id", "message_id", unique=True),
    )
    id = sa.Column(sa.Integer, primary_key=True)
    sender_id = sa.Column(sa.String(255), nullable=False)
    type_name = sa.Column(sa.String(255), nullable=False)
    timestamp = sa.Column(sa.Float)
    intent_name = sa.Column(sa.String(255))
    action_name = sa.Column(sa.String(255))
    data = sa.Column(sa.Text)
    message_id = sa.Column(sa.String(64))
