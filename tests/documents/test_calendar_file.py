"""The calendar file: valid by RFC 5545, neutral, the same event for ever, and higher numbers when a date moves."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from documents import (
    NoDates,
    calendar_file,
    case_reference,
    raise_sequences,
    read_case,
    read_sequences,
)
from documents.wording import words as paper_words
from imr_logic import Assessment, CaseFacts, assess
from imr_logic.language import words
from tests.documents.cases import ANSWERED, NOW, case
from tests.imr_logic.decided import Decided, for_each_case
from tests.imr_logic.strategies import any_facts

DAY = timedelta(days=1)


Known = dict[str, dict[str, Any]]


def written(found: Assessment, earlier: Known | None = None, case_id: str = "a-case") -> bytes:
    return calendar_file(found, case_id=case_id, sequences=earlier, now=NOW)


def events(content: bytes) -> list[Event]:
    return [event for event in Calendar.from_ical(content).walk("VEVENT") if isinstance(event, Event)]


def ahead(found: Assessment) -> list[date]:
    return sorted(one.date for one in found.shown_deadlines if one.date and one.date >= found.today)


# Form.


@for_each_case()
def test_every_date_still_ahead_is_an_all_day_event_and_no_other(case: Decided) -> None:
    found = assess(CaseFacts.model_validate(case.facts), look_ahead=False)
    if not ahead(found):
        with pytest.raises(NoDates):
            written(found)
        return
    starts = [event.decoded("DTSTART") for event in events(written(found))]
    assert sorted(starts) == ahead(found)
    assert all(type(start) is date for start in starts)


@for_each_case()
def test_the_file_is_valid_and_comes_back_the_same_through_a_calendar_library(case: Decided) -> None:
    found = assess(CaseFacts.model_validate(case.facts), look_ahead=False)
    if ahead(found):
        content = written(found)
        again = Calendar.from_ical(content)
        assert again.to_ical() == content
        assert not again.errors
        assert_follows_rfc_5545(content)


def assert_follows_rfc_5545(content: bytes) -> None:
    """3.1: CRLF, lines of 75 octets; 3.6: what a calendar, an event and an alarm must have, each once."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    once = re.findall(rb"^(?:PRODID|VERSION):", content, re.MULTILINE)
    assert sorted(once) == [b"PRODID:", b"VERSION:"]
    assert len(re.findall(rb"^DTSTAMP:\d{8}T\d{6}Z\r$", content, re.MULTILINE)) == len(events(content))
    for event in events(content):
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE"} <= set(event)
        assert event.decoded("DTEND") == event.decoded("DTSTART") + DAY
        for alarm in event.walk("VALARM"):
            assert {"ACTION", "TRIGGER", "DESCRIPTION"} <= set(alarm)


def test_a_day_does_not_block_the_calendar() -> None:
    assert {str(event["TRANSP"]) for event in events(written(case()[1]))} == {"TRANSPARENT"}


def test_the_stamp_is_the_moment_given() -> None:
    assert {event.decoded("DTSTAMP") for event in events(written(case()[1]))} == {NOW}


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar_file(case()[1], case_id="x", now=datetime(2026, 11, 23))


# Alarms.


