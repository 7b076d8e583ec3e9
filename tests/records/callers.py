"""People who asked to be called back."""

from __future__ import annotations

from datetime import UTC, datetime

from records import consultations
from records.consultations import Owed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD = {"name": "Maria Testperson", "reach": "(415) 555-0134", "best_time": "mornings"}


def tell(url: str, sender: str = "web-1", **parts: str) -> None:
    for part, value in (parts or TOLD).items():
        consultations.keep_part(sender, "web", part, value, url=url)  # type: ignore[arg-type]


def confirmed(url: str, sender: str = "web-1", at: datetime = NOW) -> int:
    tell(url, sender)
    return consultations.confirm(sender, "plan_grievance", at=at, url=url)


def only(url: str, moment: datetime = NOW) -> Owed:
    [one] = consultations.owed(moment, 10, url=url)
    return one
