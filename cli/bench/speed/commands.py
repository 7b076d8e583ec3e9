"""The commands, which all end the same way: a table, JSON, a picture."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.bench.speed import growth, plots, rows, shared, standing, turn
from cli.bench.speed.rows import Row
from cli.bench.speed.sides import Side, sides
from cli.services import NoServiceError
from cli.stock.project import StockFailedError
from cli.talking import NotReady
from cli.train import TrainingFailed
from settings import settings

MEASURED = ("turn", "growth", "start", "train", "memory")


@dataclass(frozen=True)
class Wanted:
    """What to measure: `stock_epochs` is None without stock Rasa; `turns` are those of the long conversation;
    `folder` is where JSON and pictures go, the var folder when None; `processes` are those behind nginx."""

    names: Sequence[str]
    stock_epochs: int | None = None
    turns: int = 1000
    rounds: int = turn.ROUNDS
    processes: Sequence[int] = (1, 3)
    folder: Path | None = None


def run(wanted: Wanted) -> int:
    """The whole command. Returns 1 when something did not run."""
    folder = wanted.folder or settings().var_dir / "bench"
    try:
        measured = _measure(wanted, folder)
    except (NotReady, NoServiceError, StockFailedError, TrainingFailed, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    name = wanted.names[0] if len(wanted.names) == 1 else "all"
    rows.show(measured)
    rows.keep(name, measured, folder / f"{name}.json")
    if len(wanted.names) > 1 or name == "turn":
        plots.ratios(measured, folder / f"{name}.png")
    return 0


def _measure(wanted: Wanted, folder: Path) -> list[Row]:
    found: list[Row] = []
    if "train" in wanted.names:
        found += standing.train(wanted.stock_epochs)
    if "start" in wanted.names:
        found += standing.start(wanted.stock_epochs)
    on_running: dict[str, Callable[[Sequence[Side]], list[Row]]] = {
        "memory": standing.memory,
        "turn": lambda both: turn.measure(both, wanted.rounds),
        "growth": lambda both: _growth(both, wanted.turns, folder),
    }
    asked = [measure for name, measure in on_running.items() if name in wanted.names]
    if asked:
        with sides(wanted.stock_epochs) as both:
            for measure in asked:
                found += measure(both)
    if "shared" in wanted.names:
        found += shared.measure(wanted.processes)
    return found


def _growth(both: Sequence[Side], turns: int, folder: Path) -> list[Row]:
    measured, taken = growth.measure(both, turns)
    plots.growing(taken, folder / "growth.png")
    return measured
