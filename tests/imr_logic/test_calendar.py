"""Days off, moving to a working day, and months: the tables of the law, day by day, and edges by name."""

from __future__ import annotations

from datetime import date, timedelta

import holidays as other_table
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic import law
from imr_logic.calendar import (
    add_working_days,
    after,
    after_by_federal_rule,
    holidays,
    is_working_day,
    nth_weekday,
    roll_back,
    roll_forward,
)

DAY = timedelta(days=1)
days = st.dates(date(2015, 1, 1), date(2034, 12, 31))

# Gov. Code 6700, CCP 135, CCP 12a: the days that every list and the state offices share.
NARROW = {
    2026: "01-01 01-19 02-16 03-31 05-25 07-04 09-07 11-11 11-26 11-27 12-25",
    2027: "01-01 01-18 02-15 03-31 05-31 07-04 07-05 09-06 11-11 11-25 11-26 12-25",
}
# What the broad list adds. The last of 2027 is the Friday before New Year's Day 2028, a Saturday: federal
# offices keep it, so the safe date avoids it as well.
BROAD_ADDS = {
    2026: "02-12 02-17 04-24 06-19 07-03 09-09 09-25 10-12 11-08",
    2027: "02-06 02-12 04-24 06-18 06-19 09-09 09-24 10-11 10-29 12-24 12-31",
}


def table(year: int, listed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed.split()}


@pytest.mark.parametrize("year", NARROW)
def test_the_narrow_list_is_the_days_that_all_lists_share(year: int) -> None:
    assert holidays(year, "narrow") == table(year, NARROW[year])


@pytest.mark.parametrize("year", NARROW)
def test_the_broad_list_is_the_narrow_one_and_its_additions(year: int) -> None:
    assert holidays(year, "broad") == table(year, NARROW[year]) | table(year, BROAD_ADDS[year])


@pytest.mark.parametrize("year", range(2000, 2036))
def test_every_narrow_and_federal_holiday_is_on_the_broad_list(year: int) -> None:
    assert holidays(year, "narrow") | holidays(year, "federal") <= holidays(year, "broad")


@pytest.mark.parametrize("year", range(2000, 2036))
def test_a_day_on_both_the_federal_and_the_state_list_is_one_that_each_keeps(year: int) -> None:
    assert holidays(year, "federal_and_state") == holidays(year, "federal") & holidays(year, "narrow")


STARTED = [
    ("Presidents' Day", "1971-02-15", "1970-02-16"),
    ("Memorial Day", "1971-05-31", "1970-05-25"),
    ("Columbus Day", "1971-10-11", "1970-10-12"),
    ("Veterans Day", "1978-11-11", "1977-11-11"),
    ("Martin Luther King Jr. Day", "1986-01-20", "1985-01-21"),
    ("Native American Day", "1998-09-25", "1997-09-26"),
    ("Farmworkers Day", "2000-03-31", "1999-03-31"),
    ("Juneteenth", "2021-06-19", "2020-06-19"),
    ("Lunar New Year", "2023-01-22", "2022-02-01"),
    ("Genocide Remembrance Day", "2023-04-24", "2022-04-24"),
    ("Diwali", "2026-11-08", "2025-10-20"),
]


@pytest.mark.parametrize(("name", "first", "before"), STARTED)
def test_a_holiday_is_kept_from_its_first_year_and_not_before(name: str, first: str, before: str) -> None:
    kept, absent = date.fromisoformat(first), date.fromisoformat(before)
    assert kept in holidays(kept.year, "broad")
    assert absent not in holidays(absent.year, "broad")


def test_the_table_of_first_years_misses_no_holiday() -> None:
    young = {day["name"] for day in law.load("holidays")["days"] if day["from"] > 1900}
    assert young == {name for name, _, _ in STARTED}


