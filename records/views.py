"""Choices of the inbox that staff want to come back to."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from records.console_models import SavedView
from records.engine import transaction
from records.writing import gone

LONGEST_NAME = 40
LONGEST_QUERY = 1000
MOST_VIEWS = 30


class View(NamedTuple):
    """A saved choice: its name and the query of its address."""

    id: int
    name: str
    query: str


def of(staff_id: int, *, url: str | None = None) -> list[View]:
    """The views of a member of staff, by name."""
    wanted = select(SavedView).where(SavedView.staff_id == staff_id).order_by(SavedView.name)
    with transaction(url) as session:
        return [View(row.id, row.name, row.query) for row in session.scalars(wanted)]


def save(staff_id: int, name: str, query: str, *, url: str | None = None) -> bool:
    """Keep a choice under a name, in place of the one of that name; false when the name is empty or too long, or when
    there are too many."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        return False
    with transaction(url) as session:
        rows = session.scalars(select(SavedView).where(SavedView.staff_id == staff_id)).all()
        same = next((row for row in rows if row.name == called), None)
        if same is None and len(rows) >= MOST_VIEWS:
            return False
        row = same or SavedView(staff_id=staff_id, name=called)
        row.query = query
        session.add(row)
    return True


def drop(staff_id: int, view_id: int, *, url: str | None = None) -> None:
    """Forget a view of one's own."""
    with transaction(url) as session:
        gone(session, SavedView, SavedView.id == view_id, SavedView.staff_id == staff_id)
