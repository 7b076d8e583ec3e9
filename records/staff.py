"""Accounts of staff: argon2id passwords (RFC 9106), one-time codes (TOTP, RFC 6238), three roles.

A sign-in needs name, password and code at once, and what was wrong is not told apart. After some failures the name
and the network address are shut out for a while, whether or not there is such an account.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records import audit
from records.console_models import AuditHead, SignInTry, StaffMember, StaffSession
from records.engine import transaction
from records.models import now
from records.sealing import SealError, fingerprint, seal, unseal
from records.writing import changed, gone

Role = Literal["viewer", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")
TOTP = "imr-triage/staff-totp/1"
TRIES = "imr-triage/sign-in/1"
ISSUER = "imr-triage"
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
STEP_SECONDS = 30
SKEW_STEPS = 1  # a clock may be half a minute off
MOST_FAILURES = 5  # of one name from one address, so that nobody can shut somebody else out
MOST_FAILURES_OF_NAME = 50
MOST_FAILURES_OF_ADDRESS = 20
MOST_AT_ONCE = 2  # each hash takes 64 MiB for a while
SHUT_OUT = timedelta(minutes=15)
COMMAND_LINE = "command line"
_at_once = threading.BoundedSemaphore(MOST_AT_ONCE)


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
    _check_password(chosen)
    secret = pyotp.random_base32()
    row = StaffMember(
        name=name,
        role=_role(role),
        password=_hashed(chosen),
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
    moment, marks = at or now(), _marks(name, address)
    _count_a_try(marks, moment, url)
    with transaction(url) as session:
        row = session.scalars(select(StaffMember).where(StaffMember.name == name)).first()
        # A name that is not there costs the same time as one that is.
        known = _member(row) if row else None
        knows_password = _matches(row.password if row else _nobodys_password(), password)
        step = _step_of(row, code, moment) if row else None
        if row and knows_password and step is not None and row.ended_at is None and _use(session, row, step):
            gone(session, SignInTry, SignInTry.mark.in_(marks))
            audit.append(session, row.name, "sign_in", f"staff {row.id}")
            _hash_anew(row, password)
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
        row.password, row.totp, row.totp_step = _hashed(chosen), seal(secret, TOTP), 0
        row.must_change, row.ended_at = True, None
        audit.append(session, by, "staff.renew", f"staff {row.id}", {"name": row.name})
        _end_sessions(session, row.id)
        gone(session, SignInTry, SignInTry.mark == _mark(f"name {row.name}"))
        return Added(_member(row), chosen, secret, _uri(row.name, secret))


def change_password(staff_id: int, old: str, new: str, *, url: str | None = None) -> None:
    """Another password, and no other session but the one it is done in, which the caller begins anew. Raises
    StaffError("wrong_password" | "bad_password" | "same_password" | "too_many" | "not_there")."""
    _check_password(new)
    guesses = {_mark(f"password of {staff_id}"): MOST_FAILURES}
    try:
        _count_a_try(guesses, now(), url)
    except SignInError:
        raise StaffError("too_many") from None
    with transaction(url) as session:
        row = _found(session, staff_id)
        if not _matches(row.password, old):
            raise StaffError("wrong_password")
        gone(session, SignInTry, SignInTry.mark.in_(guesses))
        if old == new:
            raise StaffError("same_password")
        row.password, row.must_change = _hashed(new), False
        audit.append(session, row.name, "staff.password", f"staff {row.id}")
        _end_sessions(session, row.id)


def drop_old_tries(moment: datetime, *, url: str | None = None) -> None:
    """Forget failures that shut nobody out any more."""
    with transaction(url) as session:
        gone(session, SignInTry, SignInTry.at < moment - SHUT_OUT)


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's parameters, which are those of RFC 9106 section 4 for little memory."""
    return PasswordHasher()


def _hashed(password: str) -> str:
    return _hasher().hash(_normal(password))


def _normal(password: str) -> str:
    """The same characters, whatever keyboard they come from (RFC 8265 section 4.2: NFC)."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys_password() -> str:
    return _hasher().hash(secrets.token_urlsafe(12))


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or len(set(password)) < SHORTEST_PASSWORD // 2:
        raise StaffError("bad_password")


def _matches(kept: str, password: str) -> bool:
    """Whether it is the password. Only some are looked at in the same moment."""
    try:
        with _at_once:
            return _hasher().verify(kept, _normal(password[:LONGEST_PASSWORD]))
    except (VerifyMismatchError, InvalidHashError):
        return False


def _hash_anew(row: StaffMember, password: str) -> None:
    """Hashes of older parameters are made anew while the password is at hand."""
    if _hasher().check_needs_rehash(row.password):
        row.password = _hashed(password)


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


def _marks(name: str, address: str) -> dict[str, int]:
    """What a try is counted under, and how many there may be of each."""
    return {
        _mark(f"name {name} address {address}"): MOST_FAILURES,
        _mark(f"name {name}"): MOST_FAILURES_OF_NAME,
        _mark(f"address {address}"): MOST_FAILURES_OF_ADDRESS,
    }


def _mark(text: str) -> str:
    return fingerprint(text, TRIES)


def _count_a_try(marks: dict[str, int], moment: datetime, url: str | None) -> None:
    """Counts a try before anything is looked at, so that many at once are counted too; what succeeds is taken off
    again. Raises SignInError, and does not count, when there were too many."""
    with transaction(url) as session:
        session.add_all(SignInTry(mark=mark, at=moment) for mark in marks)
        session.flush()
        recent = SignInTry.at > moment - SHUT_OUT
        for mark, most in marks.items():
            if session.scalar(select(func.count()).where(SignInTry.mark == mark, recent)) > most:
                session.rollback()
                raise SignInError(shut_out=True)


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
