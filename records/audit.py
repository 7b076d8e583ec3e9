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
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.console_models import AuditHead, AuditRow
from records.engine import transaction
from records.models import now
from records.sealing import derived_key
from records.writing import changed

AUDIT = "imr-triage/audit/1"
SEAL_OF_NOTHING = "0" * 64
AT_ONCE = 1000


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
    """What came of verifying: how many lines hold, the seal of the last of them, and what is wrong (empty when all
    is well)."""

    lines: int
    seal: str
    problem: str


def append(session: Session, actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None) -> int:
    """Add a line within a transaction; it stands if and only if what it tells of does. Returns its number."""
    # The write holds the row until the end of the transaction: two lines never follow the same one.
    _write_head(session, last=AuditHead.last + 1)
    head = session.execute(select(AuditHead.last, AuditHead.seal)).one()
    row = AuditRow(
        id=head.last,
        at=now(),
        actor=actor,
        action=action,
        subject=subject,
        details=json.dumps(dict(details or {}), sort_keys=True, ensure_ascii=False),
    )
    row.seal = seal_of(row, head.seal)
    session.add(row)
    session.flush()
    _write_head(session, seal=row.seal)
    return int(head.last)


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
        head = session.execute(select(AuditHead.last, AuditHead.seal)).first()
        for row in _rows(session):
            if row.id != count + 1:
                return Checked(count, before, f"line {count + 1} is missing")
            if not hmac.compare_digest(row.seal, seal_of(row, before)):
                return Checked(count, before, f"line {row.id} was changed")
            before, count = row.seal, count + 1
            seen = seen or row.seal == expected
    if head is None or (head.last, head.seal) != (count, before):
        return Checked(count, before, f"lines after {count} are missing")
    return Checked(count, before, "" if seen else "the seal that was noted is not in the log")


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


def seal_of(row: AuditRow, before: str) -> str:
    """The seal of a line that follows the line with the seal `before`; 64 hexadecimal digits."""
    told = [row.id, row.at.isoformat(), row.actor, row.action, row.subject, row.details, before]
    text = json.dumps(told, ensure_ascii=False)
    return hmac.new(derived_key(AUDIT), text.encode(), hashlib.sha256).hexdigest()


def _rows(session: Session) -> Iterator[AuditRow]:
    return iter(session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=AT_ONCE)))


def _write_head(session: Session, **values: Any) -> None:
    changed(session, AuditHead, **values)


def _line(row: AuditRow) -> Line:
    return Line(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.details))
