"""Months, their parts, years, seasons and holidays: "early May", "since August", "this spring", "Labor Day"."""

from __future__ import annotations

from datetime import date

from nlu.dates.calendar_words import (
    Days,
    between,
    certain,
    every_year,
    holiday,
    part_of,
    season,
    setting,
    shift,
    shift_months,
    week_of,
    whole_month,
)
from nlu.dates.forms_day import told_year
from nlu.dates.shapes import Around, Found, Rule, beside, first, has
from nlu.dates.tokens import Token


def _part(days: Days, tokens: list[Token]) -> Days:
    part = first(tokens, "early", "mid", "late")
    return part_of(days, part.kind) if part else days


def _month(tokens: list[Token], today: date) -> Found | None:
    """A month, or an early, middle or late part of it."""
    month = first(tokens, "month", "shy_month")
    if not month:
        return None
    year = told_year(tokens, today)
    if year:
        return Found("a_month", (_part(whole_month(year, month.value[0]), tokens),), pinned=True)
    choices = every_year(today, lambda year: _part(whole_month(year, month.value[0]), tokens))
    return _leaning(Found("a_month", choices), tokens, today)


def _leaning(found: Found, tokens: list[Token], today: date) -> Found:
    """ "Last October" and "next March" say themselves which way they lie."""
    if has(tokens, "last", "pasado"):
        return found._replace(choices=tuple(d for d in found.choices if d.latest < today)[-1:], pinned=True)
    if has(tokens, "next", "coming"):
        return found._replace(choices=tuple(d for d in found.choices if d.earliest > today)[:1], pinned=True)
    return found


def _slashed_month(tokens: list[Token], today: date) -> Found | None:
    month, year = tokens[0].value
    return Found("a_month", (whole_month(year, month),), pinned=True) if 1 <= month <= 12 else None


def _week_of_month(tokens: list[Token], today: date) -> Found | None:
    """ "The first week of June"."""
    which, month = first(tokens, "ordword", "ord", "last"), first(tokens, "month", "shy_month")
    if not which or not month or (which.kind != "last" and not 1 <= which.value[0] <= 5):
        return None

    def in_year(year: int) -> Days:
        days = whole_month(year, month.value[0])
        if which.kind == "last":
            return between(shift(days.latest, -6), days.latest)
        start = shift(days.earliest, 7 * (which.value[0] - 1))
        return between(min(start, days.latest), min(shift(start, 6), days.latest))

    year = told_year(tokens, today)
    return Found("a_span", (in_year(year),) if year else every_year(today, in_year), pinned=bool(year))


def _week_of_near_month(tokens: list[Token], today: date) -> Found | None:
    """ "The first week of last month"."""
    which = tokens[1] if tokens[0].kind == "the" else tokens[0]
    rest = tokens[tokens.index(which) + 1 :]
    step = -1 if has(rest, "last", "pasado") else 1 if has(rest, "next") else 0
    start = shift_months(today.replace(day=1), step)
    days = whole_month(start.year, start.month)
    if which.kind == "last":
        return Found("a_span", (between(shift(days.latest, -6), days.latest),), pinned=True)
    first_day = shift(days.earliest, 7 * (min(which.value[0], 4) - 1))
    return Found("a_span", (between(first_day, shift(first_day, 6)),), pinned=True)


def _part_of_this_month(tokens: list[Token], today: date) -> Found:
    """ "The end of the month": of this one, or of the one before when this one's lies ahead."""
    months = (shift_months(today.replace(day=1), step) for step in (-2, -1, 0, 1))
    return Found("a_span", tuple(_part(whole_month(start.year, start.month), tokens) for start in months))


def _part_of_this_year(tokens: list[Token], today: date) -> Found:
    def in_year(year: int) -> Days:
        return _part(between(date(year, 1, 1), date(year, 12, 31)), tokens)

    return Found("a_span", every_year(today, in_year))


