"""Says facts back in the person's words where that is possible: all in one line, or one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from imr_logic.facts import Span, plain_value, vocabulary
from imr_logic.language import DEFAULT, say_day, words

# Said first; the rest follows in the order of the vocabulary.
FIRST = ("carrier", "product", "plan_type", "service_category", "decision", "denial_reasons")
# Most care that is refused was not given: to say so each time would only lengthen the line.
LEFT_UNSAID = {"care_status": "future"}


def in_order(facts: Mapping[str, Any]) -> list[str]:
    """The names of some facts in the order in which they are said."""
    return [name for name in (*FIRST, *(name for name in vocabulary() if name not in FIRST)) if name in facts]


def retell(facts: Mapping[str, Any], language: str = DEFAULT) -> str:
    """Some facts as one line: "Kaiser; a scan; denied; "not medically necessary"; letter of October 5, 2026"."""
    return str(words(language, "saying")["joiner"]).join(retold(facts, language))


def retold(facts: Mapping[str, Any], language: str = DEFAULT) -> list[str]:
    """Some facts, each in words: ["Kaiser", "a scan", "denied"]."""
    names = [name for name in in_order(facts) if LEFT_UNSAID.get(name) != facts[name]]
    return [said for name in names if (said := say_fact(name, facts[name], language))]


def say_fact(fact: str, value: Any, language: str = DEFAULT) -> str:
    """One fact in words, a day with what it is the day of: "letter of October 5, 2026"; empty when not known."""
    said = say_value(fact, value, language)
    if not said or vocabulary()[fact].kind != "day":
        return said
    return str(words(language, "saying")["dates"][fact]).format(day=said)


def say_value(fact: str, value: Any, language: str = DEFAULT) -> str:
    """One value in words: "a scan", "October 5, 2026"; empty for None and for what is better left unsaid."""
    if value is None:
        return ""
    kind = vocabulary()[fact].kind
    if kind == "day":
        return _say_days(plain_value(value) if isinstance(value, Span) else value, language)
    return ", ".join(_phrases(fact, value if kind == "choices" else [value], language))


def _phrases(fact: str, values: Iterable[Any], language: str) -> list[str]:
    said = words(language, "saying").get(fact, {})
    return [said[_key(value)] for value in values if said.get(_key(value))]


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _say_days(value: Any, language: str) -> str:
    """A day, or the days between which it lies."""
    if isinstance(value, str):
        return say_day(date.fromisoformat(value), language)
    earliest, latest = (date.fromisoformat(value[end]) for end in ("earliest", "latest"))
    if earliest == latest:
        return say_day(earliest, language)
    between = str(words(language, "saying")["between"])
    return between.format(earliest=say_day(earliest, language), latest=say_day(latest, language))
