"""Dates made of other dates: ranges, "the day before Thanksgiving", "Monday, October 5", "two days later"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nlu.dates.amounts import amount, moved, slack_days, unit_of
from nlu.dates.calendar_words import (
    Days,
    between,
    certain,
    mapped,
    setting,
    shift,
    shift_months,
    week_of,
    whole_month,
)
from nlu.dates.patterns import numbers
from nlu.dates.shapes import Found, Rule, has
from nlu.dates.tokens import Token

_LONGEST_RANGE_DAYS = 200


def _founds(tokens: list[Token]) -> list[Found]:
    return [token.found for token in tokens if token.found is not None]


def _possible(found: Found) -> bool:
    return bool(found.choices)


def _range(tokens: list[Token], today: date) -> Found | None:
    """From the first date to the first time that the second one comes after it."""
    low, high = _founds(tokens)
    if not _possible(low) or not _possible(high):
        return None

    def reach(start: Days) -> Days | None:
        ends = (end for end in high.choices if end.latest >= start.earliest)
        end = next(ends, None)
        if end is None or (end.latest - start.earliest).days > _LONGEST_RANGE_DAYS:
            return None
        unsure = "ambiguous" in (start.precision, end.precision)
        return between(start.earliest, end.latest, "ambiguous" if unsure else "approximate")

    choices = mapped(low.choices, reach)
    return Found("a_span", choices, pinned=low.pinned or high.pinned) if choices else None


def _weekday_and_day(tokens: list[Token], today: date) -> Found | None:
    """ "Monday, October 5": the weekday picks the year, or makes the day doubtful when it contradicts."""
    named, day = _founds(tokens)
    if not _possible(named) or not _possible(day) or named.choices[0].earliest != named.choices[0].latest:
        return None
    weekday = named.choices[0].earliest.weekday()
    return day._replace(kind="a_day", choices=tuple(_confirmed(days, weekday) for days in day.choices))


def _confirmed(days: Days, weekday: int) -> Days:
    agrees = days.earliest == days.latest and days.earliest.weekday() == weekday
    return days._replace(precision="exact" if agrees else "ambiguous")


def _day_and_weekday(tokens: list[Token], today: date) -> Found | None:
    """ "October 5, a Monday": only when they agree; else the weekday tells something else."""
    day, named = _founds(tokens)
    if not _possible(named) or not _possible(day):
        return None
    weekday = named.choices[0].earliest.weekday()
    agreeing = tuple(days for days in day.choices if days.earliest.weekday() == weekday)
    return day._replace(choices=agreeing) if agreeing else None


def _same_day_twice(tokens: list[Token], today: date) -> Found | None:
    """ "Yesterday, November 22"."""
    one, other = _founds(tokens)
    shared = [days.earliest for days in other.choices if days.earliest in {day.earliest for day in one.choices}]
    return Found("a_time", (certain(shared[0]),), pinned=True) if shared else None


def _day_in_span(tokens: list[Token], today: date) -> Found | None:
    """ "Two weeks ago, November 9": the day, when it lies in the span."""
    span, day = _founds(tokens)
    if not _possible(span) or not _possible(day):
        return None
    inside = tuple(
        certain(days.earliest)
        for around in span.choices
        for days in day.choices
        if around.earliest <= days.earliest <= around.latest
    )
    if not 0 < len(inside) <= len(span.choices):
        return None
    if has(tokens, "about"):
        reach = int(numbers("hedges")["exact_day_widens_by_days"])
        return Found("a_span", tuple(between(shift(d.earliest, -reach), shift(d.earliest, reach)) for d in inside))
    return Found("a_day", inside)


def _in_that_year(tokens: list[Token], today: date) -> Found | None:
    """ "Last year in October", "October 5 in 2025"."""
    founds = _founds(tokens)
    year = next(
        found for token, found in zip([t for t in tokens if t.found], founds, strict=True) if token.kind == "a_year"
    )
    other = next((found for found in founds if found is not year), None)
    if other is None or other.pinned or not _possible(other):
        return None
    wanted = year.choices[0].earliest.year
    choices = tuple(days for days in other.choices if days.earliest.year == wanted)
    return other._replace(choices=choices, pinned=True) if choices else None


def _sign(tokens: list[Token]) -> int:
    return -1 if has(tokens, "before") else 1


def _changed(base: Found, change: Callable[[Days], Days | None], kind: str = "a_span") -> Found | None:
    if not _possible(base):
        return None
    choices = mapped(base.choices, change)
    return Found(kind, choices, base.pinned) if choices else None


def _narrower(tokens: list[Token], today: date) -> Found | None:
    """ "The end of summer, the last week of August": the second, when it lies within the first."""
    wide, narrow = _founds(tokens)
    if not _possible(wide) or not _possible(narrow):
        return None
    inside = tuple(
        one
        for one in narrow.choices
        if any(around.earliest <= one.earliest and one.latest <= around.latest for around in wide.choices)
    )
    return narrow._replace(choices=inside) if inside else None


def _beside(tokens: list[Token], today: date) -> Found | None:
    """ "The day before Thanksgiving", "the week after Oct 5"."""
    base, sign, unit = _founds(tokens)[-1], _sign(tokens), unit_of(tokens)
    if any(token.kind == unit and token.text.endswith("s") for token in tokens):
        return None
    kind = "a_holiday" if tokens[-1].kind == "a_holiday" else "a_day"
    return _changed(base, lambda days: _unit_beside(days, unit, sign), kind if unit == "unit_day" else "a_span")


def _unit_beside(days: Days, unit: str, sign: int) -> Days | None:
    edge = days.earliest if sign < 0 else days.latest
    if unit == "unit_day":
        return Days(shift(edge, sign), shift(edge, sign), days.precision)
    if unit == "unit_week":
        return week_of(shift(edge, 7 * sign))
    if unit == "unit_weekend":
        saturday = shift(edge, -((edge.weekday() - 5) % 7 or 7) if sign < 0 else (5 - edge.weekday()) % 7 or 7)
        return between(saturday, shift(saturday, 1))
    if unit == "unit_month":
        month = shift_months(edge.replace(day=1), sign)
        return whole_month(month.year, month.month)
    return None


def _counted_beside(tokens: list[Token], today: date) -> Found | None:
    """ "Two days after Columbus Day", "three weeks before Oct 5"."""
    base, told, unit, sign = _founds(tokens)[-1], amount(tokens), unit_of(tokens), _sign(tokens)
    if told is None:
        return None
    if has(tokens, "from"):
        return _from_that_day(base, unit, told.low, today)
    return _changed(base, lambda days: _stepped(days, unit, sign, told.low, told.high), "a_day")


def _from_that_day(base: Found, unit: str, count: float, today: date) -> Found | None:
    """ "A week from Friday": from the coming one."""
    ahead = [days for days in base.choices if days.earliest >= today]
    return Found("a_day", (certain(moved(ahead[0].earliest, unit, count)),), pinned=True) if ahead else None


def _stepped(days: Days, unit: str, sign: int, low: float, high: float) -> Days:
    near, far = moved(days.earliest, unit, sign * low), moved(days.latest, unit, sign * high)
    slack = slack_days(days.latest, unit, high)
    if slack == 0 and low == high:
        return Days(min(near, far), max(near, far), days.precision)
    return between(shift(min(near, far), -slack), shift(max(near, far), slack))


def _shortly(tokens: list[Token], today: date) -> Found | None:
    """ "Right after Labor Day", "shortly before Oct 5"."""
    base, sign = _founds(tokens)[-1], _sign(tokens)
    at_once = tokens[0].text in ("right", "just", "immediately")
    reach = int(setting("rightly_after_days" if at_once else "soon_after_days"))
    if tokens[0].text == "sometime":
        reach = int(setting("sometime_after_days"))
    return _changed(base, lambda days: beside_interval(days, sign, reach))


def beside_interval(days: Days, sign: int, reach: int) -> Days:
    """The days right before (`sign` -1) or right after (1) an interval, as many as `reach`."""
    edge = days.earliest if sign < 0 else days.latest
    return between(shift(edge, sign), shift(edge, sign * reach))


def _week_holding(tokens: list[Token], today: date) -> Found | None:
    return _changed(_founds(tokens)[-1], lambda days: week_of(days.earliest))


def _weekday_beside(tokens: list[Token], today: date) -> Found | None:
    """ "The Friday before Memorial Day"."""
    named, base = _founds(tokens)
    weekday, sign = named.choices[0].earliest.weekday(), _sign(tokens)

    def step(days: Days) -> Days:
        edge = days.earliest if sign < 0 else days.latest
        distance = (sign * (weekday - edge.weekday())) % 7 or 7
        return Days(shift(edge, sign * distance), shift(edge, sign * distance), "exact")

    return _changed(base, step, "a_day")


def _later(tokens: list[Token], today: date) -> Found | None:
    """ "Two days later", "the next day": counted from the date told before."""
    told, unit, sign = amount(tokens), unit_of(tokens), _sign(tokens)
    low, high = (told.low, told.high) if told else (1.0, 1.0)
    if has(tokens, "same"):
        return Found("a_later", (), move=lambda days: days)
    if told is None and unit != "unit_day":
        return Found("a_later", (), move=lambda days: _unit_beside(days, unit, sign) or days)
    return Found("a_later", (), move=lambda days: _stepped(days, unit, sign, low, high))


def _later_that(tokens: list[Token], today: date) -> Found | None:
    """ "Later that month", "later that week"."""
    unit = unit_of(tokens)

    def rest(days: Days) -> Days:
        edge = days.latest
        last = whole_month(edge.year, edge.month).latest if unit == "unit_month" else week_of(edge).latest
        return between(shift(edge, 1), max(last, shift(edge, 1)))

    return Found("a_later", (), move=rest)


def _following_weekday(tokens: list[Token], today: date) -> Found | None:
    weekday = _founds(tokens)[0].choices[0].earliest.weekday()

    def step(days: Days) -> Days:
        on = shift(days.latest, (weekday - days.latest.weekday()) % 7 or 7)
        return Days(on, on, days.precision)

    return Found("a_later", (), move=step)


def _weekday_before_that(tokens: list[Token], today: date) -> Found | None:
    """ "It came Thursday, dated the Monday before"."""
    weekday = _founds(tokens)[0].choices[0].earliest.weekday()

    def step(days: Days) -> Days:
        on = shift(days.earliest, -((days.earliest.weekday() - weekday) % 7 or 7))
        return Days(on, on, days.precision)

    return Found("a_later", (), move=step)


JOIN_RULES = [
    Rule("between ANY (and | to | or | dash | until) the? ANY", _range),
    Rule("from ANY (to | until | dash | and) the? ANY", _range),
    Rule("ANY (to | until | dash) the? ANY", _range),
    Rule("SINGLE or the? SINGLE", _range),
    Rule("a_weekday (comma | dot | the | lead | open)* a_day close?", _weekday_and_day),
    Rule("a_day (comma | open) a? a_weekday close?", _day_and_weekday),
    Rule("(a_time | a_weekday) (comma | open | lead)? (a_day | an_ordinal) close?", _same_day_twice),
    Rule(
        "(a_span | a_month) word? (comma | open | lead | about)* the? (a_day | an_ordinal | a_weekday) close?",
        _day_in_span,
    ),
    Rule("a_span (comma | open) the? (a_span | a_month) close?", _narrower),
    Rule("a_year (comma | in | lead | of)* (a_day | a_month | a_span | a_holiday)", _in_that_year),
    Rule("(a_day | a_month | a_holiday) (in | of)? a_year", _in_that_year),
    Rule("the? (unit_day | unit_week | unit_weekend | unit_month) (before | after) ANY", _beside),
    Rule("MOD? AMOUNT UNIT (before | after | from) ANY", _counted_beside),
    Rule("just (before | after) ANY", _shortly),
    Rule("the? unit_week of the? ANY", _week_holding),
    Rule("the? a_weekday (before | after) ANY", _weekday_beside),
    Rule("MOD? AMOUNT UNIT later", _later),
    Rule("MOD? AMOUNT UNIT after (?=END)", _later),
    Rule("the? (next | following) unit_day", _later),
    Rule("the? following (unit_week | unit_month)", _later),
    Rule("the unit_day after (?=END)", _later),
    Rule("the? same unit_day", _later),
    Rule("later (that | the? same) (unit_week | unit_month)", _later_that),
    Rule("the? following a_weekday", _following_weekday),
    Rule("the? a_weekday after (?=END)", _following_weekday),
    Rule("the? a_weekday before (?=END)", _weekday_before_that),
]
