"""The evaluation messages, and what the trained model makes of them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlu.understand import Understander

KEYS = ("id", "style", "text", "today", "intent", "facts", "dates", "safety")


class BadMessage(ValueError):
    """A line of the evaluation set that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Case:
    """One message with what a careful reader takes from it."""

    id: str
    style: str
    text: str
    today: date
    intent: str
    facts: dict[str, Any]
    dates: tuple[dict[str, Any], ...]
    safety: str | None


@dataclass(frozen=True)
class Outcome:
    """What the product made of one message. `intent` is None when it fell back; `best` is the model's first
    guess all the same. `milliseconds` is the time of the whole reading."""

    case: Case
    intent: str | None
    best: str | None
    confidence: float
    facts: dict[str, Any]
    dates: tuple[dict[str, Any], ...]
    safety: str | None
    milliseconds: float


def load(path: Path) -> list[Case]:
    """All messages of a file. Raises BadMessage, also for a file without any."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadMessage(f"{path.name}: {error.strerror}; allowed: a file of JSON lines.") from None
    found = [parse(line, f"{path.name}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise BadMessage(f"{path.name}: no message in it; each line needs {', '.join(KEYS)}.")
    return found


def parse(line: str, where: str) -> Case:
    """One line. Raises BadMessage."""
    try:
        found = json.loads(line)
        return Case(
            **{key: found[key] for key in ("id", "style", "text", "intent", "facts", "safety")},
            today=date.fromisoformat(found["today"]),
            dates=tuple(found["dates"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadMessage(f"{where}: {error!r}; each line needs {', '.join(KEYS)}.") from None


def open_understander() -> Understander:
    """The model that `./imr understand` uses, warm. Trains it first when there is none."""
    from cli.train import ensure_model
    from nlu.understand import Understander

    understander = Understander.open(ensure_model())
    understander.understand("warm up", date(2026, 1, 1))
    return understander


def run(understander: Understander, cases: list[Case]) -> list[Outcome]:
    """Every message through it."""
    return [outcome(understander, case) for case in cases]


def outcome(understander: Understander, case: Case) -> Outcome:
    """One message, timed."""
    started = time.perf_counter()
    understood = understander.understand(case.text, case.today)
    milliseconds = (time.perf_counter() - started) * 1000
    said = understood.as_json()
    ranking = understood.prediction.ranking
    return Outcome(
        case=case,
        intent=understood.intent[0] if understood.intent else None,
        best=ranking[0][0] if ranking else None,
        confidence=understood.intent[1] if understood.intent else understood.prediction.confidence,
        facts=said["facts"],
        dates=tuple(said["dates"]),
        safety=said["safety"],
        milliseconds=milliseconds,
    )
