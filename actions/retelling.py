"""Says facts back in one line, in the person's words where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from actions.words import words
from imr_logic import vocabulary
from imr_logic.language import say_day

# Said first; the rest follows in the order of the vocabulary.
FIRST = ("carrier", "product", "plan_type", "service_category", "decision", "denial_reasons")
LEFT_UNSAID = frozenset({"care_status"})


def retell(facts: Mapping[str, Any]) -> str:
    """Some facts as one line: "Kaiser; a scan; denied; "not medically necessary"; letter of October 5, 2026"."""
    order = [*FIRST, *(name for name in vocabulary() if name not in FIRST)]
    said = [say_fact(name, facts[name]) for name in order if name in facts and name not in LEFT_UNSAID]
    return str(words()["joiner"]).join(part for part in said if part)


def say_fact(fact: str, value: Any) -> str:
    """One fact in words; nothing for one that is not known."""
    if value is None:
        return ""
    spec = vocabulary()[fact]
    if spec.kind == "day":
        return str(words()["say"]["dates"][fact]).format(day=_say_days(value))
    if spec.kind == "choices":
        return ", ".join(_phrases(fact, value))
    return "".join(_phrases(fact, [value]))


def _phrases(fact: str, values: Iterable[Any]) -> list[str]:
    said = words()["say"].get(fact, {})
    return [said[_key(value)] for value in values if said.get(_key(value))]


def _key(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _say_days(value: Any) -> str:
    """A day, or the days between which it lies."""
    if isinstance(value, str):
        return say_day(date.fromisoformat(value))
    earliest, latest = (date.fromisoformat(value[end]) for end in ("earliest", "latest"))
    if earliest == latest:
        return say_day(earliest)
    return str(words()["say"]["between"]).format(earliest=say_day(earliest), latest=say_day(latest))
