"""Counting days as California and federal law count them.

The first day is excluded and the last included (Gov. Code 6800; CCP 12; Civ. Code 10). A month is a calendar
month (Civ. Code 14); where the last month has no such day its last day counts. Two holiday lists: over the
broad one a safe date is moved back, over the narrow one a legal last day is moved forward (CCP 12a, by which
Saturday counts as a holiday too).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from dateutil.relativedelta import relativedelta

from imr_logic.law import Period, load

HolidayList = Literal["broad", "narrow", "federal", "federal_and_state"]
SATURDAY = 5
ONE_DAY = timedelta(days=1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` weekday (Monday is 0) of a month; -1 is the last one."""
    if nth < 0:
        last = date(year, month, 1) + relativedelta(months=1, days=-1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _own_day(holiday: dict[str, Any], year: int) -> date | None:
    if year < holiday["from"]:
        return None
    if "fixed" in holiday:
        return date(year, holiday["fixed"]["month"], holiday["fixed"]["day"])
    if "weekday" in holiday:
        return nth_weekday(year, **holiday["weekday"])
    if "after" in holiday:
        other = next(day for day in load("holidays")["days"] if day["id"] == holiday["after"]["holiday"])
        start = _own_day(other, year)
        return start + timedelta(days=holiday["after"]["days"]) if start else None
    return next((day for day in holiday["table"] if day.year == year), None)


def _kept_on(holiday: dict[str, Any], year: int, which: HolidayList) -> Iterator[date]:
    day = _own_day(holiday, year)
    if day is None:
        return
    yield day
    if "fixed" in holiday and day.weekday() == SATURDAY + 1:
        yield day + ONE_DAY
    if "fixed" in holiday and day.weekday() == SATURDAY and "federal" in holiday["lists"] and which != "narrow":
        yield day - ONE_DAY


@lru_cache(maxsize=256)
def holidays(year: int, which: HolidayList) -> frozenset[date]:
    """The holidays of a year on one list, with the days on which they are observed."""
    if which == "federal_and_state":
        return holidays(year, "federal") & holidays(year, "narrow")
    listed = [holiday for holiday in load("holidays")["days"] if which in holiday["lists"]]
    around = (day for holiday in listed for y in (year, year + 1) for day in _kept_on(holiday, y, which))
    return frozenset(day for day in around if day.year == year)


def is_working_day(day: date, which: HolidayList) -> bool:
    """Whether a day is neither a weekend nor a holiday of the list."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, which)


def roll_back(day: date, not_before: date | None = None) -> date:
    """The last working day (broad list) on or before `day`; `day` itself when that would fall before
    `not_before`, the event that the period is counted from."""
    rolled = day
    while not is_working_day(rolled, "broad"):
        rolled -= ONE_DAY
    return day if not_before is not None and rolled < not_before else rolled


def roll_forward(day: date, which: HolidayList = "narrow") -> date:
    """The first working day (narrow list unless said) on or after `day` (CCP 12a)."""
    while not is_working_day(day, which):
        day += ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """`count` working days (narrow list) after `day`."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day, "narrow")
    return day


def after(day: date, period: Period) -> date:
    """The last day of a period counted from `day`, not rolled."""
    if period.unit == "calendar_months":
        return day + relativedelta(months=period.value)
    if period.unit == "working_days":
        return add_working_days(day, period.value)
    return day + timedelta(days=period.value)


def after_by_federal_rule(day: date, period: Period) -> date:
    """Calendar months by the federal rule: where the last month has no such day, the first day of the month
    after it (29 CFR 2590.715-2719(d)(2)(i))."""
    clamped = after(day, period)
    return clamped if clamped.day == day.day else clamped + ONE_DAY
