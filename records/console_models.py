"""The tables of the staff console: accounts and their sessions, notes, corrections, saved views, the words that are
searched, the log of who did what, and what the practice says of itself."""

from __future__ import annotations

import sqlalchemy as sa

from records.models import Base, UtcDateTime, now

__all__ = [
    "AuditHead",
    "AuditRow",
    "Base",
    "ConversationWord",
    "Correction",
    "Forgotten",
    "Note",
    "PracticeValue",
    "SavedView",
    "SignInTry",
    "StaffMember",
    "StaffSession",
]


class StaffMember(Base):
    """One account. `password` is its argon2id hash, `totp` the sealed secret of its one-time codes, `totp_step` the
    last code that was used, so that none is used twice. Who left keeps the row: the log names them."""

    __tablename__ = "staff"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(64), nullable=False, unique=True)
    role = sa.Column(sa.String(16), nullable=False)
    password = sa.Column(sa.Text, nullable=False)
    totp = sa.Column(sa.Text, nullable=False)
    totp_step = sa.Column(sa.Integer, nullable=False, default=0)
    must_change = sa.Column(sa.Boolean, nullable=False, default=False)
    created_at = sa.Column(UtcDateTime, nullable=False, default=now)
    ended_at = sa.Column(UtcDateTime)


class StaffSession(Base):
    """One sign-in. `mark` stands for the token in the browser's cookie; after it was renewed, `mark_before` is good
    for some seconds more, for what was under way."""

    __tablename__ = "staff_sessions"
    id = sa.Column(sa.Integer, primary_key=True)
    mark = sa.Column(sa.String(64), nullable=False, unique=True)
    mark_before = sa.Column(sa.String(64), index=True)
    staff_id = sa.Column(sa.Integer, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)
    begun_at = sa.Column(UtcDateTime, nullable=False, default=now)
    seen_at = sa.Column(UtcDateTime, nullable=False, default=now)
    renewed_at = sa.Column(UtcDateTime, nullable=False, default=now)


class SignInTry(Base):
    """A sign-in that failed; `mark` stands for an account's name or a network address."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (sa.Index(None, "mark", "at"),)
    id = sa.Column(sa.Integer, primary_key=True)
    mark = sa.Column(sa.String(64), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False, default=now)


class Note(Base):
    """What a member of staff wrote down, of a conversation or of one request for a call in it; sealed."""

    __tablename__ = "notes"
    id = sa.Column(sa.Integer, primary_key=True)
    conversation_id = sa.Column(
        sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True
    )
    consultation_id = sa.Column(sa.Integer, sa.ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    staff_id = sa.Column(sa.Integer, sa.ForeignKey("staff.id"), nullable=False)
    text = sa.Column(sa.Text, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False, default=now)


class Correction(Base):
    """What somebody of staff says was understood wrongly, or rightly, in one message (`events.id`).

    `kind` is intent, fact, good or misunderstood; `fact` names the fact; `was` and `right` are what was read and
    what should have been, `start` and `end` where it stands in `text`: the words as they may be learned from.
    `state` is proposed, approved, refused or exported.
    """

    __tablename__ = "corrections"
    __table_args__ = (sa.Index(None, "state", "id"),)
    id = sa.Column(sa.Integer, primary_key=True)
    conversation_id = sa.Column(
        sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True
    )
    event_id = sa.Column(sa.Integer, nullable=False)
    kind = sa.Column(sa.String(16), nullable=False)
    fact = sa.Column(sa.String(64))
    was = sa.Column(sa.JSON)
    right = sa.Column(sa.JSON)
    start = sa.Column(sa.Integer)
    end = sa.Column(sa.Integer)
    text = sa.Column(sa.Text, nullable=False)
    expecting = sa.Column(sa.String(64))
    said_on = sa.Column(sa.Date, nullable=False)
    state = sa.Column(sa.String(16), nullable=False, default="proposed")
    author_id = sa.Column(sa.Integer, sa.ForeignKey("staff.id"), nullable=False)
    decided_by = sa.Column(sa.Integer, sa.ForeignKey("staff.id"))
    created_at = sa.Column(UtcDateTime, nullable=False, default=now)
    decided_at = sa.Column(UtcDateTime)


class SavedView(Base):
    """A choice of the inbox that somebody wants to come back to: the query of its address."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("staff_id", "name"),)
    id = sa.Column(sa.Integer, primary_key=True)
    staff_id = sa.Column(sa.Integer, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False)
    name = sa.Column(sa.String(64), nullable=False)
    query = sa.Column(sa.String(1000), nullable=False)


class ConversationWord(Base):
    """That a word was said in a conversation; what is found by searching."""

    __tablename__ = "conversation_words"
    __table_args__ = (sa.Index(None, "word", "conversation_id"), {"sqlite_with_rowid": False})
    conversation_id = sa.Column(
        sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    word = sa.Column(sa.String(40), primary_key=True)


class AuditRow(Base):
    """One line of the log of who did what. It can be added and never changed; `seal` is the HMAC of it and of the
    line before."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index(None, "subject", "id"),)
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    at = sa.Column(UtcDateTime, nullable=False)
    actor = sa.Column(sa.String(64), nullable=False)
    action = sa.Column(sa.String(40), nullable=False)
    subject = sa.Column(sa.String(64), nullable=False)
    details = sa.Column(sa.Text, nullable=False)
    seal = sa.Column(sa.String(64), nullable=False, unique=True)


class AuditHead(Base):
    """The number and seal of the log's last line: who adds one holds this row."""

    __tablename__ = "audit_head"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    last = sa.Column(sa.Integer, nullable=False)
    seal = sa.Column(sa.String(64), nullable=False)


class Forgotten(Base):
    """When a conversation was last forgotten, by its mark: what a turn that was under way still holds is not stored
    again."""

    __tablename__ = "forgotten"
    mark = sa.Column(sa.String(64), primary_key=True)
    at = sa.Column(UtcDateTime, nullable=False)


class PracticeValue(Base):
    """What the practice says of itself, set in the console in place of the setting of this name."""

    __tablename__ = "practice"
    name = sa.Column(sa.String(40), primary_key=True)
    value = sa.Column(sa.Text, nullable=False)
