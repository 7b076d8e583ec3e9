"""What the practice says of itself: what staff set in the console, else the settings of the environment."""

from __future__ import annotations

import time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

import settings
from records import audit
from records.console_models import PracticeValue
from records.engine import transaction
from records.writing import gone
from settings.checks import one_line_of_text, web_address

NAMES = ("practice_name", "practice_phone", "practice_hours", "practice_prices", "booking_url")
KEPT_SECONDS = 5  # a change is seen everywhere soon, and not every page asks the database
_kept: dict[str, tuple[float, Practice]] = {}


class Practice(NamedTuple):
    """Name, phone number, hours, prices in words, and the address where a time can be booked; None where nothing is
    said."""

    practice_name: str | None
    practice_phone: str | None
    practice_hours: str | None
    practice_prices: str | None
    booking_url: str | None


class PracticeError(ValueError):
    """A value that cannot be used; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def practice(current: settings.Settings | None = None) -> Practice:
    """What holds now. While the database is away, what held before, or the settings."""
    current = current or settings.settings()
    known = _kept.get(current.database_url)
    if known and time.monotonic() - known[0] < KEPT_SECONDS:
        return known[1]
    try:
        found = _merged(current)
    except SQLAlchemyError:
        return known[1] if known else Practice(*(getattr(current, name) for name in NAMES))
    _kept[current.database_url] = (time.monotonic(), found)
    return found


def set_in_console(*, url: str | None = None) -> dict[str, str]:
    """What staff have set, by name."""
    with transaction(url) as session:
        return {row.name: row.value for row in session.scalars(select(PracticeValue)) if row.name in NAMES}


def change(values: dict[str, str], *, by: str, url: str | None = None) -> None:
    """Set some values; an empty one gives its place back to the setting. Raises PracticeError, and then nothing is
    changed."""
    checked = {name: _checked(name, values[name]) for name in NAMES if name in values}
    with transaction(url) as session:
        for name, value in checked.items():
            gone(session, PracticeValue, PracticeValue.name == name)
            session.add(PracticeValue(name=name, value=value)) if value else None
        audit.append(session, by, "practice.change", "practice", {"set": sorted(n for n, v in checked.items() if v)})
    _kept.clear()


def _merged(current: settings.Settings) -> Practice:
    given = set_in_console(url=current.database_url)
    return Practice(*(given.get(name) or getattr(current, name) for name in NAMES))


def _checked(name: str, value: str) -> str:
    try:
        text = one_line_of_text(value)
        return web_address(text) if name == "booking_url" and text else text
    except ValueError:
        raise PracticeError(name) from None
