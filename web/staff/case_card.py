"""The case of a conversation as staff see it, also one that an older version kept; and as it would be with what staff
corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from imr_logic import Assessment, BadFact, CaseFacts, assess, parse_fact, vocabulary
from imr_logic.law import rule
from records.corrections import Proposed
from records.stored_events import mappings


class Date(NamedTuple):
    """One date of a case, None when it must be read off a letter."""

    day: date | None
    label: str
    law: str


@dataclass(frozen=True)
class Card:
    """A case in short: its route, dates, facts as stored; `is_old` when this version cannot read it whole."""

    route: str | None
    dates: tuple[Date, ...]
    facts: Mapping[str, Any]
    steps: tuple[str, ...]
    missing: tuple[str, ...]
    is_old: bool = False


class Question(NamedTuple):
    """Why something was asked: the law behind it, the path until then, and what was worth asking, most decisive
    first."""

    law: tuple[str, ...]
    route: str
    missing: tuple[str, ...]


def as_kept(facts: Mapping[str, Any], assessment: Mapping[str, Any]) -> Card | None:
    """The card of a case as it was kept; None when there is none."""
    if not assessment:
        return None
    try:
        return _card(Assessment.model_validate(assessment), _known(facts), _is_old(facts))
    except ValueError:  # an older version wrote it: what can be read is shown
        return _read_loosely(facts, assessment)


def corrected(facts: Mapping[str, Any], corrections: Iterable[Proposed], today: date) -> Card | None:
    """The card with what staff corrected, assessed today; None when nothing was, or when it cannot be."""
    right = {str(one.fact): one.right for one in corrections if one.kind == "fact" and one.state != "refused"}
    if not right:
        return None
    known = {name: value for name, value in {**_readable(facts), **right}.items() if value is not None}
    try:
        return _card(assess(CaseFacts.model_validate({"today": today, **known})), known)
    except (ValueError, BadFact):
        return None


def why_asked(fact: str, facts: Mapping[str, Any], today: date) -> Question | None:
    """Why a fact was asked for when so much was known; None for a question that is not about the case."""
    if fact not in vocabulary():
        return None
    try:
        found = assess(CaseFacts.model_validate({"today": today, **_readable(facts)}))
    except (ValueError, BadFact):
        return None
    because = vocabulary()[fact].because
    return Question(rule(because).authority if because else (), found.route, found.missing)


def _card(found: Assessment, facts: Mapping[str, Any], is_old: bool = False) -> Card:
    dates = tuple(Date(one.date, one.label, ", ".join(one.citations)) for one in found.deadlines)
    return Card(found.route, dates, facts, tuple(step.text for step in found.steps), found.missing, is_old)


def _read_loosely(facts: Mapping[str, Any], assessment: Mapping[str, Any]) -> Card:
    dates = mappings(assessment, "deadlines")
    read = tuple(Date(_day(one.get("date")), str(one.get("label") or one.get("code") or ""), "") for one in dates)
    return Card(str(assessment.get("route") or "") or None, read, _known(facts), (), (), is_old=True)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "today"}


def _is_old(facts: Mapping[str, Any]) -> bool:
    return len(_readable(facts)) != len(_known(facts))


def _readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that this version knows."""
    found: dict[str, Any] = {}
    for name, value in _known(facts).items():
        try:
            parse_fact(name, value)
        except BadFact:
            continue
        found[name] = value
    return found


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
