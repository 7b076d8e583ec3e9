"""How much time: "two and a half weeks", "2-3 months", "a few days", and the interval that it leaves."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from nlu.dates.calendar_words import Days, between, certain, setting, shift, shift_months, width_days
from nlu.dates.shapes import first, has
from nlu.dates.tokens import Token

UNITS = ("unit_day", "unit_business_day", "unit_week", "unit_fortnight", "unit_month", "unit_year", "unit_weekend")


class Amount(NamedTuple):
    """How many units: least and most; `counted` is false for "a few" and "several"."""

    low: float
    high: float
    counted: bool = True


def amount(tokens: list[Token]) -> Amount | None:
    """The amount that the words tell: "two and a half", "2-3", "a week or two", "a few"."""
    told: list[float] = []
    for token in tokens:
        if token.kind == "vague":
            return Amount(float(token.value[0]), float(token.value[1]), counted=False)
        if token.kind in ("number", "card", "big", "hyphen"):
            told.extend(map(float, token.value))
        elif token.kind == "decimal":
            told.append(token.value[0] / 10)
        elif token.kind == "half":
            told.append(0.5)
        elif token.kind in ("and_half", "slash"):
            told = [*told[:-1], (told[-1] if told else 0) + 0.5]
        elif token.kind == "a" and not told:
            told.append(1.0)
    if not told or min(told) < 0 or max(told) > 5000:
        return None
    return Amount(min(told), max(told))


def moved(today: date, unit: str, count: float) -> date:
    """The day so many units from today (before it when negative)."""
    whole = int(count)
    if unit in ("unit_month", "unit_year"):
        months = count * 12 if unit == "unit_year" else count
        day = shift_months(today, int(months))
        return shift(day, round((months - int(months)) * 30))
    if unit == "unit_business_day":
        return shift(today, round(count * 7 / 5))
    days = {"unit_week": 7, "unit_weekend": 7, "unit_fortnight": 14}.get(unit, 1)
    return shift(today, round(count * days) if count != whole else whole * days)


def slack_days(today: date, unit: str, count: float) -> int:
    """Half the width of the interval that so many units leave."""
    if unit != "unit_day":
        return max(width_days(abs((today - moved(today, unit, count)).days)), 1)
    if abs(count) <= setting("counted_days_certain_up_to"):
        return 0
    return max(1, round(abs(count) * setting("counted_days_share")))


def stretch(today: date, tokens: list[Token], told: Amount, unit: str, sign: int) -> Days:
    """The interval of "about three weeks ago" (`sign` -1) or "in three weeks" (1), with its modifier."""
    near, far = moved(today, unit, sign * told.low), moved(today, unit, sign * told.high)
    if has(tokens, "exactly"):
        return certain(near)
    loose = 0 if told.low != told.high and not told.counted else slack_days(today, unit, told.high)
    if not told.counted or has(tokens, "about", "less", "more", "nearly", "over"):
        loose = max(loose, 1) if told.low == told.high else loose
    if has(tokens, "less"):
        return between(today, far)
    if has(tokens, "nearly"):
        return between(far, shift(far, -sign * loose))
    if has(tokens, "more", "over"):
        return between(near, shift(far, sign * 2 * loose))
    narrow = 0 if told.low != told.high and not told.counted else slack_days(today, unit, told.low)
    narrow = max(narrow, loose) if told.low == told.high else narrow
    days = between(shift(near, -sign * narrow), shift(far, sign * loose))
    return certain(near) if days.earliest == days.latest else days


def unit_of(tokens: list[Token]) -> str:
    """The kind of the unit that the words count in; days when they name none."""
    token = first(tokens, *UNITS)
    return token.kind if token else "unit_day"
