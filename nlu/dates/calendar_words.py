"""The calendar behind the words: holidays, seasons, weeks, and how wide a remembered span is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from nlu.dates.mention import Precision
from nlu.dates.patterns import numbers, patterns

_LONGEST_PART_DAYS = 61
_LEAP_REACH_YEARS = 8
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)


class Days(NamedTuple):
    """An interval of days, both ends included, and how sure it is."""

    earliest: date
    latest: date
    precision: Precision


Choices = tuple[Days, ...]


def certain(day: date) -> Days:
    """One certain day."""
    return Days(day, day, "exact")


def between(earliest: date, latest: date, precision: Precision = "approximate") -> Days:
    """Some day from `earliest` to `latest`, in whichever order they come."""
    return Days(min(earliest, latest), max(earliest, latest), precision)


def real_day(year: int, month: int, day: int) -> date | None:
    """That day, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shift(day: date, days: int) -> date:
    """The day so many days later, held within the years that the calendar can express."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max


def shift_months(day: date, months: int) -> date:
    """The day so many calendar months later, held within the years that the calendar can express."""
    try:
        return day + relativedelta(months=months)
    except (OverflowError, ValueError):
        return date.min if months < 0 else date.max


def years_around(today: date, reach: int = 2) -> range:
    """The years that a day without a year may lie in."""
    return range(max(today.year - reach, 2), min(today.year + reach, 9997) + 1)


def every_year(today: date, make: Callable[[int], Days | None], reach: int = 2) -> Choices:
    """What `make` gives for each year around today, in order; empty when no year has such a day."""
    made = (make(year) for year in years_around(today, reach))
    return tuple(days for days in made if days is not None)


def month_day(today: date, month: int, day: int) -> Choices:
    """That day of every year around today; a leap day reaches as far as there is one, and is sure when near."""

    def in_year(year: int) -> Days | None:
        found = real_day(year, month, day)
        return certain(found) if found else None

    choices = every_year(today, in_year)
    if choices and (month, day) != (2, 29):
        return choices
    leaps = every_year(today, in_year, _LEAP_REACH_YEARS)
    return tuple(on if abs((on.earliest - today).days) <= 366 else on._replace(precision="ambiguous") for on in leaps)


def whole_month(year: int, month: int) -> Days:
    """All days of a month."""
    first = date(year, month, 1)
    return between(first, first + relativedelta(months=1, days=-1))


def part_of(days: Days, part: str) -> Days:
    """The `early`, `mid` or `late` part of an interval: thirds, of ten days each in a month, and of two months
    at most."""
    length = (days.latest - days.earliest).days + 1
    third = min(length // 3, _LONGEST_PART_DAYS)
    spare = length - 3 * third if third < _LONGEST_PART_DAYS else 0
    middle = shift(days.earliest, (length - third) // 2)
    bounds = {
        "early": (days.earliest, shift(days.earliest, max(third - 1, 0))),
        "mid": (middle, shift(middle, max(third - 1, 0))),
        "late": (shift(days.latest, 1 - third - spare), days.latest),
    }
    return between(*bounds[part])


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month (-1: the last one), or None when the month has no nth."""
    first = date(year, month, 1)
    start = relativedelta(day=31) if nth < 0 else relativedelta(day=1)
    found = first + start + relativedelta(weekday=_WEEKDAYS[weekday](nth))
    return found if found.month == month else None


def week_of(day: date) -> Days:
    """The week of a day, Monday to Sunday."""
    monday = shift(day, -day.weekday())
    return between(monday, shift(monday, 6))


def loose_week(today: date, weeks: int) -> Days:
    """The week so many weeks from this one, whether weeks begin on Sunday or on Monday."""
    monday = shift(today, -today.weekday() + 7 * weeks)
    sunday = shift(today, -((today.weekday() + 1) % 7) + 7 * weeks)
    return between(min(monday, sunday), shift(max(monday, sunday), 6))


def latest_weekend(today: date) -> Days:
    """The last Saturday and Sunday that have begun before today."""
    saturday = shift(today, -((today.weekday() - 5) % 7 or 7))
    return between(saturday, shift(saturday, 1))


def weekdays_around(today: date, weekday: int, reach_weeks: int = 3) -> Choices:
    """That weekday in the weeks around today, today itself left out."""
    first = shift(today, (weekday - today.weekday()) % 7 - 7 * reach_weeks)
    days = (shift(first, 7 * week) for week in range(2 * reach_weeks + 1))
    return tuple(certain(day) for day in days if day != today)


@lru_cache(maxsize=512)
def holiday(name: str, year: int) -> date | None:
    """The day of a holiday in a year; None for a name that is not listed."""
    rule = patterns("dates")["holidays"].get(name)
    if rule is None:
        return None
    if "easter" in rule:
        return shift(easter(year), int(rule["easter"]))
    if "after" in rule:
        month, weekday, nth = map(int, rule["after"])
        base = nth_weekday(year, month, weekday, nth)
        return base and shift(base, int(rule["days"]))
    if "weekday" in rule:
        return nth_weekday(year, int(rule["month"]), int(rule["weekday"]), int(rule["nth"]))
    return real_day(year, int(rule["month"]), int(rule["day"]))


def season(name: str, year: int) -> Days:
    """The season that begins in that year, in the wide sense in which people use the word."""
    (month, day), (last_month, last_day) = patterns("dates")["seasons"][name]
    first = date(year, int(month), int(day))
    last = date(year, int(last_month), int(last_day))
    return between(first, last if last > first else last.replace(year=year + 1))


@lru_cache(maxsize=1)
def _width_points() -> tuple[tuple[float, float], ...]:
    return tuple((float(span), float(width)) for span, width in patterns("dates")["widths"]["from_span_days"])


def width_days(span_days: float) -> int:
    """Half the width in days of an interval whose middle lies so many days away."""
    points = _width_points()
    place = bisect_right([span for span, _ in points], span_days)
    if place >= len(points):
        return int(points[-1][1])
    (low, narrow), (high, wide) = points[place - 1], points[place]
    return int(narrow + (wide - narrow) * (span_days - low) / (high - low) + 0.5)


def setting(name: str) -> float:
    """A figure of the section on widths."""
    return numbers("widths")[name]


def mapped(choices: Iterable[Days], change: Callable[[Days], Days | None]) -> Choices:
    """The choices after a change, without those that it drops."""
    return tuple(days for days in map(change, choices) if days is not None)
