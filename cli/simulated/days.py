"""A day as people write it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

LONG_AGO = timedelta(days=150)  # from here on, and for days to come, people name the year
ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def say_day(day: date, today: date, chance: Random, written: bool = False) -> str:
    """One of the forms in which a Californian writes a day. The year is left out only where it is plain. `written`:
    as it stands on paper, so never "today"."""
    near = {today: "today", today - timedelta(days=1): "yesterday"}
    if day in near and not written and chance.random() < 0.5:
        return near[day]
    plain = day.year == today.year and today - LONG_AGO <= day <= today
    return chance.choice(without_year(day) if plain and chance.random() < 0.7 else with_year(day))


def without_year(day: date) -> list[str]:
    """Forms with month and day."""
    nth = f"{day.day}{ENDINGS.get(day.day, 'th')}"
    return [
        f"{day:%B} {nth}",
        f"{day:%B} {day.day}",
        f"{short(day)} {day.day}",
        f"{short(day)} {nth}",
        f"{day.month}/{day.day}",
        f"the {nth} of {day:%B}",
    ]


def with_year(day: date) -> list[str]:
    """Forms with the year."""
    return [
        f"{day:%B} {day.day}, {day.year}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day.month}/{day.day}/{day:%y}",
        f"{day:%m/%d/%Y}",
        f"{short(day)} {day.day}, {day.year}",
        f"{day:%B} {day.day}{ENDINGS.get(day.day, 'th')} {day.year}",
    ]


def short(day: date) -> str:
    """The month, cut short as people do: Oct., Sept., May."""
    if day.month == 9:
        return "Sept."
    return f"{day:%B}" if len(f"{day:%B}") <= 4 else f"{day:%b}."
