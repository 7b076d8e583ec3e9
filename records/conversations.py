"""The row that stands for one conversation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.engine import transaction
from records.models import Conversation
from records.writing import changed


def start(sender_id: str, channel: str, language: str = "en", url: str | None = None) -> int:
    """Note that a conversation began; the same sender twice is one conversation. Returns its id."""
    try:
        with transaction(url) as session:
            return _row(session, sender_id, channel, language).id
    except IntegrityError:  # another process was a moment earlier: its row is ours
        with transaction(url) as session:
            return _row(session, sender_id, channel, language).id


def hold(session: Session, conversation_id: int) -> bool:
    """Holds a conversation until the end of the transaction, so that nothing is written to one that is being
    forgotten; false when there is none, or its content is gone."""
    there = (Conversation.id == conversation_id, Conversation.purged_at.is_(None))
    return changed(session, Conversation, *there, updated_at=Conversation.updated_at) == 1


def _row(session: Session, sender_id: str, channel: str, language: str) -> Conversation:
    """The conversation's row, made when it is not there yet."""
    found = session.scalars(select(Conversation).where(Conversation.sender_id == sender_id)).first()
    if found:
        return found
    made = Conversation(sender_id=sender_id, channel=channel, language=language)
    session.add(made)
    session.flush()
    return made
