"""Bars for the overview, made here as numbers; the template draws them as SVG, and a table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 640, 180
BOTTOM = 24  # for the names below
GAP = 0.25


class Part(NamedTuple):
    """One coloured part of a bar; `kind` is what it stands for."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    value: int


class Bar(NamedTuple):
    """A bar with its name and where that stands."""

    name: str
    middle: float
    total: int
    parts: tuple[Part, ...]


def stacked(columns: Sequence[tuple[str, dict[str, int]]], kinds: Sequence[str]) -> list[Bar]:
    """Upright bars, each in parts, the tallest as high as the room."""
    most = max((sum(values.values()) for _, values in columns), default=0) or 1
    room = WIDTH / max(len(columns), 1)
    return [_bar(name, values, kinds, at * room, room, most) for at, (name, values) in enumerate(columns)]


def _bar(name: str, values: dict[str, int], kinds: Sequence[str], left: float, room: float, most: int) -> Bar:
    parts, y = [], float(HEIGHT - BOTTOM)
    for kind in kinds:
        height = (HEIGHT - 2 * BOTTOM) * values.get(kind, 0) / most
        y -= height
        parts.append(
            Part(
                kind,
                round(left + room * GAP / 2, 1),
                round(y, 1),
                round(room * (1 - GAP), 1),
                round(height, 1),
                values.get(kind, 0),
            )
        )
    return Bar(name, round(left + room / 2, 1), sum(values.values()), tuple(parts))