@pytest.mark.parametrize("year", range(2022, 2036))
def test_federal_holidays_agree_with_another_table(year: int) -> None:
    others = other_table.country_holidays("US", years=[year, year + 1])
    assert holidays(year, "federal") == {day for day in others if day.year == year}


@pytest.mark.parametrize("year", range(2022, 2036))
def test_california_holidays_agree_with_another_table_where_both_list_them(year: int) -> None:
    others = other_table.country_holidays("US", subdiv="CA", years=[year, year + 1])
    theirs = {day for day, name in others.items() if day.year == year and name != "Susan B. Anthony Day"}
    assert holidays(year, "narrow") <= theirs <= holidays(year, "broad")


SUNDAYS_AND_SATURDAYS = [
    ("Independence Day 2027 on a Sunday is kept on Monday", "2027-07-05", "narrow", True),
    ("Farmworkers Day 2024 on a Sunday is kept on Monday", "2024-04-01", "narrow", True),
    ("Independence Day 2026 on a Saturday moves no state office's Friday", "2026-07-03", "narrow", False),
    (
        "Independence Day 2026 on a Saturday is kept by federal offices on Friday",
        "2026-07-03",
        "federal",
        True,
    ),
    ("New Year's Day 2028 on a Saturday is kept on the last Friday of 2027", "2027-12-31", "broad", True),
    (
        "New Year's Day 2028 on a Saturday leaves the last Friday of 2027 to the state",
        "2027-12-31",
        "narrow",
        False,
    ),
    ("Diwali 2026 on a Sunday moves nothing", "2026-11-09", "broad", False),
    ("The day after Thanksgiving is no federal holiday", "2026-11-27", "federal", False),
    ("Farmworkers Day is no federal holiday", "2026-03-31", "federal", False),
    ("Juneteenth is not on the narrow list", "2026-06-19", "narrow", False),
]


@pytest.mark.parametrize(("what", "day", "which", "kept"), SUNDAYS_AND_SATURDAYS)
def test_holidays_on_weekends(what: str, day: str, which: str, kept: bool) -> None:
    one = date.fromisoformat(day)
    assert (one in holidays(one.year, which)) is kept, what  # type: ignore[arg-type]


def test_the_last_monday_of_may_2027_is_the_thirty_first() -> None:
    assert nth_weekday(2027, 5, 0, -1) == date(2027, 5, 31)


def test_the_first_monday_of_a_month_that_starts_on_monday_is_its_first_day() -> None:
    assert nth_weekday(2026, 6, 0, 1) == date(2026, 6, 1)


# Moving a day.


@given(days)
def test_rolling_back_gives_the_last_working_day_on_or_before(day: date) -> None:
    rolled = roll_back(day)
    assert rolled <= day
    assert is_working_day(rolled, "broad")
    assert not any(is_working_day(rolled + DAY * n, "broad") for n in range(1, (day - rolled).days + 1))


@given(days)
def test_rolling_forward_gives_the_first_working_day_on_or_after(day: date) -> None:
    rolled = roll_forward(day)
    assert rolled >= day
    assert is_working_day(rolled, "narrow")
    assert not any(is_working_day(day + DAY * n, "narrow") for n in range((rolled - day).days))


@given(days)
def test_rolling_twice_changes_nothing(day: date) -> None:
    assert roll_back(roll_back(day)) == roll_back(day)
    assert roll_forward(roll_forward(day)) == roll_forward(day)


