"""Days counted from today: "three weeks ago", "last Tuesday", "next month", "the other day"."""

from __future__ import annotations

from datetime import date

from nlu.dates.amounts import UNITS, Amount, amount, moved, stretch, unit_of
from nlu.dates.calendar_words import (
    Choices,
    Days,
    between,
    certain,
    latest_weekend,
    loose_week,
    part_of,
    shift,
    shift_months,
    week_of,
    weekdays_around,
    whole_month,
)
from nlu.dates.patterns import patterns
from nlu.dates.shapes import Around, Found, Rule, beside, first, has
from nlu.dates.tokens import Token

_UNCOUNTED = (2, 8)


def _clipped(days: Days, today: date) -> Days:
    """What is over cannot lie after today."""
    if days.earliest <= today < days.latest:
        return days._replace(latest=today)
    return days


def _fixed(days: Days, kind: str = "a_span") -> Found:
    return Found("a_time" if days.precision == "exact" else kind, (days,), pinned=True)


def _ago(tokens: list[Token], today: date) -> Found | None:
    told, unit = amount(tokens), unit_of(tokens)
    if told is None:
        return None
    if has(tokens, "relday"):
        return _fixed(certain(moved(today, unit, -told.low)))
    return _fixed(_clipped(stretch(today, tokens, told, unit, -1), today))


def _some_ago(tokens: list[Token], today: date) -> Found:
    """ "weeks ago", without a number."""
    unit = unit_of(tokens)
    return _fixed(between(moved(today, unit, -_UNCOUNTED[0]), moved(today, unit, -_UNCOUNTED[1])))


