"""Decided cases: the facts that a person has, and the route and dates that must come out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from imr_logic import CaseFacts, assess, first_problem, vocabulary
from settings import ROOT

KEYS = ("id", "facts", "route", "deadlines")
Dated = tuple[str, str, str | None]


class BadScenario(ValueError):
    """A file of scenarios that cannot be used; the message is one line that names file and place."""


@dataclass(frozen=True)
class Scenario:
    """One decided case. `facts` holds what the person knows, days as dates; what is not in it they do not know.
    `deadlines` are (code, kind, ISO day or None); `contradictory` names facts that cannot all be true, so that asking
    for them again is right."""

    id: str
    title: str
    today: date
    facts: dict[str, Any]
    route: str
    deadlines: frozenset[Dated]
    contradictory: frozenset[str]


def default_path() -> Path:
    """The acceptance set, in the folder `shared` beside the project."""
    return ROOT.parent / "shared" / "law" / "scenarios.jsonl"


def load(path: Path) -> list[Scenario]:
    """All scenarios of a .jsonl file, or of a .yml file that lists them. Raises BadScenario."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise BadScenario(f"{path}: {reason}; allowed: a file of scenarios, .jsonl or .yml") from None
    found = [_scenario(row, where) for row, where in _rows(path, text)]
    if not found:
        raise BadScenario(f"{path.name}: no scenario in it; each needs {', '.join(KEYS)}")
    return found


def _rows(path: Path, text: str) -> Iterator[tuple[Any, str]]:
    if path.suffix in (".yml", ".yaml"):
        yield from ((row, f"{path.name}, scenario {number}") for number, row in enumerate(_listed(path, text), 1))
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            where = f"{path.name}, line {number}"
            yield _parsed(line, where), where


def _listed(path: Path, text: str) -> list[Any]:
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError:
        raise BadScenario(f"{path.name}: not YAML; allowed: a list of scenarios") from None
    if not isinstance(rows, list):
        raise BadScenario(f"{path.name}: holds no list; allowed: a list of scenarios")
    return rows


def _parsed(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise BadScenario(f"{where}: not JSON; allowed: one scenario with {', '.join(KEYS)}") from None


def _scenario(row: Any, where: str) -> Scenario:
    if not isinstance(row, dict) or not set(KEYS) <= set(row):
        raise BadScenario(f"{where}: something is missing; each scenario needs {', '.join(KEYS)}")
    try:
        case = CaseFacts.model_validate(row["facts"])
        dated = frozenset((due["code"], due["kind"], _iso(due["date"])) for due in row["deadlines"])
    except ValidationError as error:
        raise BadScenario(f"{where}: {first_problem(error)}") from None
    except (KeyError, TypeError):
        raise BadScenario(f"{where}: each deadline needs code, kind and date") from None
    facts = {name: _value(name, value) for name, value in row["facts"].items() if name != "today"}
    known = {name: value for name, value in facts.items() if value is not None}
    torn = frozenset(fact for one in assess(case, look_ahead=False).contradictions for fact in one.facts)
    return Scenario(row["id"], row.get("title", ""), case.today, known, row["route"], dated, torn)


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if vocabulary()[name].kind == "day" and isinstance(value, str) else value


def _iso(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
