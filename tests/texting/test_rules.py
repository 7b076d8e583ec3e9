"""Quiet hours by the clock of California, also when it is put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from imr_logic.law import entries
from texting.rules import may_start, reminder_days


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ((2026, 11, 23, 15, 59), False),  # 7:59 in winter
        ((2026, 11, 23, 16, 0), True),
        ((2026, 11, 24, 4, 59), True),  # 20:59
        ((2026, 11, 24, 5, 0), False),
        ((2026, 7, 1, 14, 59), False),  # 7:59 in summer
        ((2026, 7, 1, 15, 0), True),
        ((2026, 3, 7, 15, 59), False),  # the day before the clock is put forward: 7:59
        ((2026, 3, 8, 15, 0), True),  # the day itself: 8:00 is an hour earlier
        ((2026, 3, 8, 14, 59), False),
        ((2026, 11, 1, 15, 59), False),  # the day it is put back
        ((2026, 11, 1, 16, 0), True),
    ],
)
def test_nothing_of_ours_goes_out_at_night(moment: tuple[int, ...], may: bool) -> None:
    year, month, day, hour, minute = moment
    assert may_start(datetime(year, month, day, hour, minute, tzinfo=UTC)) is may


def test_reminders_come_a_month_two_weeks_a_week_three_days_and_a_day_before() -> None:
    assert reminder_days() == (30, 14, 7, 3, 1)


def test_what_the_law_asks_for_is_among_the_rules_that_are_listed_with_their_citation() -> None:
    listed = {entry.id: entry for entry in entries() if entry.file == "texting"}
    assert set(listed) == {"quiet_hours", "stop"}
    assert all(entry.authority[0].startswith("47 CFR 64.1200") for entry in listed.values())
    assert "8 to 21" in listed["quiet_hours"].value
