"""Answers to the questions that people ask on the way, from the facts of their case: each point with its law."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple

from imr_logic.answer import Assessment
from imr_logic.facts import CaseFacts
from imr_logic.guidance.situation import Situation, situation_of
from imr_logic.language import DEFAULT, contact_values, say_period, words
from imr_logic.law import Confidence, load, period

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
    return tuple(_point(name, law["points"][name], found.today, language) for name in _names(topic, here))


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


def _point(name: str, point: dict[str, Any], today: date, language: str) -> Point:
    sentence = str(words(language, "guidance")["points"][name])
    text = sentence.format(period=_period_of(point, today, language), **contact_values())
    return Point(name, text, tuple(point["authority"]), point["confidence"])


def _period_of(point: dict[str, Any], today: date, language: str) -> str:
    """The period that a point names: one that deadlines are counted by too, as it stands today, or its own."""
    if "period" in point:
        counted = period(point["period"], today)
        return say_period(counted.value, counted.unit, language)
    return say_period(point["value"], point["unit"], language) if "value" in point else ""