def _year(tokens: list[Token], today: date) -> Found | None:
    year = tokens[-1].value[0]
    if not 1900 <= year <= today.year + 10:
        return None
    return Found("a_year", (_part(between(date(year, 1, 1), date(year, 12, 31)), tokens),), pinned=True)


def _season(tokens: list[Token], today: date) -> Found | None:
    name, year = first(tokens, "season"), told_year(tokens, today)
    key = name.name if name else None
    if key is None:
        return None
    if year:
        return Found("a_span", (_part(season(key, year), tokens),), pinned=True)
    choices = every_year(today, lambda year: _part(season(key, year), tokens))
    return _leaning(Found("a_span", choices), tokens, today)


def _holiday(tokens: list[Token], today: date) -> Found | None:
    word = first(tokens, "holiday")
    name = word.name if word else None
    if not name:
        return None
    step = -1 if has(tokens, "eve") else 0

    def in_year(year: int) -> Days | None:
        on = holiday(name, year)
        return _spread(certain(shift(on, step)), tokens, today) if on else None

    year = told_year(tokens, today)
    if year:
        only = in_year(year)
        return Found("a_holiday", (only,), pinned=True) if only else None
    return _leaning(Found("a_holiday", every_year(today, in_year)), tokens, today)


def _spread(days: Days, tokens: list[Token], today: date) -> Days:
    """ "Thanksgiving week", "Labor Day weekend", "around Christmas"."""
    if has(tokens, "unit_week"):
        return week_of(days.earliest)
    if has(tokens, "unit_weekend"):
        return between(shift(days.earliest, -2), shift(days.earliest, 2))
    if has(tokens, "about"):
        reach = int(setting("around_holiday_days"))
        return between(shift(days.earliest, -reach), shift(days.earliest, reach))
    return days


def _no_fall(around: Around) -> bool:
    """ "Since her last fall" is an accident."""
    return not around.before or around.before[-1] not in ("my", "her", "his", "a", "the", "our", "your")


def _no_verb(around: Around) -> bool:
    clinic = around.after[:1] == ("clinic",)
    return not clinic and not beside(around, "pronoun", "before")


NAMED_RULES = [
    Rule("(last | this | next | coming)? month", _month),
    Rule("(last | next | coming) shy_month", _month),
    Rule("the? MON pasado", _month),
    Rule("(?<=LEAD) shy_month", _month, _no_verb),
    Rule("^ shy_month (?=END)", _month),
    Rule("MON comma? dash? of? (year | short_year)", _month),
    Rule("MON of? (last | this | next) unit_year", _month),
    Rule("month_year", _slashed_month),
    Rule("the? (early | mid | late) (of | dash | in | the)* MON YR?", _month),
    Rule("the? (ordword | ord | last) unit_week (of | in)? MON YR?", _week_of_month),
    Rule(
        "the? (ordword | ord | last) unit_week (of | in) the? (last | this | next)? unit_month", _week_of_near_month
    ),
    Rule("the? (early | mid | late) (of | in)? the? unit_month", _part_of_this_month),
    Rule("the? (early | mid | late) (of | in)? the unit_year", _part_of_this_year),
    Rule("(early | mid | late)? (of | dash | in)* (?<=in | of | early | mid | late | dash) year", _year),
    Rule("(?<=lead | from | until) year (?!MON | UNIT)", _year),
    Rule("(early | mid | late)? of? (this | last | next | coming) season", _season, _no_fall),
    Rule("(?<=in) the season", _season),
    Rule("(early | mid | late) (of | in | dash | the)* season", _season),
    Rule("season (of | comma)? (year | YR)", _season),
    Rule("about? holiday YR?", _holiday),
    Rule("(last | this | next) holiday", _holiday),
    Rule("about? holiday eve YR?", _holiday),
    Rule("the? eve holiday YR?", _holiday),
    Rule("holiday (unit_week | unit_weekend) YR?", _holiday),
]
