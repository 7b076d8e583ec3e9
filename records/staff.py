"""Accounts of staff: argon2id passwords (RFC 9106), one-time codes (TOTP, RFC 6238), three roles.

A sign-in needs name, password and code at once, and what was wrong is not told apart. After some failures the name
and the network address are shut out for a while, whether or not there is such an account.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import pyotp
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import audit, guesses, passwords
from records.console_models import AuditHead, StaffMember, StaffSession
from records.engine import transaction
from records.models import now
from records.sealing import SealError, seal, unseal
from records.writing import changed, gone

Role = Literal["viewer", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")
TOTP = "imr-triage/staff-totp/1"
ISSUER = "imr-triage"
STEP_SECONDS = 30
SKEW_STEPS = 1  # a clock may be half a minute off
COMMAND_LINE = "command line"


class StaffError(ValueError):
    """An account cannot be made or changed so; `code` says why (texts: `problems`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignInError(Exception):
    """Nobody was signed in. `shut_out`: too many failures, nothing was even looked at."""

    def __init__(self, shut_out: bool = False) -> None:
        super().__init__("shut out" if shut_out else "not signed in")
        self.shut_out = shut_out


@dataclass(frozen=True)
class Member:
    """One account, without its secrets."""

    id: int
    name: str
    role: Role
    must_change: bool
    created_at: datetime
    ended_at: datetime | None

    def may(self, least: Role) -> bool:
        """Whether the role is this one or a higher one."""
        return ROLES.index(self.role) >= ROLES.index(least)


@dataclass(frozen=True)
class Added:
    """What a new member of staff must be given: shown once, kept nowhere in clear. `uri` is for a QR code."""

    member: Member
    password: str
    secret: str
    uri: str


def add(
    name: str, role: str, password: str | None = None, *, by: str = COMMAND_LINE, url: str | None = None
) -> Added:
    """Make an account; without a password a random one is made, which must be changed at the first sign-in. Raises
    StaffError("bad_name" | "bad_role" | "bad_password" | "name_taken")."""
    if not NAME.fullmatch(name):
        raise StaffError("bad_name")
    chosen = password or secrets.token_urlsafe(12)
    if not passwords.is_good(chosen):
        raise StaffError("bad_password")
    secret = pyotp.random_base32()
    row = StaffMember(
        name=name,
        role=_role(role),
        password=passwords.hashed(chosen),
        totp=seal(secret, TOTP),
        totp_step=0,
        must_change=password is None,
    )
    try:
        with transaction(url) as session:
            session.add(row)
            session.flush()
            audit.append(session, by, "staff.add", f"staff {row.id}", {"name": name, "role": row.role})
            return Added(_member(row), chosen, secret, _uri(name, secret))
    except IntegrityError:
        raise StaffError("name_taken") from None


def sign_in(
    name: str, password: str, code: str, address: str, *, at: datetime | None = None, url: str | None = None
) -> Member:
    """Who has this name, password and one-time code. Raises SignInError."""
    moment, marks = at or now(), guesses.of_sign_in(name, address)
    if not guesses.count(marks, moment, url=url):
        raise SignInError(shut_out=True)
    with transaction(url) as session:
        row = session.scalars(select(StaffMember).where(StaffMember.name == name)).first()
        known = _member(row) if row else None
        knows_password = passwords.matches(row.password if row else None, password)
        step = _step_of(row, code, moment) if row else None
        if row and knows_password and step is not None and row.ended_at is None and _use(session, row, step):
            guesses.forgive(session, marks)
            audit.append(session, row.name, "sign_in", f"staff {row.id}")
            row.password = passwords.renewed(row.password, password)
            return _member(row)
    _note_failure(known, url)
    raise SignInError


def members(*, url: str | None = None) -> list[Member]:
    """All accounts, those that ended too, in the order of their names."""
    with transaction(url) as session:
        return [_member(row) for row in session.scalars(select(StaffMember).order_by(StaffMember.name))]


def member(staff_id: int, *, url: str | None = None) -> Member | None:
    """One account."""
    with transaction(url) as session:
        row = session.get(StaffMember, staff_id)
        return _member(row) if row else None


def named(name: str, *, url: str | None = None) -> Member | None:
    """The account with a name."""
    with transaction(url) as session:
        row = session.scalars(select(StaffMember).where(StaffMember.name == name)).first()
        return _member(row) if row else None


def set_role(staff_id: int, role: str, *, by: str, url: str | None = None) -> None:
    """Give an account another role. Raises StaffError("bad_role" | "last_admin" | "not_there")."""
    with transaction(url) as session:
        row, wanted = _found(session, staff_id), _role(role)
        if wanted != "admin":
            _keep_an_admin(session, row)
        audit.append(session, by, "staff.role", f"staff {row.id}", {"name": row.name, "role": wanted})
        row.role = wanted


def end(staff_id: int, *, by: str, url: str | None = None) -> None:
    """Close an account and end its sessions; its name stays in the log. Raises StaffError("last_admin" |
    "not_there")."""
    with transaction(url) as session:
        row = _found(session, staff_id)
        _keep_an_admin(session, row)
        audit.append(session, by, "staff.end", f"staff {row.id}", {"name": row.name})
        row.ended_at = row.ended_at or now()
        _end_sessions(session, row.id)


def renew_secrets(staff_id: int, *, by: str, url: str | None = None) -> Added:
    """A new password and a new one-time secret, for who lost theirs; open again if it was closed. Raises
    StaffError("not_there")."""
    chosen, secret = secrets.token_urlsafe(12), pyotp.random_base32()
    with transaction(url) as session:
        row = _found(session, staff_id)
        row.password, row.totp, row.totp_step = passwords.hashed(chosen), seal(secret, TOTP), 0
        row.must_change, row.ended_at = True, None
        audit.append(session, by, "staff.renew", f"staff {row.id}", {"name": row.name})
        _end_sessions(session, row.id)
        guesses.forgive(session, guesses.of_sign_in(row.name, ""))
        return Added(_member(row), chosen, secret, _uri(row.name, secret))


def change_password(staff_id: int, old: str, new: str, *, url: str | None = None) -> None:
    """Another password, and no other session but the one it is done in, which the caller begins anew. Raises
    StaffError("wrong_password" | "bad_password" | "same_password" | "too_many" | "not_there")."""
    if not passwords.is_good(new):
        raise StaffError("bad_password")
    marks = guesses.of_own_password(staff_id)
    if not guesses.count(marks, now(), url=url):
        raise StaffError("too_many")
    with transaction(url) as session:
        row = _found(session, staff_id)
        if not passwords.matches(row.password, old):
            raise StaffError("wrong_password")
        guesses.forgive(session, marks)
        if old == new:
            raise StaffError("same_password")
        row.password, row.must_change = passwords.hashed(new), False
        audit.append(session, row.name, "staff.password", f"staff {row.id}")
        _end_sessions(session, row.id)


def _step_of(row: StaffMember, code: str, moment: datetime) -> int | None:
    """The time step that a code is of, if it is one of now; a code that was used, or an older one, is none."""
    try:
        made = pyotp.TOTP(unseal(row.totp, TOTP))
    except SealError:  # another signing key: nobody can sign in until the account is renewed
        return None
    digits, now_step = re.sub(r"\s", "", code), int(moment.timestamp()) // STEP_SECONDS
    for step in range(now_step - SKEW_STEPS, now_step + SKEW_STEPS + 1):
        if step > row.totp_step and secrets.compare_digest(made.at(step * STEP_SECONDS).encode(), digits.encode()):
            return step
    return None


def _use(session: Session, row: StaffMember, step: int) -> bool:
    """Note the code as used; false when another sign-in used it at this moment."""
    unused = (StaffMember.id == row.id, StaffMember.totp_step < step)
    return changed(session, StaffMember, *unused, totp_step=step) > 0


def _note_failure(known: Member | None, url: str | None) -> None:
    """Who tried is in the log only if there is such an account: a password may be typed into the field for the
    name."""
    with transaction(url) as session:
        subject = f"staff {known.id}" if known else "staff unknown"
        audit.append(session, known.name if known else "unknown", "sign_in.failed", subject)


def _keep_an_admin(session: Session, row: StaffMember) -> None:
    """Raises StaffError("last_admin"). Nobody else may change an account until the end of the transaction: two admins
    could close each other's."""
    changed(session, AuditHead, last=AuditHead.last)
    session.refresh(row)
    others = select(func.count()).where(
        StaffMember.role == "admin", StaffMember.ended_at.is_(None), StaffMember.id != row.id
    )
    if row.role == "admin" and row.ended_at is None and not session.scalar(others):
        raise StaffError("last_admin")


def _role(role: str) -> Role:
    for one in ROLES:
        if one == role:
            return one
    raise StaffError("bad_role")


def _found(session: Session, staff_id: int) -> StaffMember:
    row = session.get(StaffMember, staff_id)
    if row is None:
        raise StaffError("not_there")
    return row


def _end_sessions(session: Session, staff_id: int) -> None:
    gone(session, StaffSession, StaffSession.staff_id == staff_id)


def _uri(name: str, secret: str) -> str:
    """What authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def _member(row: Any) -> Member:
    return Member(row.id, row.name, row.role, bool(row.must_change), row.created_at, row.ended_at)
