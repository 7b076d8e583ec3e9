"""The words of an assessment, by language. Code asks for words by key; no sentence stands in code."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.law import load, period

FOLDER = Path(__file__).parent
DEFAULT = "en"


@lru_cache
def words(language: str = DEFAULT, part: str = "") -> dict[str, Any]:
    """Every word of a language, English where there is none; with `part` those of one part (`saying`,
    `gathering`). Read once."""
    names = (f"{part}.{name}.yml" if part else f"{name}.yml" for name in (language, DEFAULT))
    path = next(FOLDER / name for name in names if (FOLDER / name).exists())
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=loader)
    return found


@lru_cache
def contact_values() -> dict[str, str]:
    """How to reach whom, for texts to fill in: {dmhc_phone}, {cdi_url}, ..."""
    return {
        f"{name}_{key}": str(value)
        for name, contact in load("contacts").items()
        for key, value in contact.items()
        if key in ("phone", "fax", "tdd", "mail", "url")
    }


@lru_cache(maxsize=64)
def law_values(on: date) -> dict[str, str]:
    """What texts may fill in from the law as it stands on a day: contacts and figures, {days_plan_grievance}, ..."""
    return {**contact_values(), **{f"days_{name}": str(period(name, on).value) for name in load("periods")}}


@lru_cache(maxsize=4096)
def step_text(step: str, on: date, language: str = DEFAULT) -> str:
    """One step, with the contacts of the law and its figures on a day filled in."""
    return str(words(language)["steps"][step]).format(**law_values(on))


@lru_cache(maxsize=4096)
def say_day(day: date, language: str = DEFAULT, weekday: bool = False) -> str:
    """A day as people write it: "April 2, 2027", or with its weekday."""
    said = words(language)
    template: str = said["day_with_weekday" if weekday else "day"]
    return template.format(
        weekday=said["weekdays"][day.weekday()],
        month=said["months"][day.month - 1],
        day=day.day,
        year=day.year,
    )


def days_left(day: date, today: date, language: str = DEFAULT) -> str:
    """How far a day is away, in words: "in 36 days"."""
    days = (day - today).days
    key = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "past" if days < 0 else "soon")
    return str(words(language)["left"][key]).format(days=abs(days))


def capital(text: str) -> str:
    """The same with a capital first."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1024)
def say_period(value: int, unit: str, language: str = DEFAULT) -> str:
    """A period as people write it: "180 calendar days"."""
    forms = words(language)["units"][unit]
    return f"{value} {forms['one'] if value == 1 else forms['many']}"


def say_facts(facts: tuple[str, ...], language: str = DEFAULT) -> str:
    """Some facts by their names: "the date of the denial letter and the day the denial came"."""
    said = words(language)
    names = str(said["joiner"]).join(said["facts"][fact] for fact in facts)
    return capital(names)
