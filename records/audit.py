"""The log of who did what: lines can be added, and each is sealed together with the one before it.

A line's seal is an HMAC with a key of its own (RFC 2104), so that neither a changed nor a missing line goes unseen:
who can write to the database but has no signing key cannot make a chain that holds. That the newest lines were cut
off is seen by the head; who wants to be sure even against a head that was put back keeps the seal that
`./imr audit verify` prints.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from records.console_models import AuditHead, AuditRow, StaffMember
from records.engine import transaction
from records.models import now
from records.sealing import derived_key
from records.stored_events import parsed
from records.writing import changed

AUDIT = "imr-triage/audit/1"
HEAD = "imr-triage/audit-head/1"
Problem = Literal["line_missing", "line_changed", "end_missing", "seal_unknown"]
SEAL_OF_NOTHING = "0" * 64
AT_ONCE = 1000
SEALED = ("id", "at", "actor", "action", "subject", "details")


class Line(NamedTuple):
    """One line: its number, when, who (a member of staff, or "command line"), what was done to which subject such as
    "conversation 12", and details that name no person."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


class Checked(NamedTuple):
    """What came of verifying: how many lines hold, the seal of the last of them, and what is wrong with the one after
    (empty when all is well)."""

    lines: int
    seal: str
    problem: Problem | Literal[""]


def append(session: Session, actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None) -> int:
    """Add a line within a transaction; it stands if and only if what it tells of does. Returns its number."""
    # The write holds the row until the end of the transaction: two lines never follow the same one.
    _write_head(session, last=AuditHead.last + 1)
    number = int(session.scalar(select(AuditHead.last)))
    before = session.scalar(select(AuditRow.seal).where(AuditRow.id == number - 1)) or SEAL_OF_NOTHING
    row = AuditRow(
        id=number,
        at=now(),
        actor=actor,
        action=action,
        subject=subject,
        details=json.dumps(dict(details or {}), sort_keys=True, ensure_ascii=False),
    )
    row.seal = seal_of(_raw(row), before)
    session.add(row)
    session.flush()
    _write_head(session, seal=seal_of_head(number, row.seal))
    return number


def note(
    actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None, *, url: str | None = None
) -> None:
    """Add a line in a transaction of its own."""
    with transaction(url) as session:
        append(session, actor, action, subject, details)


def verify(*, expected: str | None = None, url: str | None = None) -> Checked:
    """Go through the whole chain. `expected`: a seal noted earlier, which must still be in it."""
    before, count, seen = SEAL_OF_NOTHING, 0, expected is None
    with transaction(url) as session:
        # The head first: lines that are added meanwhile come after it and are not looked at.
        head = session.execute(select(AuditHead.last, AuditHead.seal)).first()
        for raw in _rows(session, head.last if head else 0):
            if raw["id"] != count + 1:
                return Checked(count, before, "line_missing")
            if not hmac.compare_digest(str(raw["seal"]), seal_of(raw, before)):
                return Checked(count, before, "line_changed")
            before, count = str(raw["seal"]), count + 1
            seen = seen or before == expected
        is_whole = _is_head_of(head, count, before) and (
            count > 0 or not session.scalar(select(StaffMember.id).limit(1))
        )
    if not is_whole:
        return Checked(count, before, "end_missing")
    return Checked(count, before, "" if seen else "seal_unknown")


def lines(
    limit: int,
    *,
    before: int | None = None,
    subject: str | None = None,
    actor: str | None = None,
    url: str | None = None,
) -> list[Line]:
    """The newest lines first, those before a number, of one subject or by one member of staff."""
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    for column, value in ((AuditRow.subject, subject), (AuditRow.actor, actor)):
        wanted = wanted.where(column == value) if value else wanted
    wanted = wanted.where(AuditRow.id < before) if before else wanted
    with transaction(url) as session:
        return [_line(row) for row in session.scalars(wanted)]


def seal_of(raw: Mapping[str, Any], before: str) -> str:
    """The seal of a line, as the database keeps it, that follows the line with the seal `before`; 64 hexadecimal
    digits."""
    return _hmac(AUDIT, [*(raw[name] for name in SEALED), before])


def seal_of_head(last: int, seal: str) -> str:
    """What stands in the head for a last line and its seal: who has no key cannot cut the log off and make a head
    for what is left."""
    return _hmac(HEAD, [last, seal])


def _hmac(label: str, told: list[Any]) -> str:
    text = json.dumps(told, ensure_ascii=False)
    return hmac.new(derived_key(label), text.encode(), hashlib.sha256).hexdigest()


def _raw(row: AuditRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SEALED if name != "at"} | {"at": _as_kept(row.at)}


def _as_kept(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _rows(session: Session, last: int) -> Iterator[dict[str, Any]]:
    """The lines as the database keeps them: what cannot be read as a moment must not stop the looking."""
    columns = [
        cast(AuditRow.__table__.c[name], String) if name == "at" else AuditRow.__table__.c[name] for name in SEALED
    ]
    wanted = select(*columns, AuditRow.seal).where(AuditRow.id <= last).order_by(AuditRow.id)
    for row in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        yield dict(zip((*SEALED, "seal"), (*row[:-1], row.seal), strict=True)) | {"at": _padded(str(row[1]))}


def _padded(moment: str) -> str:
    """PostgreSQL leaves zeros out at the end of a second's fraction."""
    whole, _, fraction = moment.partition(".")
    return f"{whole}.{fraction:0<6}"


def _is_head_of(head: Any, last: int, seal: str) -> bool:
    if head is None or head.last != last:
        return False
    return bool(head.seal == (seal_of_head(last, seal) if last else SEAL_OF_NOTHING))


def _write_head(session: Session, **values: Any) -> None:
    changed(session, AuditHead, **values)


def _line(row: AuditRow) -> Line:
    return Line(row.id, row.at, row.actor, row.action, row.subject, parsed(row.details))
