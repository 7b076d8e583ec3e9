"""The pictures of a benchmark, as PNG or SVG by the ending of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.bench.speed.growth import around
from cli.bench.speed.rows import Row
from cli.bench.speed.sides import OURS

INK, COLOURS = "#1d2b36", {True: "#0f6b5c", False: "#b0563b"}
BETTER = "ratio of ours to stock Rasa"


def ratios(rows: Sequence[Row], file: Path) -> None:
    """A bar for each row with two sides, with its target as a mark."""
    shown = [row for row in rows if row.ratio is not None and (row.at_most or row.at_least)]
    if not shown:
        return
    with _drawing(file, (7.5, 0.9 + 0.42 * len(shown))) as axes:
        for place, row in enumerate(reversed(shown)):
            axes.barh(place, row.ratio, color=COLOURS[bool(row.is_met)], height=0.6)
            axes.plot([row.at_most or row.at_least] * 2, [place - 0.4, place + 0.4], color=INK, linewidth=2)
            beyond = max(float(row.ratio or 0), float(row.at_most or row.at_least or 0)) + 0.05
            axes.text(beyond, place, f"{row.ratio:.2f}", va="center", color=INK)
        axes.set_yticks(range(len(shown)), [row.name for row in reversed(shown)])
        axes.set_xlabel(f"{BETTER}; the mark is the target")


def growing(taken: Mapping[str, Sequence[float]], file: Path) -> None:
    """Milliseconds of each turn of one conversation, by side."""
    with _drawing(file, (7.5, 3.4)) as axes:
        for name, seconds in taken.items():
            turns = range(1, len(seconds) + 1)
            label = "ours" if name == OURS else "stock Rasa"
            axes.plot(turns, [around(seconds, turn) for turn in turns], color=COLOURS[name == OURS], label=label)
        axes.set_xlabel("turn of one conversation")
        axes.set_ylabel("milliseconds")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)


class _drawing:
    """One pair of axes, saved to a file at the end."""

    def __init__(self, file: Path, inches: tuple[float, float]) -> None:
        self._file, self._inches = file, inches

    def __enter__(self) -> Any:
        from matplotlib.figure import Figure

        self._figure = Figure(figsize=self._inches, layout="constrained")
        axes = self._figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        return axes

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._figure.savefig(self._file, dpi=130)
            print(f"drawn: {self._file}")
