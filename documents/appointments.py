"""The calendar file of calls that staff agreed on: a time and a number, and not a word of whom or why.

RFC 5545 by the `icalendar` library.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from documents.calendar import PRODUCER
from documents.wording import phrase
from imr_logic.language import DEFAULT

LENGTH = timedelta(minutes=30)


class Appointment(NamedTuple):
    """A call: the number of its request, its time, and the conversation it is about."""

    request: int
    at: datetime
    conversation: int


def appointments_calendar(calls: Iterable[Appointment], now: datetime, language: str = DEFAULT) -> bytes:
    """The file; half an hour for each call. The same call keeps its UID, so that a newer file moves it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    for call in calls:
        event = Event()
        event.add("uid", str(uuid5(NAMESPACE_URL, f"imr-triage:call:{call.request}")))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", call.at.astimezone(UTC))
        event.add("duration", LENGTH)
        event.add("summary", phrase(language, "appointment", "title", number=call.request))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
