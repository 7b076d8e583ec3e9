"""How much waits in the database, for the dashboard: counted, never read."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select

from records.engine import transaction
from records.models import Consultation
from records.text_models import TextIn, TextOut
from records.texts_out import OWED


class Waiting(NamedTuple):
    """Text messages to be answered and to be sent, reminders among the latter, and requests for a call that nobody
    took up."""

    texts_in: float
    texts_out: float
    reminders: float
    calls: float


def waiting(url: str | None = None) -> Waiting:
    """How much waits now. Raises SQLAlchemy's errors."""
    owed = TextOut.state.in_(OWED)
    questions: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (TextIn, (TextIn.state == "waiting",)),
        (TextOut, (owed,)),
        (TextOut, (owed, TextOut.kind == "reminder")),
        (Consultation, (Consultation.state == "new",)),
    )
    with transaction(url) as session:
        found = [session.scalar(select(func.count()).select_from(one).where(*where)) for one, where in questions]
    return Waiting(*(int(number or 0) for number in found))
