"""Days told by their number or weekday in a month: "the 12th", "the 15th of last month", "Monday the 12th"."""

from __future__ import annotations

from datetime import date

from nlu.dates.calendar_words import (
    Choices,
    Days,
    certain,
    every_year,
    nth_weekday,
    real_day,
    shift_months,
    whole_month,
)
from nlu.dates.forms_day import a_day, day_then_month, told_year
from nlu.dates.shapes import Around, Found, Rule, beside, first, has
from nlu.dates.tokens import Token

_MONTHS_AROUND = range(-14, 15)
_NEAR_DAYS = 62
_CLAUSE_OPENERS = ("i", "they", "we", "he", "she", "it", "and", "but", "of")


def monthly(today: date, day: int) -> Choices:
    """That day of each month around today, ambiguous as long as nothing names the month."""
    firsts = (shift_months(today.replace(day=1), step) for step in _MONTHS_AROUND)
    found = (real_day(start.year, start.month, day) for start in firsts)
    return tuple(Days(on, on, "ambiguous") for on in found if on)


def _ordinal(tokens: list[Token], today: date) -> Found | None:
    day = first(tokens, "ord", "ordword", "number")
    if not day or not 1 <= day.value[0] <= 31:
        return None
    return Found("an_ordinal", monthly(today, day.value[0]))


def _ordinal_of_month(tokens: list[Token], today: date) -> Found | None:
    """ "the 15th of last month", "last month on the 15th"."""
    day = first(tokens, "ord", "ordword", "number")
    step = -1 if has(tokens, "last", "pasado") else 1 if has(tokens, "next") else 0
    month = shift_months(today.replace(day=1), step)
    if not day:
        return None
    found = real_day(month.year, month.month, day.value[0])
    return Found("a_day", (certain(found),) if found else (), pinned=True)


def _last_of_month(tokens: list[Token], today: date) -> Found:
    """ "The last day of this month"."""
    month = shift_months(today.replace(day=1), 1 if has(tokens, "next") else 0)
    return Found("a_day", (certain(whole_month(month.year, month.month).latest),), pinned=True)


def _weekday_of_ordinal(tokens: list[Token], today: date) -> Found | None:
    """ "Monday the 12th": the weekday finds the month."""
    day = first(tokens, "ord", "number", "ordword")
    weekday = first(tokens, "weekday", "shy_weekday")
    if not day or not weekday or not 1 <= day.value[0] <= 31:
        return None
    choices = (
        days._replace(precision="exact") if days.earliest.weekday() == weekday.value[0] else days
        for days in monthly(today, day.value[0])
    )
    return Found("a_day", tuple(choices))


def _day_of_that_month(tokens: list[Token], today: date) -> Found | None:
    """ "The nineteenth of that month": of the month told before."""
    day = first(tokens, "number", "ord", "ordword")
    if not day:
        return None
    number = day.value[0]

    def turn(days: Days) -> Days:
        found = real_day(days.earliest.year, days.earliest.month, number)
        return certain(found) if found else days

    return Found("a_later", (), move=turn)


def _weekday_of_near_number(tokens: list[Token], today: date) -> Found | None:
    """ "Friday 13": only where the two agree within a few weeks; else the number counts something."""
    found = _weekday_of_ordinal(tokens, today)
    near = tuple(
        days
        for days in (found.choices if found else ())
        if days.precision == "exact" and abs((days.earliest - today).days) <= _NEAR_DAYS
    )
    return Found("a_day", near) if near else None


def _first_of_year(tokens: list[Token], today: date) -> Found:
    if has(tokens, "next", "this"):
        return a_day(1, 1, today.year + (1 if has(tokens, "next") else 0), today)
    return a_day(1, 1, None, today)


def _day_of_month(tokens: list[Token], today: date) -> Found | None:
    """ "The last day of September", "the first day of October"."""
    which, month = first(tokens, "ordword", "last"), first(tokens, "month", "shy_month")
    if not which or not month:
        return None
    year = told_year(tokens[tokens.index(month) :], today)
    if which.kind == "ordword":
        return a_day(month.value[0], which.value[0], year, today)
    if year:
        return Found("a_day", (certain(whole_month(year, month.value[0]).latest),), pinned=True)
    return Found("a_day", every_year(today, lambda year: certain(whole_month(year, month.value[0]).latest)))


