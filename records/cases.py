"""The current case of a conversation: the facts, and the assessment that was made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, select, update

from records import conversations
from records.engine import transaction
from records.models import Case, Conversation, now

Content = BaseModel | Mapping[str, Any]
Revision = dict[str, Any]
Revisions = dict[str, Revision]


@dataclass(frozen=True)
class SavedCase:
    """A case as it was kept: `next_date` is the next day by which something must be filed; `revisions` says for
    each date by "code/kind" which day it is ("date"), whether it does not apply any more ("gone"), and how often
    either has changed ("sequence", for calendar files: RFC 5545 section 3.8.7.4)."""

    facts: dict[str, Any]
    assessment: dict[str, Any]
    route: str | None
    next_date: date | None
    revisions: Revisions = field(default_factory=dict)


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
    kept = {
        "facts": _plain(facts),
        "assessment": plain,
        "route": plain.get("route"),
        "next_date": next_date(plain, today),
        "updated_at": now(),
    }
    with transaction(url) as session:
        before = session.get(Case, conversation_id)
        revisions = revised(before.revisions if before else {}, plain)
        session.merge(Case(conversation_id=conversation_id, revisions=revisions, **kept))
        touched = update(Conversation).where(Conversation.id == conversation_id)
        session.execute(touched.values(updated_at=now()).execution_options(synchronize_session=False))


def load(sender_id: str, *, url: str | None = None) -> SavedCase | None:
    """The case kept for a conversation, or None when there is none yet."""
    wanted = select(Case).join(Conversation).where(Conversation.sender_id == sender_id)
    with transaction(url) as session:
        case = session.scalars(wanted).first()
        return case and SavedCase(case.facts, case.assessment, case.route, case.next_date, case.revisions)


def erase(sender_id: str, *, url: str | None = None) -> bool:
    """Delete the case of a conversation; whether there was one."""
    whose = select(Conversation.id).where(Conversation.sender_id == sender_id).scalar_subquery()
    with transaction(url) as session:
        gone = delete(Case).where(Case.conversation_id == whose).execution_options(synchronize_session=False)
        return bool(session.execute(gone).rowcount)


def revised(before: Revisions, assessment: Content) -> Revisions:
    """The revisions after an assessment. A date that changed, went away or came back counts one more: calendars
    follow only what has a higher number than before. One that went away stays, marked as gone, with its last day."""
    deadlines = _plain(assessment).get("deadlines") or ()
    days = {f"{one.get('code')}/{one.get('kind')}": one["date"] for one in deadlines if one.get("date")}
    gone = {name: _gone(revision) for name, revision in before.items() if name not in days}
    return gone | {name: _counted(before.get(name), day) for name, day in days.items()}


def _gone(before: Revision) -> Revision:
    return before if before["gone"] else {**before, "sequence": before["sequence"] + 1, "gone": True}


def _counted(before: Revision | None, day: str) -> Revision:
    if before is None:
        return {"date": day, "sequence": 0, "gone": False}
    changed = before["gone"] or before["date"] != day
    return {"date": day, "sequence": before["sequence"] + changed, "gone": False}


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
