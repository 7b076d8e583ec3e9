"""The current case of a conversation: the facts, and the assessment that was made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select, update

from records import conversations
from records.engine import transaction
from records.models import Case, Conversation, now

Content = BaseModel | Mapping[str, Any]


@dataclass(frozen=True)
class SavedCase:
    """A case as it was kept: `next_date` is the next day by which something must be filed."""

    facts: dict[str, Any]
    assessment: dict[str, Any]
    route: str | None
    next_date: date | None


def save(
    sender_id: str,
    channel: str,
    facts: Content,
    assessment: Content,
    today: date,
    *,
    url: str | None = None,
) -> None:
    """Keep the case of a conversation in place of the one kept before; starts the conversation if need be.

    `facts` and `assessment` are pydantic models or plain JSON objects. Raises SQLAlchemy's errors.
    """
    conversation_id = conversations.start(sender_id, channel, url=url)
    plain = _plain(assessment)
    case = Case(
        conversation_id=conversation_id,
        facts=_plain(facts),
        assessment=plain,
        route=plain.get("route"),
        next_date=next_date(plain, today),
        updated_at=now(),
    )
    with transaction(url) as session:
        session.merge(case)
        touched = update(Conversation).where(Conversation.id == conversation_id)
        session.execute(touched.values(updated_at=now()).execution_options(synchronize_session=False))


def load(sender_id: str, *, url: str | None = None) -> SavedCase | None:
    """The case kept for a conversation, or None when there is none yet."""
    wanted = select(Case).join(Conversation).where(Conversation.sender_id == sender_id)
    with transaction(url) as session:
        case = session.scalars(wanted).first()
        return case and SavedCase(case.facts, case.assessment, case.route, case.next_date)


def next_date(assessment: Mapping[str, Any], today: date) -> date | None:
    """The earliest day, today or later, by which the person should have filed something."""
    days = (_file_by(deadline) for deadline in assessment.get("deadlines") or ())
    return min((day for day in days if day and day >= today), default=None)


def _file_by(deadline: Mapping[str, Any]) -> date | None:
    day = deadline.get("date")
    return date.fromisoformat(day) if day and deadline.get("kind") == "file_by" else None


def _plain(content: Content) -> dict[str, Any]:
    """The content as plain JSON, so that a date is its ISO day."""
    return content.model_dump(mode="json") if isinstance(content, BaseModel) else dict(content)
