"""Changes and deletions by condition: one statement each, and how many rows it touched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session


def changed(session: Session, table: Any, *conditions: Any, **values: Any) -> int:
    """Give some columns of the rows that meet all conditions other values."""
    return _run(session, update(table).where(*conditions).values(**values))


def gone(session: Session, table: Any, *conditions: Any) -> int:
    """Delete the rows that meet all conditions."""
    return _run(session, delete(table).where(*conditions))


def one_at_a_time(session: Session, what: str) -> None:
    """Until this transaction ends nobody else comes here for the same thing. (SQLite has one writer anyway, from the
    first change on.)"""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


def _run(session: Session, statement: Any) -> int:
    return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)