@pytest.mark.parametrize(
    ("letter", "alarms"),
    [
        ("2026-10-05", [30, 14, 7, 3, 1]),  # due 2027-04-02, far ahead
        ("2026-06-08", [7, 3, 1]),  # due 2026-12-04, in eleven days
        ("2026-05-28", []),  # due 2026-11-24, tomorrow: the day of the last alarm is today
        ("2026-05-30", [1]),  # due 2026-11-25
    ],
)
def test_alarms_ring_on_days_that_are_still_ahead(letter: str, alarms: list[int]) -> None:
    first = events(written(case(denial_letter_date=letter)[1]))[0]
    days = [-alarm.decoded("TRIGGER") // DAY for alarm in first.walk("VALARM")]
    assert days == alarms


# Neutral words.


@for_each_case()
def test_nobody_who_looks_at_the_screen_learns_anything(case: Decided) -> None:
    found = assess(CaseFacts.model_validate(case.facts), look_ahead=False)
    if ahead(found):
        said = " ".join(f"{event['SUMMARY']} {event['DESCRIPTION']}" for event in events(written(found))).lower()
        assert not re.search(r"kaiser|plan|health|medic|doctor|grievance|appeal|denial|dmhc|review|hsc|imr", said)
        assert "see your case summary" in said


def test_a_date_by_noon_says_so() -> None:
    found = case(plan_type="medicare_advantage", care_end_date="2026-12-03", denial_letter_date="2026-11-22")[1]
    noon = [event for event in events(written(found)) if event.decoded("DTSTART") == date(2026, 12, 2)]
    assert [str(event["SUMMARY"]) for event in noon] == ["Call due by noon"]
    assert words()["notes"]["by_noon"] in {one.note for one in found.deadlines}


def test_the_id_of_the_case_cannot_be_read_from_the_file() -> None:
    assert b"secret-case-id" not in written(case()[1], case_id="secret-case-id")


# The same event for ever.


def uids(content: bytes) -> set[str]:
    return {str(event["UID"]) for event in events(content)}


def test_uids_are_of_the_case_the_code_and_the_kind() -> None:
    first, other = (uids(written(case()[1], case_id=one)) for one in ("one", "two"))
    assert not first & other
    assert first == uids(written(case(denial_letter_date="2026-09-01")[1], case_id="one"))


def test_the_case_can_go_on_from_its_file_alone() -> None:
    content = written(case()[1], case_id="one")
    assert read_case(content) == case_reference("one") == case_reference(case_reference("one"))
    assert uids(written(case()[1], case_id=read_case(content))) == uids(content)


def moved_from(earlier: dict[str, Any], later: dict[str, Any]) -> tuple[Known, Known]:
    """What a first file held, and what the next one holds."""
    first = read_sequences(written(case(**earlier)[1]))
    return first, read_sequences(written(case(**later)[1], first))


def states(known: Known) -> set[tuple[int, bool]]:
    """The numbers there are, each with whether the date is gone."""
    return {(one["sequence"], one["gone"]) for one in known.values()}


def test_a_date_that_stays_keeps_its_number() -> None:
    first, second = moved_from({}, {})
    assert first == second
    assert states(first) == {(0, False)}


def test_a_date_that_moves_gets_the_next_number() -> None:
    first, second = moved_from({}, {"denial_letter_date": "2026-09-01"})
    assert first.keys() == second.keys()
    assert states(second) == {(1, False)}
    assert all(first[name]["date"] != second[name]["date"] for name in first)


def test_a_date_that_is_gone_is_cancelled_with_the_next_number() -> None:
    first, second = moved_from({}, ANSWERED)
    assert states({name: second[name] for name in first}) == {(1, True)}
    assert states({name: one for name, one in second.items() if name not in first}) == {(0, False)}


def test_a_cancelled_event_has_no_alarm() -> None:
    first = read_sequences(written(case()[1]))
    cancelled = [one for one in events(written(case(**ANSWERED)[1], first)) if one["STATUS"] == "CANCELLED"]
    assert len(cancelled) == 2
    assert not [alarm for event in cancelled for alarm in event.walk("VALARM")]


def test_a_date_that_comes_back_gets_a_number_above_its_cancellation() -> None:
    first, second = moved_from({}, ANSWERED)
    third = read_sequences(written(case()[1], second))
    assert states({name: third[name] for name in first}) == {(2, False)}


def test_a_date_that_went_by_after_it_was_given_out_stays_as_it_was() -> None:
    first, later = moved_from({}, {"today": "2027-06-01"})
    assert first == later


def test_a_date_that_went_by_before_any_file_is_left_out() -> None:
    known = raise_sequences({}, case(denial_letter_date="2026-03-01")[1])
    with pytest.raises(NoDates):
        written(case(denial_letter_date="2026-03-01")[1], known)


def test_a_known_date_that_moves_into_the_past_is_moved_in_the_calendar_too() -> None:
    _, second = moved_from({}, {"denial_letter_date": "2026-03-02"})
    safe = second["plan_grievance/file_by"]
    assert (safe["date"], safe["sequence"], safe["gone"]) == ("2026-08-28", 1, False)


def test_a_last_day_that_falls_on_the_safe_date_is_taken_back_as_a_date_of_its_own() -> None:
    _, second = moved_from({}, {"denial_letter_date": "2026-03-01"})
    assert not second["plan_grievance/file_by"]["gone"]
    assert second["plan_grievance/legal_last_day"]["gone"]


@pytest.mark.parametrize("content", [b"", b"no calendar", b"BEGIN:VCALENDAR\r\n"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_case(content)


assessed = any_facts().map(lambda facts: assess(CaseFacts.model_validate(facts), look_ahead=False))


@settings(max_examples=80)
@given(assessed)
def test_uids_are_unique(found: Assessment) -> None:
    if ahead(found):
        content = written(found)
        assert len(uids(content)) == len(events(content))


@settings(max_examples=80)
@given(st.lists(assessed, min_size=1, max_size=4))
def test_numbers_never_fall_no_event_is_lost_and_the_same_answer_changes_nothing(story: list[Assessment]) -> None:
    known: Known = {}
    for found in story:
        following = raise_sequences(known, found)
        assert known.keys() <= following.keys()
        for name, before in known.items():
            assert following[name] == before or following[name]["sequence"] == before["sequence"] + 1
        assert raise_sequences(following, found) == following
        known = following


@settings(max_examples=80)
@given(st.lists(assessed, min_size=1, max_size=4))
def test_a_file_is_read_back_as_what_was_written_into_it(story: list[Assessment]) -> None:
    known: Known = {}
    for found in story:
        following = raise_sequences(known, found)
        try:
            read = read_sequences(written(found, known))
        except NoDates:
            continue
        assert read == {name: {**following[name], "given": True} for name in read}
        assert known.keys() <= read.keys()
        known = read


def test_an_event_keeps_its_uid_from_one_version_of_the_program_to_the_next() -> None:
    assert [str(event["UID"]) for event in events(written(case()[1]))] == [
        "c3590f2f-e73e-5d44-b02e-e593dd9894f5",
        "99e006c3-741c-5b37-bea1-b561dd4bed14",
    ]


def test_a_title_is_one_of_five_that_say_nothing() -> None:
    assert paper_words()["calendar"]["name"] == "Dates"
    assert set(paper_words()["calendar"]["titles"].values()) == {
        "Paper due",
        "Very last day for a paper",
        "Answer due",
        "Next step is open",
        "Call due by noon",
    }


def test_a_shared_calendar_is_asked_not_to_show_an_event() -> None:
    assert {str(event["CLASS"]) for event in events(written(case()[1]))} == {"PRIVATE"}


def test_the_very_last_day_is_not_called_the_safe_one() -> None:
    safe, last = events(written(case()[1]))
    assert str(safe["SUMMARY"]) == "Paper due"
    assert "safe date" in str(safe["DESCRIPTION"])
    assert str(last["SUMMARY"]) == "Very last day for a paper"
    assert "Do not wait for it" in str(last["DESCRIPTION"])
