"""Requests to be called back: kept part by part while the person tells them, handed to staff once they agree.

Name, reach and best time are sealed before they reach the database. What is owed to staff is worked off by the
web app; a request is never lost, however often telling fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import conversations
from records.engine import transaction
from records.models import Consultation, Conversation, now
from records.sealing import seal, unseal
from records.writing import changed, gone

Part = Literal["name", "reach", "best_time"]
State = Literal["draft", "new", "called", "booked", "closed"]
Via = Literal["email", "webhook"]
PARTS: tuple[Part, ...] = ("name", "reach", "best_time")
NEEDED: tuple[Part, ...] = ("name", "reach")
# Agreed to, and still to be met.
STANDING: tuple[State, ...] = ("new", "booked")
ASKED_FOR = "asked_for"  # the reason when no route offered it
TOLD_AT = {"email": Consultation.told_email_at, "webhook": Consultation.told_webhook_at}
DRAFT_LIFE = timedelta(days=1)
# Longer than telling can take (a slow mail server may use 15 s for each of a dozen steps): after it, whoever claimed
# is taken for dead.
CLAIM = timedelta(minutes=5)
KNOWN_AFTER = timedelta(days=1)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


class IncompleteError(ValueError):
    """A request cannot be confirmed yet; `lacking` names the parts that are not there."""

    def __init__(self, lacking: tuple[Part, ...]) -> None:
        super().__init__(f"lacking: {', '.join(lacking)}")
        self.lacking = lacking


@dataclass(frozen=True)
class Request:
    """A consultation request with its contact opened; `reason` is a route, or ASKED_FOR."""

    id: int
    state: State
    name: str | None
    reach: str | None
    best_time: str | None
    reason: str | None
    consent_at: datetime | None


class Owed(NamedTuple):
    """A request that staff must be told of, without a word of its contact. `due` is when it fell due."""

    id: int
    at: datetime
    channel: str
    told: frozenset[str]
    due: datetime


def keep_part(sender_id: str, channel: str, part: Part, value: str, *, url: str | None = None) -> None:
    """Keep one part of the draft of a conversation, in place of the one told before.

    Raises ValueError for a part that does not exist or a value without words.
    """
    if part not in PARTS or not value.strip():
        raise ValueError(f"{part!r} must be one of {', '.join(PARTS)}, with words in it")
    conversation_id = conversations.start(sender_id, channel, url=url)
    try:
        _write_part(conversation_id, part, seal(value.strip()), url)
    except IntegrityError:  # another process began the same draft a moment earlier: it is there now
        _write_part(conversation_id, part, seal(value.strip()), url)


def draft_of(sender_id: str, *, url: str | None = None) -> Request | None:
    """What was told so far and not confirmed; None when there is no draft."""
    return _newest(sender_id, url, Consultation.state == "draft")


def latest(sender_id: str, *, url: str | None = None) -> Request | None:
    """The newest request of a conversation, draft or not."""
    return _newest(sender_id, url)


def standing(sender_id: str, *, url: str | None = None) -> Request | None:
    """The newest request that the person agreed to and that is still to be met; None when there is none."""
    return _newest(sender_id, url, Consultation.state.in_(STANDING))


def confirm(sender_id: str, reason: str, *, at: datetime | None = None, url: str | None = None) -> int:
    """The person agreed: the draft becomes a new request, due to be told to staff at once; the draft of a change is
    put into its request, which keeps its number and is not told again in a way in which it was. Returns the number.

    Confirming again changes nothing and returns the same number. Raises IncompleteError when a needed part was
    not told.
    """
    with transaction(url) as session:
        draft = session.scalars(_of(sender_id, Consultation.state == "draft").limit(1)).first()
        if draft is None:
            return _confirmed_before(session, sender_id)
        lacking = tuple(part for part in NEEDED if getattr(draft, part) is None)
        if lacking:
            raise IncompleteError(lacking)
        moment = at or now()
        row = _put_into_its_request(session, draft) or draft
        row.reason, row.consent_at, row.updated_at = reason, moment, moment
        session.get(Conversation, row.conversation_id).asked_for_call = True
        if row is draft:
            row.state, row.next_attempt_at = "new", moment
        return int(row.id)


def begin_change(sender_id: str, *, url: str | None = None) -> bool:
    """A draft with the parts of the newest request that staff did not take up yet, so that the person can correct
    one; whether there was one. False when there is a draft already. The request stands as it is until the change is
    confirmed."""
    try:
        with transaction(url) as session:
            row = session.scalars(_of(sender_id, Consultation.state == "new").limit(1)).first()
            drafts = session.scalars(_of(sender_id, Consultation.state == "draft").limit(1)).first()
            if row is None or drafts is not None:
                return False
            parts = {part: getattr(row, part) for part in PARTS}
            draft = Consultation(conversation_id=row.conversation_id, state="draft", changes_id=row.id, **parts)
            session.add(draft)
    except IntegrityError:  # another process began a draft at this moment
        return False
    return True


def withdraw(sender_id: str, *, url: str | None = None) -> bool:
    """Erase the unconfirmed draft of a conversation; whether there was one."""
    return _delete(url, Consultation.state == "draft", _is_of(sender_id)) > 0


def erase(sender_id: str, *, url: str | None = None) -> int:
    """Erase every request of a conversation, confirmed or not. Returns how many there were."""
    return _delete(url, _is_of(sender_id))


def drop_stale_drafts(moment: datetime, *, url: str | None = None) -> int:
    """Erase the drafts that nobody went on with for a day; a request that was to be changed stands as it was.
    Returns how many were erased."""
    return _delete(url, Consultation.state == "draft", Consultation.updated_at < moment - DRAFT_LIFE)


def owed(
    moment: datetime, limit: int, *, via: tuple[Via, ...] = ("email", "webhook"), url: str | None = None
) -> list[Owed]:
    """The requests that staff were not told of in each of the ways `via`, and that are due for a try; the longest
    due first, `limit` at most. What was told in one way a day ago is known, and owed in no other: a way that is set
    up later would tell of every old request again."""
    untold = or_(*(TOLD_AT[way].is_(None) for way in via))
    unknown = and_(*(or_(at.is_(None), at >= moment - KNOWN_AFTER) for at in TOLD_AT.values()))
    wanted = (
        select(Consultation, Conversation.channel)
        .join(Conversation)
        .where(Consultation.state == "new", Consultation.next_attempt_at <= moment, untold, unknown)
        .order_by(Consultation.next_attempt_at, Consultation.id)
        .limit(limit)
    )
    with transaction(url) as session:
        return [_owed(row, channel) for row, channel in session.execute(wanted)] if via else []


def claim(one: Owed, moment: datetime, *, url: str | None = None) -> bool:
    """Take a request to tell staff of it; false when another process took it first, or it was erased."""
    unclaimed = and_(Consultation.id == one.id, Consultation.state == "new", Consultation.next_attempt_at == one.due)
    return _change(url, unclaimed, next_attempt_at=moment + CLAIM) == 1


def told(request_id: int, via: Via, *, at: datetime | None = None, url: str | None = None) -> None:
    """Note that staff know of a request in one way; it is not told again in that way."""
    _change(url, Consultation.id == request_id, **{TOLD_AT[via].key: at or now()})


def failed(request_id: int, moment: datetime, *, url: str | None = None) -> datetime | None:
    """Note a try that failed; the pause until the next one doubles each time, up to an hour, and there is always
    a next one. Returns its time, None when the request was erased meanwhile."""
    with transaction(url) as session:
        row = session.get(Consultation, request_id)
        if row is None:
            return None
        row.attempts += 1
        row.next_attempt_at = moment + pause_after(row.attempts)
        return row.next_attempt_at


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed."""
    doublings = min(attempts - 1, 20)  # far beyond the longest pause, and no overflow
    return min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)


