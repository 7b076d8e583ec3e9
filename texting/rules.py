"""Quiet hours, which are law, and how long before a date there are reminders, which is our own choice."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.law import load
from settings import CALIFORNIA

FILE = Path(__file__).with_name("rules.yml")


def may_start(moment: datetime) -> bool:
    """Whether something may go out at a moment that nobody asked for just now: not at night in California. Answers to
    what a person just wrote may go out at any time."""
    hours = load("texting")["quiet_hours"]
    return time(hours["from_hour"]) <= moment.astimezone(CALIFORNIA).time() < time(hours["until_hour"])


def reminder_days() -> tuple[int, ...]:
    """How many days before a date somebody is reminded of it, the longest first."""
    return tuple(rules()["reminder_days"]["days_before"])


@cache
def rules() -> dict[str, Any]:
    """Everything in the file. Read once."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
