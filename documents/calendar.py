"""The calendar file: every date still ahead as an all-day event with alarms, in words that tell nobody anything.

RFC 5545 by the `icalendar` library. A date that moves keeps its UID and gets a higher SEQUENCE; a date that is
gone becomes STATUS:CANCELLED, so that calendars that hold it already follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

from icalendar import Alarm, Calendar, Component, Event

from documents.wording import phrase, words
from imr_logic import Assessment, Deadline
from imr_logic.language import DEFAULT
from imr_logic.language import words as law_words
from imr_logic.revisions import Revisions, is_shown, revised

ALARM_DAYS = (30, 14, 7, 3, 1)
PRODUCER = "-//imr-triage//dates//EN"
REFERENCE = "urn:uuid:"
KINDS = get_args(Deadline.model_fields["kind"].annotation)

Sequences = Revisions  # what is known of the dates given out before (see `imr_logic.revisions`)


class NoDates(ValueError):
    """A case has no date ahead, and an earlier file none that must be changed: RFC 5545 has no empty calendar."""


def case_reference(case_id: str) -> str:
    """The name of a case in its calendar file, "urn:uuid:...", from which the case's own id cannot be read.
    A reference is its own reference."""
    return case_id if case_id.startswith(REFERENCE) else uuid5(NAMESPACE_URL, f"imr-triage:{case_id}").urn


def uid_of(case_id: str, name: str) -> str:
    """The UID of a date, named "code/kind": the same for ever for a case, a code and a kind."""
    return str(uuid5(UUID(case_reference(case_id)), name))


def read_case(previous: bytes) -> str:
    """The reference of the case that a calendar file was made for. Raises ValueError when it names none."""
    return UUID(str(Calendar.from_ical(previous).get("UID", ""))).urn


def read_sequences(previous: bytes) -> dict[str, dict[str, Any]]:
    """The dates of a calendar file given out before. Raises ValueError for what is no such file."""
    case = read_case(previous)
    codes = law_words()["deadlines"]
    names = {uid_of(case, f"{code}/{kind}"): f"{code}/{kind}" for code in codes for kind in KINDS}
    events = Calendar.from_ical(previous).walk("VEVENT")
    return {names[uid]: _read(event) for event in events if (uid := str(event.get("UID"))) in names}


def _read(event: Component) -> dict[str, Any]:
    day = event.decoded("DTSTART")
    if type(day) is not date:
        raise ValueError("an event that is not all day")
    sequence, gone = int(str(event.get("SEQUENCE", 0))), event.get("STATUS") == "CANCELLED"
    return {"date": day.isoformat(), "sequence": sequence, "gone": gone, "given": True}


def raise_sequences(previous: Sequences, found: Assessment) -> dict[str, dict[str, Any]]:
    """The dates of the next file. One whose day changed, or that is gone or came back, counts one more."""
    return revised(previous, (one.model_dump(mode="json") for one in found.deadlines))


def has_dates(found: Assessment, sequences: Sequences | None = None) -> bool:
    """Whether a calendar file has anything to say: a date still ahead, or one that an earlier file held."""
    return any(is_shown(known, found.today) for known in raise_sequences(sequences or {}, found).values())


def calendar_file(
    found: Assessment,
    *,
    case_id: str,
    sequences: Sequences | None = None,
    now: datetime,
    language: str = DEFAULT,
) -> bytes:
    """The calendar file of a case: one event for each date of today or later, and for those that an earlier file
    held and that calendars must follow. `sequences` is what was known before (`read_sequences`, or what
    `raise_sequences` gave last); `now` (with a time zone) is the stamp of the file.

    Raises NoDates when there is nothing to write, ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now: has no time zone; allowed: a moment with one")
    dates = raise_sequences(sequences or {}, found)
    shown = {name: known for name, known in dates.items() if is_shown(known, found.today)}
    if not shown:
        raise NoDates("no date ahead")
    calendar = Calendar()
    calendar.add("PRODID", PRODUCER)
    calendar.add("VERSION", "2.0")
    calendar.add("UID", str(UUID(case_reference(case_id))))
    calendar.add("NAME", words(language)["calendar"]["name"])
    for name, known in sorted(shown.items(), key=lambda item: (item[1]["date"], item[0])):
        event = _event(known, now, *_said(name, language))
        event.add("UID", uid_of(case_id, name))
        for alarm in () if known["gone"] else _alarms(event, found.today):
            event.add_component(alarm)
        calendar.add_component(event)
    return calendar.to_ical()


def _said(name: str, language: str) -> tuple[str, str]:
    """The title and the text of an event: no illness, no plan, no agency."""
    code, kind = name.split("/")
    key = words(language)["calendar"]["by_code"].get(code, kind)
    return phrase(language, "calendar", "titles", key), phrase(language, "calendar", "texts", key)


def _event(known: Mapping[str, Any], now: datetime, title: str, text: str) -> Event:
    day = date.fromisoformat(known["date"])
    event = Event()
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("SEQUENCE", known["sequence"])
    event.add("DTSTART", day)
    event.add("DTEND", day + timedelta(days=1))
    event.add("SUMMARY", title)
    event.add("DESCRIPTION", text)
    event.add("STATUS", "CANCELLED" if known["gone"] else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PRIVATE")
    return event


def _alarms(event: Event, today: date) -> Iterator[Alarm]:
    """Only alarms still ahead: some calendars ring at once for every alarm that went by before the import."""
    for days in ALARM_DAYS:
        if event.decoded("DTSTART") - timedelta(days=days) > today:
            alarm = Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", str(event["SUMMARY"]))
            alarm.add("TRIGGER", timedelta(days=-days))
            yield alarm