def _hours_ago(tokens: list[Token], today: date) -> Found | None:
    told = amount(tokens)
    if told is None or has(tokens, "minute"):
        return _fixed(certain(today)) if told else None
    days = int(told.high // 24)
    if told.high <= 6 or (told.high % 24 == 0 and told.low == told.high):
        return _fixed(certain(shift(today, -days)))
    return _fixed(between(shift(today, -days - 1), shift(today, -int(told.low // 24))))


def _ahead(tokens: list[Token], today: date) -> Found | None:
    told = amount(tokens)
    if told is None:
        return None
    days = stretch(today, tokens, told, unit_of(tokens), 1)
    return _fixed(days, "a_span")._replace(kind="a_hope" if has(tokens, "in") else "a_span")


def _from_a_day(tokens: list[Token], today: date) -> Found | None:
    """ "two weeks from today", "a week from yesterday"."""
    told, base = amount(tokens), first(tokens, "relday")
    if told is None or base is None:
        return None
    return _fixed(certain(moved(shift(today, base.value[0]), unit_of(tokens), told.low)))


def _day_word(tokens: list[Token], today: date) -> Found | None:
    word = first(tokens, "relday")
    return Found("a_time", (certain(shift(today, word.value[0])),), pinned=True) if word else None


def _step(tokens: list[Token]) -> int:
    return 1 if has(tokens, "next", "coming") else -1 if has(tokens, "last", "pasado") else 0


def _unit_beside(unit: str, step: int, today: date) -> Days:
    """Last, this or next week, month, year or weekend."""
    if unit == "unit_week":
        return loose_week(today, step)
    if unit == "unit_month":
        month = shift_months(today.replace(day=1), step)
        return whole_month(month.year, month.month)
    if unit == "unit_year":
        year = shift_months(today, 12 * step).year
        return between(date(year, 1, 1), date(year, 12, 31))
    weekend = latest_weekend(today)
    return between(shift(weekend.earliest, 7 * max(step, 0)), shift(weekend.latest, 7 * max(step, 0)))


def _plural(tokens: list[Token]) -> bool:
    """Whether the unit is told in the plural: "the past months" is no one of them."""
    return any(token.kind in UNITS and token.text.endswith("s") and token.text != "mes" for token in tokens)


def _last_unit(tokens: list[Token], today: date) -> Found | None:
    unit, step = unit_of(tokens), _step(tokens)
    if unit in ("unit_day", "unit_business_day", "unit_fortnight") or _plural(tokens):
        return None
    if unit == "unit_weekend" and step == 0:
        return _weekend(tokens, today)
    days = _unit_beside(unit, step, today)
    part = first(tokens, "early", "mid", "late")
    if part:
        days = part_of(days, part.kind)
    elif step == 0:
        return Found("a_span", (_clipped(days, today), between(shift(today, 1), max(days.latest, shift(today, 1)))))
    return Found("a_year" if unit == "unit_year" else "a_span", (days,), pinned=True)


def _unit_before_last(tokens: list[Token], today: date) -> Found | None:
    unit = unit_of(tokens)
    if unit in ("unit_day", "unit_business_day", "unit_fortnight"):
        return None
    if unit == "unit_weekend":
        weekend = latest_weekend(today)
        return _fixed(between(shift(weekend.earliest, -7), shift(weekend.latest, -7)))
    return _fixed(_unit_beside(unit, -2, today))


def _weekend(tokens: list[Token], today: date) -> Found:
    past = latest_weekend(today)
    return Found("a_span", (past, between(shift(past.earliest, 7), shift(past.latest, 7))))


def _earlier(tokens: list[Token], today: date) -> Found | None:
    days, yesterday = _unit_beside(unit_of(tokens), 0, today), shift(today, -1)
    start = min(days.earliest, yesterday)
    return _fixed(between(start, yesterday) if start < yesterday else certain(yesterday))


def _later(tokens: list[Token], today: date) -> Found | None:
    days = _unit_beside(unit_of(tokens), 0, today)
    return _fixed(between(shift(today, 1), max(days.latest, shift(today, 1))))


def _other_day(tokens: list[Token], today: date) -> Found:
    name = "other_week_between_days" if "week" in tokens[-1].text else "other_day_between_days"
    low, high = map(int, patterns("dates")["widths"][name])
    return _fixed(between(shift(today, -high), shift(today, -low)))


def _window(tokens: list[Token], today: date) -> Found | None:
    """ "in the last two weeks"."""
    told = amount(tokens) or Amount(1, 1)
    return _fixed(between(moved(today, unit_of(tokens), -told.high), today))


def _weekday(tokens: list[Token], today: date) -> Found | None:
    day = first(tokens, "weekday", "shy_weekday")
    choices = weekdays_around(today, day.value[0]) if day else ()
    past = tuple(days for days in choices if days.earliest < today)
    ahead = tuple(days for days in choices if days.earliest > today)
    if has(tokens, "before_last"):
        return Found("a_weekday", past[-2:-1], pinned=True)
    if has(tokens, "last", "the_past", "pasado"):
        return Found("a_weekday", past[-1:], pinned=True)
    if has(tokens, "next"):
        return Found("a_weekday", _next_weekday(ahead, today), pinned=True)
    return Found("a_weekday", ahead[:1], pinned=True) if has(tokens, "coming") else Found("a_weekday", choices)


def _next_weekday(ahead: Choices, today: date) -> Choices:
    """ "Next Wednesday", said on a Monday, may be this week's or the next one's."""
    soonest, second = ahead[0].earliest, ahead[1].earliest
    if soonest > week_of(today).latest:
        return ahead[:1]
    return (between(soonest, second, "ambiguous"),)


def _weekday_of_week(tokens: list[Token], today: date) -> Found | None:
    """ "Tuesday of last week", "next week Wednesday"."""
    day = first(tokens, "weekday", "shy_weekday")
    if not day:
        return None
    monday = week_of(shift(today, 7 * _step(tokens))).earliest
    on = shift(monday, day.value[0])
    if day.value[0] == 6:
        return Found("a_weekday", (between(shift(on, -7), on, "ambiguous"),), pinned=True)
    return Found("a_weekday", (certain(on),), pinned=True)


def _weekdays_ago(tokens: list[Token], today: date) -> Found | None:
    """ "three Fridays ago"."""
    told, day = amount(tokens), first(tokens, "weekdays", "weekday")
    if told is None or day is None or told.low != told.high:
        return None
    latest = shift(today, -((today.weekday() - day.value[0]) % 7 or 7))
    return _fixed(certain(shift(latest, -7 * (int(told.low) - 1))))


def _weeks_ago_on(tokens: list[Token], today: date) -> Found | None:
    """ "two weeks ago Friday" counts from last Friday; "two weeks ago on Friday" means the nearest one."""
    told, day = amount(tokens), first(tokens, "weekday", "shy_weekday")
    if told is None or day is None:
        return None
    latest = shift(today, -((today.weekday() - day.value[0]) % 7))
    on = shift(latest, -7 * int(told.low))
    middle = shift(today, -7 * int(told.low))
    if has(tokens, "lead") and abs((shift(on, 7) - middle).days) < abs((on - middle).days):
        on = shift(on, 7)
    return Found("a_weekday", (Days(on, on, "ambiguous"),), pinned=True)


def _not_pain(around: Around) -> bool:
    """ "3 weeks back pain" tells no day."""
    return not around.after or around.after[0] not in ("pain", "surgery", "mri", "brace", "injury", "to")


def _in_the_mail(around: Around) -> bool:
    """ "Hit the mailbox sat.": after such a word "sat" is no verb."""
    return beside(around, "before_weekday", "before")


def _aged_paper(around: Around) -> bool:
    """ "The letter is three weeks old"."""
    return around.after[:1] == ("old",) and beside(around, "papers", "before", 4)


def _clause_of_someone(around: Around) -> bool:
    """ "Ten weeks since the surgeon sent it" counts to today."""
    return around.after[:1] == ("since",) and beside(Around((), around.after[1:]), "someone", "after")


RELATIVE_RULES = [
    # What looks like a day and is a habit, an opening time or a length of time.
    Rule("every (word | ordword)? (WEEKDAY | UNIT)", None),
    Rule("WEEKDAY (to | until | dash) WEEKDAY", None),
    Rule("over (the? last | the_past) AMOUNT? UNIT", None),
    Rule("the? relday", _day_word),
    Rule("MOD? MOD? AMOUNT and_half? UNIT and_half? (ago | back)", _ago, _not_pain),
    Rule("MOD? MOD? AMOUNT (or | to | dash | until) AMOUNT UNIT ago", _ago),
    Rule("MOD? MOD? a UNIT or (number | card) ago", _ago),
    Rule("MOD? AMOUNT UNIT ago relday", _ago),
    Rule("spanish_ago MOD? AMOUNT and_half? UNIT and_half?", _ago),
    Rule("MOD? MOD? AMOUNT and_half? UNIT and_half? (?=lead)", _ago, _clause_of_someone),
    Rule("MOD? MOD? AMOUNT UNIT (?=word)", _ago, _aged_paper),
    Rule("UNIT ago", _some_ago),
    Rule("MOD? AMOUNT (hour | minute) ago", _hours_ago),
    Rule("in MOD? AMOUNT and_half? UNIT", _ahead),
    Rule("MOD? AMOUNT UNIT from now", _ahead),
    Rule("AMOUNT UNIT from relday", _from_a_day),
    Rule("(early | mid | late)? of? the? (last | this | next | coming) UNIT", _last_unit),
    Rule("the? UNIT pasado", _last_unit),
    Rule("the? UNIT before_last", _unit_before_last),
    Rule("over? the unit_weekend", _weekend),
    Rule("earlier (this | in | the)* UNIT", _earlier),
    Rule("later (this | in | the)* UNIT", _later),
    Rule("the? other_day", _other_day),
    Rule("(in | within) (the last | the_past) AMOUNT? UNIT", _window),
    Rule("(in | within) last AMOUNT UNIT", _window),
    Rule("(last | the_past | this | next | coming)? weekday", _weekday),
    Rule("(last | this | next | coming) shy_weekday", _weekday),
    Rule("(?<=lead | from | until) shy_weekday (?=END)", _weekday),
    Rule("shy_weekday (?=END | and)", _weekday, _in_the_mail),
    Rule("the? weekday pasado", _weekday),
    Rule("the? WEEKDAY before_last", _weekday),
    Rule("WEEKDAY (of | in | comma)? (the? last | this | next) unit_week", _weekday_of_week),
    Rule("(last | this | next) unit_week (lead | comma)? WEEKDAY", _weekday_of_week),
    Rule("AMOUNT (weekdays | weekday) ago", _weekdays_ago),
    Rule("AMOUNT unit_week ago lead? WEEKDAY", _weeks_ago_on),
]
