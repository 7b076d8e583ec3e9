"""Start to ready, memory, and training: what stands before and beside the turns."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cli.bench.speed.load import Load, put
from cli.bench.speed.rows import Row
from cli.bench.speed.sides import OURS, STOCK, Side, sides
from cli.bench.speed.stories import STORIES
from cli.stock import project
from cli.train import ROOT, train_apart

STARTS = 3
WARM_PEOPLE, WARM_SECONDS = 8, 10.0
MOST_OF_A_START = MOST_OF_A_TRAINING = 0.4
MOST_MEMORY = 0.7


def start(stock_epochs: int | None, starts: int = STARTS) -> list[Row]:
    """Seconds from cold to ready: the median of some starts, the sides one after the other."""
    taken: dict[str, list[float]] = {OURS: [], STOCK: []}
    for number in range(starts):
        print(f"start {number + 1} of {starts}", file=sys.stderr, flush=True)
        with sides(stock_epochs) as found:
            for side in found:
                taken[side.name].append(side.ready_after)
    return [started(taken)]


def started(taken: dict[str, list[float]]) -> Row:
    """The row of some starts."""
    stock = statistics.median(taken[STOCK]) if taken.get(STOCK) else None
    return Row("start to ready", "s", statistics.median(taken[OURS]), stock, at_most=MOST_OF_A_START)


def memory(found: Sequence[Side]) -> list[Row]:
    """Megabytes of all processes, after people have talked."""
    for side in found:
        put(Load(side.name, side.url, WARM_PEOPLE, WARM_SECONDS, STORIES))
    held = {side.name: side.megabytes for side in found}
    return [Row("resident memory, all processes", "MB", held[OURS], held.get(STOCK), at_most=MOST_MEMORY)]


def train(stock_epochs: int | None) -> list[Row]:
    """Seconds of training; ours into a folder that is thrown away."""
    print("training ours", file=sys.stderr, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        train_apart(ROOT, Path(folder), began)
    ours, stock = time.monotonic() - began, None
    if stock_epochs is not None:
        print(f"training stock Rasa, {stock_epochs} epochs of its 100", file=sys.stderr, flush=True)
        stock = project.trained(stock_epochs, anew=True).train_seconds
    epochs = f", stock for {stock_epochs} epochs of its 100" if stock_epochs else ""
    return [Row(f"training{epochs}", "s", ours, stock, at_most=MOST_OF_A_TRAINING)]
