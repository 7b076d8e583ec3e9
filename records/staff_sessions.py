"""Sessions of staff: a signed random token in the browser, only its mark in the database.

A token is good until it was not used for IMR_STAFF_IDLE_MINUTES, at most for a working day, and is renewed on the
way; the one before is good for some seconds more, for the requests that were under way.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

import settings
from records.console_models import StaffMember, StaffSession
from records.engine import transaction
from records.models import now
from records.sealing import derived_key, fingerprint
from records.staff import Member
from records.writing import changed, gone

SIGNED = "imr-triage/staff-session/1"
MARKED = "imr-triage/staff-session-mark/1"
LONGEST = timedelta(hours=12)
RENEWED_AFTER = timedelta(minutes=10)
GRACE = timedelta(seconds=30)
SEEN_EVERY = timedelta(seconds=30)  # so that not every page is a write


class Opened(NamedTuple):
    """Who is signed in, and the token to go on with when it was renewed."""

    member: Member
    renewed: str | None


def begin(member: Member, *, at: datetime | None = None, url: str | None = None) -> str:
    """Start a session. Returns the signed token for the cookie."""
    moment, token = at or now(), secrets.token_urlsafe(32)
    with transaction(url) as session:
        row = StaffSession(staff_id=member.id, begun_at=moment, seen_at=moment, renewed_at=moment, mark=_mark(token))
        session.add(row)
    return _signer().dumps(token)


def open_session(cookie: str | None, *, at: datetime | None = None, url: str | None = None) -> Opened | None:
    """Who a cookie stands for; None when it stands for nobody (any more)."""
    token, moment = _token(cookie), at or now()
    if token is None:
        return None
    with transaction(url) as session:
        row = _row(session, token, moment)
        if row is None:
            return None
        if _is_over(row, moment):
            session.delete(row)
            return None
        owner = session.get(StaffMember, row.staff_id)
        if owner is None or owner.ended_at is not None:
            return None
        renewed = _renewed(session, row, token, moment)
        if renewed or moment - row.seen_at > SEEN_EVERY:
            row.seen_at = moment
        found = Member(owner.id, owner.name, owner.role, bool(owner.must_change), owner.created_at, owner.ended_at)
    return Opened(found, renewed)


def close(cookie: str | None, *, url: str | None = None) -> None:
    """End a session."""
    token = _token(cookie)
    if token is not None:
        with transaction(url) as session:
            row = _row(session, token, now())
            session.delete(row) if row else None


def drop_over(moment: datetime, *, url: str | None = None) -> None:
    """Delete the sessions that are over."""
    over = or_(StaffSession.seen_at < moment - _idle(), StaffSession.begun_at < moment - LONGEST)
    with transaction(url) as session:
        gone(session, StaffSession, over)


def _row(session: Session, token: str, moment: datetime) -> StaffSession | None:
    mark = _mark(token)
    before = and_(StaffSession.mark_before == mark, StaffSession.renewed_at > moment - GRACE)
    return session.scalars(select(StaffSession).where(or_(StaffSession.mark == mark, before))).first()


def _renewed(session: Session, row: StaffSession, token: str, moment: datetime) -> str | None:
    """A new token when the old one is some minutes old. Of several requests at once one gets it; the others, and
    those with the token before, get none."""
    mark = _mark(token)
    if row.mark != mark or moment - row.renewed_at < RENEWED_AFTER:
        return None
    made = secrets.token_urlsafe(32)
    new = {"mark_before": mark, "mark": _mark(made), "renewed_at": moment}
    is_ours = changed(session, StaffSession, StaffSession.id == row.id, StaffSession.mark == mark, **new) == 1
    session.refresh(row)
    return _signer().dumps(made) if is_ours else None


def _is_over(row: StaffSession, moment: datetime) -> bool:
    return moment - row.seen_at > _idle() or moment - row.begun_at > LONGEST


def _idle() -> timedelta:
    return timedelta(minutes=settings.settings().staff_idle_minutes)


def _token(cookie: str | None) -> str | None:
    try:
        return str(_signer().loads(cookie)) if cookie else None
    except BadSignature:
        return None


def _mark(token: str) -> str:
    return fingerprint(token, MARKED)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(derived_key(SIGNED).hex())