def _confirmed_before(session: Session, sender_id: str) -> int:
    row = session.scalars(_of(sender_id, Consultation.state.in_(STANDING)).limit(1)).first()
    if row is None:
        raise IncompleteError(NEEDED)
    return int(row.id)


def _put_into_its_request(session: Session, draft: Consultation) -> Consultation | None:
    """The request that a draft changes, with the draft's parts; None for one of its own, or when staff are done
    with the request by now."""
    row = session.get(Consultation, draft.changes_id) if draft.changes_id else None
    if row is None or row.state not in STANDING:
        return None
    for part in PARTS:
        setattr(row, part, getattr(draft, part))
    session.delete(draft)
    return row


def _is_of(sender_id: str) -> Any:
    whose = select(Conversation.id).where(Conversation.sender_id == sender_id).scalar_subquery()
    return Consultation.conversation_id == whose


def _of(sender_id: str, *conditions: Any) -> Any:
    """The requests of a conversation, the newest first."""
    return select(Consultation).where(_is_of(sender_id), *conditions).order_by(Consultation.id.desc())


def _newest(sender_id: str, url: str | None, *conditions: Any) -> Request | None:
    with transaction(url) as session:
        row = session.scalars(_of(sender_id, *conditions).limit(1)).first()
        return _opened(row) if row else None


def _opened(row: Consultation) -> Request:
    parts = {part: unseal(kept) if (kept := getattr(row, part)) else None for part in PARTS}
    return Request(id=row.id, state=row.state, reason=row.reason, consent_at=row.consent_at, **parts)


def _owed(row: Consultation, channel: str) -> Owed:
    known = frozenset(way for way, column in TOLD_AT.items() if getattr(row, column.key))
    return Owed(row.id, row.consent_at, channel, known, row.next_attempt_at)


def _write_part(conversation_id: int, part: Part, sealed: str, url: str | None) -> None:
    with transaction(url) as session:
        row = _draft(session, conversation_id)
        setattr(row, part, sealed)
        row.updated_at = now()


def _draft(session: Session, conversation_id: int) -> Consultation:
    """The draft of a conversation, begun when there is none."""
    is_draft = and_(Consultation.conversation_id == conversation_id, Consultation.state == "draft")
    found = session.scalars(select(Consultation).where(is_draft)).first()
    if found:
        return found
    begun = Consultation(conversation_id=conversation_id, state="draft")
    session.add(begun)
    return begun


def _change(url: str | None, condition: Any, **values: Any) -> int:
    with transaction(url) as session:
        return changed(session, Consultation, condition, **values)


def _delete(url: str | None, *conditions: Any) -> int:
    with transaction(url) as session:
        return gone(session, Consultation, *conditions)