@given(days, days)
def test_rolling_keeps_the_order_of_days(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert roll_back(earlier) <= roll_back(later)
    assert roll_forward(earlier) <= roll_forward(later)


@given(days, st.integers(0, 20))
def test_rolling_back_never_goes_before_the_event(day: date, length: int) -> None:
    assert roll_back(day + DAY * length, not_before=day) >= day


def test_a_window_without_a_working_day_keeps_its_last_day() -> None:
    thanksgiving, sunday = date(2026, 11, 26), date(2026, 11, 29)
    assert roll_back(sunday, not_before=thanksgiving) == sunday


@given(days, st.integers(1, 15))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    last = add_working_days(day, count)
    passed = [day + DAY * n for n in range(1, (last - day).days + 1)]
    assert is_working_day(last, "narrow")
    assert sum(is_working_day(one, "narrow") for one in passed) == count


def test_five_working_days_across_thanksgiving_take_eleven_calendar_days() -> None:
    assert add_working_days(date(2026, 11, 20), 5) == date(2026, 12, 1)


# Months.


def six_months_after(day: date) -> date:
    return after(day, law.period("imr_application", day))


def four_federal_months_after(day: date) -> date:
    return after_by_federal_rule(day, law.period("federal_external_review", day))


def test_six_months_from_august_31_clamps_to_february_28() -> None:
    assert six_months_after(date(2026, 8, 31)) == date(2027, 2, 28)


def test_six_months_from_august_31_before_a_leap_year_clamps_to_february_29() -> None:
    assert six_months_after(date(2027, 8, 31)) == date(2028, 2, 29)


def test_six_months_from_august_28_needs_no_clamp() -> None:
    assert six_months_after(date(2026, 8, 28)) == date(2027, 2, 28)


def test_six_months_from_february_29_end_on_august_29() -> None:
    assert six_months_after(date(2028, 2, 29)) == date(2028, 8, 29)


def test_six_months_from_february_28_do_not_reach_the_end_of_august() -> None:
    assert six_months_after(date(2027, 2, 28)) == date(2027, 8, 28)


def test_six_months_from_march_31_clamp_to_september_30() -> None:
    assert six_months_after(date(2026, 3, 31)) == date(2026, 9, 30)


def test_six_months_from_december_31_clamp_to_june_30() -> None:
    assert six_months_after(date(2026, 12, 31)) == date(2027, 6, 30)


def test_six_months_from_september_1_are_181_days_and_not_182() -> None:
    assert six_months_after(date(2026, 9, 1)) == date(2027, 3, 1)


@given(days)
def test_six_months_are_between_181_and_184_days_long(day: date) -> None:
    assert 181 <= (six_months_after(day) - day).days <= 184


@given(days, days)
def test_months_keep_the_order_of_days(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert six_months_after(earlier) <= six_months_after(later)
    assert four_federal_months_after(earlier) <= four_federal_months_after(later)


FOUR_FEDERAL_MONTHS = [
    ("a day that exists", "2026-08-31", "2026-12-31"),
    ("February 28 exists in every year", "2026-10-28", "2027-02-28"),
    ("no February 29 in 2027: the first of March", "2026-10-29", "2027-03-01"),
    ("no February 30: the first of March", "2026-10-30", "2027-03-01"),
    ("no February 31: the first of March", "2026-10-31", "2027-03-01"),
    ("February 29 exists in 2028", "2027-10-29", "2028-02-29"),
    ("no February 30 in a leap year either", "2027-10-30", "2028-03-01"),
    ("no September 31: the first of October", "2026-05-31", "2026-10-01"),
    ("no November 31: the first of December", "2026-07-31", "2026-12-01"),
    ("over the new year", "2026-11-30", "2027-03-30"),
]


@pytest.mark.parametrize(("what", "start", "last"), FOUR_FEDERAL_MONTHS)
def test_four_months_by_the_federal_rule(what: str, start: str, last: str) -> None:
    assert four_federal_months_after(date.fromisoformat(start)) == date.fromisoformat(last), what


def test_a_federal_last_day_does_not_wait_for_a_state_holiday() -> None:
    farmworkers_day = date(2027, 3, 31)
    assert roll_forward(farmworkers_day, "federal_and_state") == farmworkers_day
    assert roll_forward(farmworkers_day) == date(2027, 4, 1)


def test_the_first_day_is_excluded_and_the_last_included() -> None:
    letter = date(2026, 10, 5)
    assert after(letter, law.period("plan_grievance", letter)) == date(2027, 4, 3)
