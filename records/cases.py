"""The current case of a conversation: the facts, and the assessment that was made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Boolean, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from imr_logic import law
from imr_logic.revisions import Revision, given_out, revised
from records import conversations
from records.engine import transaction
from records.models import Case, Conversation, now
from records.stored_events import mapping
from records.writing import changed, gone

Content = BaseModel | Mapping[str, Any]


@dataclass(frozen=True)
class SavedCase:
    """A case as it was kept: `next_date` is the day that staff sort it by (see `day_to_act`); `revisions` says how
    often each date has changed, for calendar files (see `imr_logic.revisions`)."""

    facts: dict[str, Any]
    assessment: dict[str, Any]
    route: str | None
    next_date: date | None
    revisions: Mapping[str, Revision] = field(default_factory=dict)
    begun_at: datetime | None = field(default=None, compare=False)


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
    plain = _plain(assessment)
    with transaction(url) as session:
        is_kept = _keep(session, sender_id, _plain(facts), plain, today)
    if not is_kept:
        conversations.start(sender_id, channel, url=url)
        with transaction(url) as session:
            _keep(session, sender_id, _plain(facts), plain, today)


def _keep(session: Session, sender_id: str, facts: Content, plain: Mapping[str, Any], today: date) -> bool:
    """Whether there is such a conversation; its row is written first, which holds it until the case is written."""
    told = {"of": sender_id, "to_route": plain.get("route"), "to_date": day_to_act(plain, today), "at": now()}
    told["is_contradicted"] = bool(plain.get("contradictions"))
    if session.execute(TOLD, told).rowcount == 0:
        return False
    before = session.execute(BEFORE, {"of": sender_id}).one()
    revisions = revised(before.revisions or {}, _deadlines(plain))
    case = {"facts": facts, "assessment": plain, "revisions": revisions, "updated_at": now()}
    if before.conversation_id is None:
        session.execute(NEW_CASE, {"conversation_id": before.id, **case})
    else:
        session.execute(NEW_STATE, {"of": before.id, **{f"to_{name}": value for name, value in case.items()}})
    return True


def _next_date_of_stored(assessment: Any, today: date) -> date | None:
    """The next date of a case that perhaps an older version kept; none when it cannot be read."""
    try:
        return next_date(assessment, today)
    except (AttributeError, TypeError, ValueError):
        return None


# Each statement is put together once, since that takes longer than running it.
TOLD = (
    update(Conversation.__table__)
    .where(Conversation.sender_id == bindparam("of"))
    .values(
        route=bindparam("to_route"),
        next_date=bindparam("to_date"),
        updated_at=bindparam("at"),
        contradicted=or_(Conversation.contradicted, bindparam("is_contradicted", type_=Boolean)),
    )
)
BEFORE = (
    select(Conversation.id, Case.conversation_id, Case.revisions)
    .outerjoin(Case, Case.conversation_id == Conversation.id)
    .where(Conversation.sender_id == bindparam("of"))
)
NEW_CASE = insert(Case.__table__)
NEW_STATE = (
    update(Case.__table__)
    .where(Case.conversation_id == bindparam("of"))
    .values({name: bindparam(f"to_{name}") for name in ("facts", "assessment", "revisions", "updated_at")})
)


def load(sender_id: str, *, url: str | None = None) -> SavedCase | None:
    """The case kept for a conversation, or None when there is none yet."""
    wanted = select(Case, Conversation).join(Conversation).where(Conversation.sender_id == sender_id)
    with transaction(url) as session:
        found = session.execute(wanted).first()
        if found is None:
            return None
        case, of = found
        return SavedCase(case.facts, case.assessment, of.route, of.next_date, case.revisions, case.begun_at)


def erase(sender_id: str, *, url: str | None = None) -> bool:
    """Delete the case of a conversation; whether there was one."""
    whose = select(Conversation.id).where(Conversation.sender_id == sender_id).scalar_subquery()
    with transaction(url) as session:
        found = gone(session, Case, Case.conversation_id == whose) > 0
        changed(session, Conversation, Conversation.sender_id == sender_id, route=None, next_date=None)
        return found


def move_on(today: date, *, url: str | None = None) -> int:
    """Bring the next dates up to date that are past by now. Returns how many there were."""
    past = select(Case).join(Conversation).where(Conversation.next_date < today)
    with transaction(url) as session:
        cases = session.scalars(past).all()
        for case in cases:
            if _is_for_today(mapping(case.assessment)):
                continue  # it was for that day, and stays first in the list
            day = _next_date_of_stored(case.assessment, today)
            of_it = Conversation.id == case.conversation_id
            changed(session, Conversation, of_it, next_date=day, updated_at=Conversation.updated_at)
        return len(cases)


def give_out(sender_id: str, found: Content, today: date, *, url: str | None = None) -> dict[str, Revision] | None:
    """Note that a calendar file made from an assessment of `today` is given out, so that its events can be moved or
    cancelled for ever after. Nothing else of the case is touched. Returns the revisions that the file is made from,
    None when there is no case (any more)."""
    with transaction(url) as session:
        conversation_id = session.scalar(select(Conversation.id).where(Conversation.sender_id == sender_id))
        before = _taken(session, conversation_id)
        if before is None:
            return None
        revisions = given_out(revised(before.revisions, _deadlines(found)), today)
        changed(
            session, Case, Case.conversation_id == conversation_id, revisions=revisions, updated_at=Case.updated_at
        )
        return revisions


def _taken(session: Session, conversation_id: int | None) -> Case | None:
    """The case, held until the end of the transaction: two who count at once must not count from the same number.
    (SQLite knows no SELECT FOR UPDATE, and locks at the first write.)"""
    changed(session, Case, Case.conversation_id == conversation_id, updated_at=Case.updated_at)
    return session.get(Case, conversation_id) if conversation_id is not None else None


def _deadlines(assessment: Content) -> list[dict[str, Any]]:
    return list(_plain(assessment).get("deadlines") or ())


def next_date(assessment: Mapping[str, Any], today: date) -> date | None:
    """The earliest day, today or later, by which the person should have filed something."""
    days = (_file_by(deadline) for deadline in assessment.get("deadlines") or ())
    return min((day for day in days if day and day >= today), default=None)


def day_to_act(assessment: Mapping[str, Any], today: date) -> date | None:
    """The day that staff sort a case by: today for a path that is to be taken on the very day, else the next date."""
    return today if _is_for_today(assessment) else next_date(assessment, today)


def _is_for_today(assessment: Mapping[str, Any]) -> bool:
    return bool(law.load("routes").get(str(assessment.get("route")), {}).get("today"))


def _file_by(deadline: Mapping[str, Any]) -> date | None:
    day = deadline.get("date")
    return date.fromisoformat(day) if day and deadline.get("kind") == "file_by" else None


def _plain(content: Content) -> dict[str, Any]:
    """The content as plain JSON, so that a date is its ISO day."""
    return content.model_dump(mode="json") if isinstance(content, BaseModel) else dict(content)
