"""What staff write down of a conversation, or of a request for a call in it; sealed, because it is about a person."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from records import audit, conversations
from records.console_models import Note, StaffMember
from records.engine import transaction
from records.sealing import SealError, seal, unseal

NOTES = "imr-triage/notes/1"
LONGEST_NOTE = 4000


class Written(NamedTuple):
    """A note: its number, who wrote it and when; `text` is None when another key sealed it."""

    id: int
    author: str
    at: datetime
    text: str | None


class NoteError(ValueError):
    """A note that cannot be kept; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add(
    conversation_id: int,
    staff_id: int,
    text: str,
    *,
    by: str,
    consultation_id: int | None = None,
    url: str | None = None,
) -> None:
    """Write a note. Raises NoteError("empty_note" | "long_note" | "not_there")."""
    words = checked(text)
    with transaction(url) as session:
        if not conversations.hold(session, conversation_id):
            raise NoteError("not_there")
        note = Note(conversation_id=conversation_id, consultation_id=consultation_id, staff_id=staff_id)
        note.text = seal(words, NOTES)
        session.add(note)
        audit.append(session, by, "note.add", f"conversation {conversation_id}")


def checked(text: str) -> str:
    """The words of a note. Raises NoteError("empty_note" | "long_note")."""
    words = text.strip()
    if not words:
        raise NoteError("empty_note")
    if len(words) > LONGEST_NOTE:
        raise NoteError("long_note")
    return words


def of(conversation_id: int, *, consultation_id: int | None = None, url: str | None = None) -> list[Written]:
    """The notes of a conversation, or those of one request for a call; the oldest first."""
    wanted = (
        select(Note, StaffMember.name)
        .join(StaffMember, StaffMember.id == Note.staff_id)
        .where(Note.conversation_id == conversation_id)
        .order_by(Note.id)
    )
    if consultation_id is not None:
        wanted = wanted.where(Note.consultation_id == consultation_id)
    with transaction(url) as session:
        return [Written(row.id, name, row.at, _opened(row.text)) for row, name in session.execute(wanted)]


def _opened(sealed: str) -> str | None:
    try:
        return unseal(sealed, NOTES)
    except SealError:
        return None
