"""CaseFacts: what is known of a case, in the vocabulary of law/vocabulary.yml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from imr_logic.law import load


class Span(NamedTuple):
    """The days that a date may be: one when both ends are equal."""

    earliest: date
    latest: date


class FactSpec(NamedTuple):
    """One fact of the vocabulary: `kind` is yes_no, choice, choices or day; `because` the rule it is asked for."""

    name: str
    kind: str
    values: tuple[str, ...]
    asked: bool
    group: str
    past: bool
    decides: bool
    because: str | None = None


class BadFact(ValueError):
    """A fact could not be used. `fact` names it; the message says what was wrong and what is allowed."""

    def __init__(self, fact: str, problem: str) -> None:
        super().__init__(f"{fact}: {problem}")
        self.fact = fact


@lru_cache
def vocabulary() -> dict[str, FactSpec]:
    """Every fact by name, in the order of the vocabulary."""
    return {
        name: FactSpec(
            name,
            data["kind"],
            tuple(data.get("values", ())),
            data["asked"],
            data["group"],
            data.get("past", False),
            data.get("decides", True),
            data.get("because"),
        )
        for name, data in load("vocabulary")["facts"].items()
    }


NOT_KNOWN = frozenset(load("vocabulary")["not_known"])
ORDER_OF_DAYS: tuple[tuple[str, str], ...] = tuple((a, b) for a, b in load("vocabulary")["order"])


def parse_day(fact: str, value: Any) -> date:
    """One ISO day. Raises BadFact for anything else, also for a day that does not exist."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadFact(fact, f"{value!r} is not a day; allowed: a day that exists, written like 2026-10-05")


def parse_span(fact: str, value: Any) -> Span:
    """A day, or {"earliest": day, "latest": day} for a date that was only hinted at."""
    if isinstance(value, Span):
        return value
    if isinstance(value, Mapping) and {"earliest", "latest"} <= set(value):
        earliest, latest = parse_day(fact, value["earliest"]), parse_day(fact, value["latest"])
        if earliest > latest:
            raise BadFact(fact, f"earliest {earliest} is after latest {latest}; allowed: earliest first")
        return Span(earliest, latest)
    day = parse_day(fact, value)
    return Span(day, day)


def _parse_choice(spec: FactSpec, value: Any) -> str:
    if isinstance(value, str) and value in spec.values:
        return value
    raise BadFact(spec.name, f"{value!r} is not a value of it; allowed: {', '.join(spec.values)}")


def parse_fact(name: str, value: Any) -> Any:
    """The checked value of one fact; None stays None (asked, not known). Raises BadFact."""
    spec = vocabulary().get(name)
    if spec is None:
        raise BadFact(name, f"is not a fact; allowed: today, {', '.join(vocabulary())}")
    if value is None:
        return None
    if spec.kind == "yes_no":
        if not isinstance(value, bool):
            raise BadFact(name, f"{value!r} is neither yes nor no; allowed: true, false, null")
        return value
    if spec.kind == "day":
        return parse_span(name, value)
    if spec.kind == "choices":
        if not isinstance(value, (list, tuple)):
            raise BadFact(name, f"{value!r} is not a list; allowed: a list of {', '.join(spec.values)}")
        return tuple(dict.fromkeys(_parse_choice(spec, item) for item in value))
    return _parse_choice(spec, value)


class CaseFacts(BaseModel):
    """What is known of a case. `today` is the day the question is asked, in California. `known` holds the
    facts that were given: None is "asked, and the person does not know"; an absent fact was never asked.

    Made from a flat object: `CaseFacts(today="2026-11-23", plan_type="commercial")`. Raises ValidationError
    whose first problem (see `first_problem`) names the fact, what was wrong and what is allowed.
    """

    model_config = ConfigDict(frozen=True)

    today: date
    known: dict[str, Any]

    @model_validator(mode="before")
    @classmethod
    def _check(cls, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise BadFact("facts", "a case is an object of facts; allowed: {fact: value, ...}")
        known = {name: parse_fact(name, value) for name, value in data.items() if name != "today"}
        if data.get("today") is None:
            raise BadFact("today", "is missing; allowed: a day like 2026-11-23")
        return {"today": parse_day("today", data["today"]), "known": known}

    def get(self, fact: str) -> Any:
        """The value of a fact, None when it is absent or not known."""
        return self.known.get(fact)

    @property
    def cannot_wait(self) -> bool:
        """Whether waiting is risky for care that was not given yet."""
        said = self.get("urgent") is True or self.get("doctor_certifies_urgency") is True
        return said and self.get("care_status") != "received"

    def with_facts(self, **changes: Any) -> CaseFacts:
        """The same case with some facts set."""
        return CaseFacts.model_validate({**self.known, **changes, "today": self.today})

    def as_plain(self) -> dict[str, Any]:
        """The facts as JSON values in the order of the vocabulary; an exact date as one ISO day."""
        plain = {name: plain_value(self.known[name]) for name in vocabulary() if name in self.known}
        return {"today": self.today.isoformat(), **plain}


def plain_value(value: Any) -> Any:
    """A fact's value as JSON: spans become a day or an object, tuples lists."""
    if isinstance(value, Span):
        if value.earliest == value.latest:
            return value.earliest.isoformat()
        return {"earliest": value.earliest.isoformat(), "latest": value.latest.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def first_problem(error: ValidationError) -> str:
    """The one line that says what was wrong with a facts object."""
    cause = error.errors()[0]
    return str(cause.get("ctx", {}).get("error", cause["msg"]))
