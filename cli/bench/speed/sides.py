"""The two that are compared: this assistant as `./imr serve` starts it, and stock Rasa with its action server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from cli import talking
from cli.bench.speed.stories import DAY
from cli.stock import project, serving

OURS, STOCK = "ours", "stock"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Side:
    """One of the two, running: its address, the processes that it began with, seconds from start to ready."""

    name: str
    url: str
    pids: tuple[int, ...]
    ready_after: float

    @property
    def megabytes(self) -> float:
        """The resident memory of all its processes; pages that are shared count once a process."""
        roots = [psutil.Process(pid) for pid in self.pids]
        every = {process.pid: process for root in roots for process in (root, *root.children(recursive=True))}
        return sum(process.memory_info().rss for process in every.values()) / MEGABYTE


@contextmanager
def sides(stock_epochs: int | None) -> Iterator[list[Side]]:
    """Ours, and with `stock_epochs` stock Rasa trained for so many epochs, started one after the other. Raises
    cli.talking.NotReady and cli.stock.project.StockFailedError."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="imr-bench-")))
        found = [running.enter_context(ours(folder / OURS))]
        if stock_epochs is not None:
            found.append(running.enter_context(stock(stock_epochs, folder / STOCK)))
        yield found


@contextmanager
def ours(folder: Path) -> Iterator[Side]:
    """This assistant, with a database of its own."""
    folder.mkdir()
    with talking.running(DAY, folder, folder / "bench.log") as started:
        yield Side(OURS, started.url, (started.process.pid,), started.ready_after)


@contextmanager
def stock(epochs: int, folder: Path) -> Iterator[Side]:
    """Stock Rasa on the same data, trained before if that was not done yet."""
    folder.mkdir()
    made = project.trained(epochs)
    with serving.running(made, DAY, folder) as started:
        yield Side(STOCK, started.url, started.pids, started.ready_after)
