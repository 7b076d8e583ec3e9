"""Days told by the calendar: "Oct 5, 2026", "10/5", "5 de octubre", "the 12th", "June 31"."""

from __future__ import annotations

from datetime import date

from nlu.dates.calendar_words import (
    Days,
    between,
    certain,
    every_year,
    month_day,
    real_day,
)
from nlu.dates.shapes import Around, Found, Rule, beside, first, has
from nlu.dates.tokens import Token

_NEAR_SHORT_YEARS = 3


def full_year(year: int, today: date) -> int:
    """A year of two digits as four: the century in which it lies in the past or at most ten years ahead."""
    if year >= 100:
        return year
    near = today.year - today.year % 100 + year
    return near if near <= today.year + 10 else near - 100


def told_year(tokens: list[Token], today: date) -> int | None:
    """The year that the words give ("2026", "'26", "last year"), if they give one."""
    token = first(tokens, "year", "short_year")
    if token:
        return full_year(token.value[0], today)
    if has(tokens, "unit_year"):
        return today.year + (1 if has(tokens, "next") else -1 if has(tokens, "last", "pasado") else 0)
    return None


def a_day(month: int, day: int, year: int | None, today: date) -> Found:
    """That day of that year, or of every year around today; impossible when no calendar has it."""
    if year is None:
        return Found("a_day", month_day(today, month, day))
    found = real_day(year, month, day)
    return Found("a_day", (certain(found),) if found else (), pinned=True)


def _month_then_day(tokens: list[Token], today: date) -> Found | None:
    month = first(tokens, "month", "shy_month")
    rest = tokens[tokens.index(month) + 1 :] if month else []
    day = first(rest, "number", "ord", "ordword")
    if not month or not day or not 1 <= day.value[0] <= 39:
        return None
    return a_day(month.value[0], day.value[0], told_year(rest, today), today)


def day_then_month(tokens: list[Token], today: date) -> Found | None:
    """What the words "the 5th of October, 2026" tell."""
    day = first(tokens, "number", "ord", "ordword")
    month = first(tokens, "month", "shy_month")
    if not month or not day or not 1 <= day.value[0] <= 39:
        return None
    return a_day(month.value[0], day.value[0], told_year(tokens, today), today)


def _day_and_short_year(tokens: list[Token], today: date) -> Found | None:
    """ "Oct-05-26": the cutting takes the last two for a pair."""
    day, year = tokens[-1].value
    return a_day(tokens[0].value[0], day, full_year(year, today), today)


def _bare_short_year(tokens: list[Token], today: date) -> Found | None:
    """ "October 5, 26", "3 Oct 26"."""
    year, rest = tokens[-1].value[0], tokens[:-1]
    month, day = first(rest, "month", "shy_month"), first(rest, "number", "ord")
    if not month or not day or not 1 <= day.value[0] <= 31 or abs(year - today.year % 100) > _NEAR_SHORT_YEARS:
        return None
    return a_day(month.value[0], day.value[0], full_year(year, today), today)


def _iso(tokens: list[Token], today: date) -> Found:
    year, month, day = tokens[0].value
    return a_day(month, day, year, today)


def _full(tokens: list[Token], today: date) -> Found:
    """American order; the other way round when that alone is possible, and then it is ambiguous."""
    month, day, year = tokens[0].value
    if month > 12 >= day >= 1 and (turned := real_day(full_year(year, today), day, month)):
        return Found("a_day", (Days(turned, turned, "ambiguous"),), pinned=True)
    return a_day(month, day, full_year(year, today), today)


def _spaced(tokens: list[Token], today: date) -> Found | None:
    """ "10 28 2026"."""
    month, day, year = (token.value[0] for token in tokens)
    return a_day(month, day, year, today) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _month_slash_day(tokens: list[Token], today: date) -> Found | None:
    month, day = tokens[0].value
    if 1 <= month <= 12 and 1 <= day <= 31:
        return a_day(month, day, None, today)
    return None


def _day_slash_month(tokens: list[Token], today: date) -> Found | None:
    day, month = tokens[0].value
    if not 12 < day <= 31 or not 1 <= month <= 12:
        return None
    choices = tuple(days._replace(precision="ambiguous") for days in month_day(today, month, day))
    return Found("a_day", choices) if choices else None