def _day_of_last_month(tokens: list[Token], today: date) -> Found | None:
    """ "The 5th of this past October"."""
    found = day_then_month(tokens, today)
    past = [days for days in found.choices if days.earliest <= today] if found else []
    return Found("a_day", (past[-1],), pinned=True) if past else None


def _nth_weekday_of_month(tokens: list[Token], today: date) -> Found | None:
    which, day, month = (
        first(tokens, *kinds)
        for kinds in (("ord", "ordword", "last"), ("weekday", "shy_weekday"), ("month", "shy_month"))
    )
    if not which or not day or not month:
        return None
    nth = -1 if which.kind == "last" else which.value[0]
    if not -1 <= nth <= 5:
        return None

    def in_year(year: int) -> Days | None:
        found = nth_weekday(year, month.value[0], day.value[0], nth)
        return certain(found) if found else None

    year = told_year(tokens, today)
    choices = every_year(today, in_year) if year is None else tuple(filter(None, [in_year(year)]))
    return Found("a_day", choices, pinned=year is not None) if choices else None


def _not_counted(around: Around) -> bool:
    return not beside(around, "counted", "after")


def _may_follow(around: Around) -> bool:
    return not around.after or not around.after[0].isalpha() or beside(around, "follows", "after")


def _no_count(around: Around) -> bool:
    return _may_follow(around) and not beside(around, "measure", "after")


def _clause_follows(around: Around) -> bool:
    """For "the first": it is more often a first something than the first day of a month."""
    return not around.after or not around.after[0].isalpha() or around.after[0] in _CLAUSE_OPENERS


def _dated_before(around: Around) -> bool:
    """ "It arrive the 12"."""
    return beside(around, "dates_a_pair", "before")


def _mended(around: Around) -> bool:
    """ "Sorry, 11th", "30th not 20th"."""
    opens = not around.before or not around.before[-1].isalpha() or beside(around, "mends", "before")
    return opens and (not around.after or not around.after[0].isalpha() or around.after[0] == "not")


ORDINAL_RULES = [
    Rule("the? DAYNUM of the? (last | this) MON", _day_of_last_month),
    Rule("the? (ord | ordword) of the? (last | this | next)? unit_month", _ordinal_of_month),
    Rule("the? last unit_day of the? (this | next)? unit_month", _last_of_month),
    Rule("the? (last | this | next) unit_month comma? lead? the? ord", _ordinal_of_month),
    Rule("the? DAYNUM of (that | the? same) unit_month", _day_of_that_month),
    Rule("WEEKDAY number (?!UNIT | hour | percent)", _weekday_of_near_number, _no_count),
    Rule("the? ordword of the? (next | this)? unit_year", _first_of_year),
    Rule("the? (ord | ordword | last) WEEKDAY (of | in) MON YR?", _nth_weekday_of_month),
    Rule("WEEKDAY comma? the (ord | number | ordword)", _weekday_of_ordinal, _not_counted),
    Rule("WEEKDAY comma? ord", _weekday_of_ordinal, _not_counted),
    Rule("the ord", _ordinal, _may_follow),
    Rule("(?<=LEAD) the? ord", _ordinal, _not_counted),
    Rule("(?<=lead | from | until | between | about) the (ordword | number)", _ordinal, _clause_follows),
    Rule("the number (?=END | and)", _ordinal, _dated_before),
    Rule("the? (ordword | last) unit_day of MON YR?", _day_of_month),
    Rule("(?<=and | or | dash) the? ord", _ordinal, _may_follow),
    Rule("^ (comma | the | lead)* ord (?=END)", _ordinal),
    Rule("ord", _ordinal, _mended),
    Rule("(?<=comma | dash | dot | stop) ord (?=END)", _ordinal),
]
