"""Dates count their changes, and what calendars hold is known for ever."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic.revisions import Revision, given_out, is_shown, revised

TODAY = date(2026, 11, 23)
AHEAD = {"date": "2027-04-02", "sequence": 0, "gone": False}


def due(day: str | None) -> list[dict[str, Any]]:
    """The deadlines of an assessment."""
    return [{"code": "dmhc_imr", "kind": "file_by", "date": day}]


def test_a_date_that_went_away_is_kept_with_its_last_day() -> None:
    once = revised({}, due("2027-04-02"))
    assert list(revised(revised(once, []), []).values()) == [{**AHEAD, "sequence": 1, "gone": True}]


def test_a_deadline_to_be_read_off_a_letter_has_no_revision() -> None:
    assert revised({}, due(None)) == {}


@given(st.lists(st.dates(), min_size=1))
def test_the_sequence_is_how_often_the_date_differed_from_the_one_before(days: list[date]) -> None:
    known: dict[str, Revision] = {}
    for day in days:
        known = revised(known, due(day.isoformat()))
    changes = sum(a != b for a, b in pairwise(days))
    assert known == {"dmhc_imr/file_by": {"date": days[-1].isoformat(), "sequence": changes, "gone": False}}


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (AHEAD, True),
        ({**AHEAD, "date": "2026-11-23"}, True),  # today
        ({**AHEAD, "date": "2026-11-22"}, False),
        ({**AHEAD, "date": "2026-11-22", "given": True}, True),
        ({**AHEAD, "gone": True}, False),  # no calendar holds it
        ({**AHEAD, "gone": True, "given": True}, True),  # calendars must cancel it
        ({**AHEAD, "date": "2026-11-22", "sequence": 2}, False),
    ],
)
def test_a_file_holds_what_is_ahead_and_what_calendars_hold_already(known: Revision, shown: bool) -> None:
    assert is_shown(known, TODAY) is shown


@given(st.lists(st.one_of(st.none(), st.dates()), min_size=1), st.integers(0, 400))
def test_what_was_given_out_once_is_given_whatever_happens_to_it(days: list[date | None], later: int) -> None:
    known = given_out({"dmhc_imr/file_by": AHEAD}, TODAY)
    for day in days:
        known = given_out(revised(known, due(day.isoformat() if day else None)), TODAY + timedelta(days=later))
        assert known["dmhc_imr/file_by"]["given"]
        assert is_shown(known["dmhc_imr/file_by"], TODAY + timedelta(days=later))


def test_what_stood_in_no_file_was_not_given_out() -> None:
    past = {"dmhc_imr/file_by": {**AHEAD, "date": "2026-11-22"}}
    assert given_out(past, TODAY) == past