def _numbers_of(tokens: list[Token]) -> list[int]:
    return [
        number
        for token in tokens
        if token.kind in ("number", "ord", "ordword", "hyphen", "slash")
        for number in token.value
    ]


def _days_of_month(tokens: list[Token], today: date) -> Found | None:
    """ "October 3-9", "the 3rd or 4th of October": from the first to the second."""
    month = first(tokens, "month", "shy_month")
    days = _numbers_of(tokens)
    if not month or len(days) != 2 or not days[0] < days[1]:
        return None
    return _stretch(month.value[0], days[0], days[1], told_year(tokens, today), today)


def _slash_range(tokens: list[Token], today: date) -> Found | None:
    """ "10/3-9"."""
    month, low, high = _numbers_of(tokens)
    if not 1 <= month <= 12 or not 1 <= low < high <= 31:
        return None
    return _stretch(month, low, high, None, today)


def _stretch(month: int, low: int, high: int, year: int | None, today: date) -> Found | None:
    def in_year(year: int) -> Days | None:
        start, end = real_day(year, month, low), real_day(year, month, high)
        return between(start, end) if start and end else None

    if year is None:
        choices = every_year(today, in_year)
    else:
        only = in_year(year)
        choices = (only,) if only else ()
    return Found("a_span", choices, pinned=year is not None)


def _not_a_score(around: Around) -> bool:
    if beside(around, "dates_a_pair", "before"):
        return True
    share = around.numbers in _SHARES and beside(around, "share_of", "after")
    scored = around.numbers[1:2] in _TOP_SCORES or len(around.numbers) == 3
    scored = scored and beside(around, "scale", "before", 4)
    measured = len(around.numbers) < 3 and beside(around, "measure", "after", 2)
    return not (share or scored or measured or beside(around, "numbered", "before"))


_TOP_SCORES = ((5,), (10,))
_SHARES = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4))


def _dates_a_pair(around: Around) -> bool:
    return beside(around, "dates_a_pair", "before")


def _no_verb(around: Around) -> bool:
    """ "They may 5 times ..." """
    return around.numbers != (5,) or not beside(around, "pronoun", "before")


DAY_RULES = [
    Rule("iso", _iso),
    Rule("full", _full, _not_a_score),
    Rule("number number year", _spaced),
    Rule("month dot? dash? the? DAYNUM YR? (?!UNIT | hour | percent)", _month_then_day),
    Rule("shy_month dot? dash? the? DAYNUM YR? (?!UNIT | hour | percent)", _month_then_day, _no_verb),
    Rule("MON dot? DAYNUM comma? number (?=END)", _bare_short_year),
    Rule("number dash? MON dot? dash? number (?=END)", _bare_short_year),
    Rule("MON dot? dash hyphen", _day_and_short_year),
    Rule("MON dot? (hyphen | slash) YR? (?!UNIT)", _days_of_month),
    Rule("MON dot? the? DAYNUM (dash | to | or | until) the? DAYNUM YR? (?!UNIT)", _days_of_month),
    Rule("between the? MON dot? the? DAYNUM and the? DAYNUM YR?", _days_of_month),
    Rule("the? DAYNUM (dash | to | or | and | until) the? DAYNUM of? MON YR?", _days_of_month),
    Rule("(hyphen | slash) of? MON YR?", _days_of_month),
    Rule("the? (ord | ordword) unit_day of MON YR?", day_then_month),
    Rule("the? (number | ord) dash? of? dash? month dot? YR?", day_then_month),
    Rule("the? ordword of? month dot? YR? (?!number | ord)", day_then_month),
    Rule("the? (ord | ordword) of? shy_month dot? YR?", day_then_month),
    Rule("the? number (of | dash) shy_month dot? YR?", day_then_month),
    Rule("the? number shy_month dot? YR", day_then_month),
    Rule("(?<=LEAD | the) number shy_month dot?", day_then_month),
    Rule("slash (?!percent)", _month_slash_day, _not_a_score),
    Rule("(?<=LEAD | the) slash", _day_slash_month, _not_a_score),
    Rule("slash dash number", _slash_range, _not_a_score),
    Rule("(?<=lead | from | until) hyphen (?!UNIT | hour)", _month_slash_day, _not_a_score),
    Rule("hyphen (?!UNIT | hour | number)", _month_slash_day, _dates_a_pair),
    Rule("^ hyphen dot? $", _month_slash_day),
]
