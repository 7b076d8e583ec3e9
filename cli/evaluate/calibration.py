"""Whether the intent model is as sure as it is right, and what it would gain by staying silent more often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.evaluate.messages import Outcome

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The messages whose confidence lies in one tenth: how many, how sure on average, how often right (0 to 1)."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Point:
    """What a threshold gives: the share left unanswered and the share right among the answered, 0 to 1."""

    threshold: float
    unanswered: float
    right: float


def guesses(outcomes: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """Confidence and whether the first guess is right, for every message that the model and not the safety
    screen decided."""
    return [
        (outcome.confidence, outcome.best == outcome.case.intent)
        for outcome in outcomes
        if outcome.safety is None and outcome.best is not None
    ]


def bins(judged: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The tenths of confidence that hold any message, the lowest first."""
    found = []
    for place in range(BINS):
        inside = [one for one in judged if min(int(one[0] * BINS), BINS - 1) == place]
        if inside:
            count = len(inside)
            found.append(Bin(count, sum(sure for sure, _ in inside) / count, sum(hit for _, hit in inside) / count))
    return found


def expected_error(found: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence and truth lie apart on average, 0 to 1 (Naeini et al., 2015)."""
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.confidence - one.right) for one in found) / total if total else 0.0


def silence_curve(judged: Sequence[tuple[float, bool]]) -> list[Point]:
    """For every threshold worth trying: unanswered and right when answered. The first point answers everything."""
    ordered = sorted(judged)
    points = []
    for place, (confidence, _) in enumerate(ordered):
        if place and confidence == ordered[place - 1][0]:
            continue
        answered = ordered[place:]
        right = sum(hit for _, hit in answered) / len(answered)
        points.append(Point(confidence, place / len(ordered), right))
    return points
