"""Answers to the questions that people ask on the way, from the facts of their case: each point with its law."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from imr_logic.answer import Assessment
from imr_logic.facts import CaseFacts
from imr_logic.guidance.situation import Situation, situation_of
from imr_logic.language import DEFAULT, FOLDER, law_values, say_period
from imr_logic.law import Confidence, load

Topic = Literal["filing", "timeline", "after", "cost", "regulator", "advice", "clinician", "papers", "continuing"]
EVERY = "every"


class Point(NamedTuple):
    """One sentence of an answer, with what it rests on. `text` is in the language asked for."""

    id: str
    text: str
    citations: tuple[str, ...]
    confidence: Confidence


def tell(topic: Topic, facts: CaseFacts, found: Assessment, language: str = DEFAULT) -> tuple[Point, ...]:
    """The points of a topic that hold for a case, in order. A few topics have none for some paths."""
    here = situation_of(facts, found)
    law = load("guidance")
    return tuple(_point(name, law["points"][name], language) for name in _names(topic, here))


def _names(topic: Topic, here: Situation) -> list[str]:
    """What is said instead of all else where it holds, else what the family is told."""
    law = load("guidance")
    by_family = law["topics"][topic]
    family = here.regulated if topic == "regulator" else here.family
    told = by_family.get(family, by_family.get(EVERY, []))
    return _fitting(law["instead"].get(topic, []), here) or _fitting(told, here)


def _fitting(names: list[str], here: Situation) -> list[str]:
    points = load("guidance")["points"]
    return [name for name in names if _fits(points[name], here)]


def _fits(point: dict[str, Any], here: Situation) -> bool:
    return here.fits(point.get("when", {})) and not ("unless" in point and here.fits(point["unless"]))


def _point(name: str, point: dict[str, Any], language: str) -> Point:
    period = say_period(point["value"], point["unit"], language) if "value" in point else ""
    text = _sentences(language)[name].format(period=period, **law_values())
    return Point(name, text, tuple(point["authority"]), point["confidence"])


@lru_cache
def _sentences(language: str) -> dict[str, str]:
    path = FOLDER / f"guidance.{language}.yml"
    points: dict[str, str] = yaml.safe_load(_existing(path).read_text(encoding="utf-8"))["points"]
    return points


def _existing(path: Path) -> Path:
    return path if path.exists() else FOLDER / f"guidance.{DEFAULT}.yml"
