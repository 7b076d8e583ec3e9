"""Pictures of one evaluation, as SVG text that stands in the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from cli.evaluate.calibration import Bin, Point
from cli.evaluate.scores import Tally

INK, GOOD, BAR, GRID = "#1d2b36", "#0f6b5c", "#7fb3a8", "#d9e0e4"
FONT = {"font.family": "sans-serif", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "imr"}


@contextmanager
def drawing(width: float, height: float) -> Iterator[tuple[Any, list[str]]]:
    """One pair of axes, in inches; the list holds the SVG afterwards."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    drawn: list[str] = []
    with rc_context(FONT):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK)
        yield axes, drawn
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    drawn.append(text.getvalue()[text.getvalue().index("<svg") :])


def calibration(found: Sequence[Bin]) -> str:
    """How often the model is right, against how sure it is; on the dashed line it is as right as it is sure."""
    with drawing(5, 4) as (axes, drawn):
        axes.plot([0, 1], [0, 1], "--", color=INK, linewidth=1)
        axes.plot([one.confidence for one in found], [one.right for one in found], color=GOOD, zorder=2)
        sizes = [20 + 4 * one.count**0.75 for one in found]
        axes.scatter([one.confidence for one in found], [one.right for one in found], s=sizes, color=GOOD, zorder=3)
        axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="how sure the model is", ylabel="how often it is right")
        axes.grid(color=GRID)
    return drawn[0]


def silence(points: Sequence[Point], used: tuple[float, float]) -> str:
    """Right when answered, against the share left unanswered; the dot is the threshold that is used."""
    with drawing(5, 4) as (axes, drawn):
        shown = [point for point in points if point.unanswered <= 0.4]
        axes.plot([point.unanswered for point in shown], [point.right for point in shown], color=GOOD)
        axes.scatter([used[0]], [used[1]], s=60, color=INK, zorder=3)
        axes.set(xlabel="not answered", ylabel="right when answered")
        axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.grid(color=GRID)
    return drawn[0]


def scores(tallies: dict[str, Tally], bar: float) -> str:
    """F1 of every name, the best on top, with the line that must be reached."""
    ordered = sorted(tallies.items(), key=lambda item: item[1].f1)
    with drawing(7, 0.8 + 0.24 * len(ordered)) as (axes, drawn):
        names = [f"{name} ({tally.right + tally.missed})" for name, tally in ordered]
        colours = [GOOD if tally.f1 >= bar else BAR for _, tally in ordered]
        axes.barh(names, [tally.f1 for _, tally in ordered], color=colours)
        axes.axvline(bar, color=INK, linewidth=1, linestyle="--")
        axes.set(xlim=(0, 1), ylim=(-0.7, len(ordered) - 0.3), xlabel="F1")
    return drawn[0]


def confusion(names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """What was meant (rows) against what was understood (columns); only names that are ever confused."""
    with drawing(1.6 + 0.36 * len(names), 1.6 + 0.36 * len(names)) as (axes, drawn):
        axes.imshow([[min(count, 6) for count in row] for row in counts], cmap="Greens", vmin=0, vmax=8)
        for row, line in enumerate(counts):
            for column, count in enumerate(line):
                if count:
                    axes.text(column, row, count, ha="center", va="center", color="white" if count > 4 else INK)
        axes.set_xticks(range(len(names)), names, rotation=90)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel="understood", ylabel="meant")
    return drawn[0]


def times(milliseconds: Sequence[float], bars: Sequence[float]) -> str:
    """How many messages take how long, with the lines that half and 95 of 100 must stay under."""
    with drawing(5, 3) as (axes, drawn):
        axes.hist(milliseconds, bins=40, range=(0, max(30.0, max(bars) * 1.2)), color=GOOD)
        for bar in bars:
            axes.axvline(bar, color=INK, linewidth=1, linestyle="--")
        axes.set(xlabel="milliseconds a message", ylabel="messages")
    return drawn[0]
