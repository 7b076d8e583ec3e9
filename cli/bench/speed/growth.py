"""What a turn costs as one conversation grows."""

from __future__ import annotations

import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from itertools import cycle

import httpx

from cli.bench.speed.load import begin
from cli.bench.speed.rows import Row
from cli.bench.speed.sides import OURS, STOCK, Side
from cli.bench.speed.stories import STORIES

LONGEST_SECONDS = 420.0  # of one side
AROUND = 10  # turns on either side that a figure is the median of
EARLY = 10
SHOWN = (10, 50, 100, 200, 500, 1000)
MOST_GROWTH = 1.3


def measure(found: Sequence[Side], turns: int) -> tuple[list[Row], dict[str, list[float]]]:
    """A row for some of the turns, and the seconds of every turn by side. Stops early when it takes too long."""
    taken = {side.name: one_conversation(side, turns) for side in found}
    rows = []
    for number in SHOWN:
        if number <= len(taken[OURS]):
            stock = taken.get(STOCK, [])
            rows.append(Row(f"turn {number}", "ms", around(taken[OURS], number), _if_there(stock, number)))
    last = max(number for number in SHOWN if number <= len(taken[OURS]))
    return [*rows, *(_growth(name, seconds, last) for name, seconds in taken.items())], taken


def one_conversation(side: Side, turns: int) -> list[float]:
    """The seconds of each turn of one conversation."""
    with httpx.Client(base_url=side.url, timeout=60, trust_env=False) as client:
        say = begin(client, side.name)
        return _talk(say, side.name, turns)


def _talk(say: Callable[[str], bool], name: str, turns: int) -> list[float]:
    taken: list[float] = []
    lines = cycle(line for story in STORIES for line in story)
    ends = time.monotonic() + LONGEST_SECONDS
    while len(taken) < turns and time.monotonic() < ends:
        line = f"{next(lines)} {uuid.uuid4().hex[:4]}"  # nobody says the same for ever
        started = time.perf_counter()
        if not say(line):
            raise RuntimeError(f"{name} did not answer turn {len(taken) + 1}")
        taken.append(time.perf_counter() - started)
        if len(taken) % 100 == 0:
            print(f"{name}: {len(taken)} turns", file=sys.stderr, flush=True)
    return taken


def around(taken: Sequence[float], number: int) -> float:
    """Milliseconds of a turn: the median of those around it."""
    few = taken[max(0, number - AROUND) : number + AROUND]
    return 1000 * statistics.median(few)


def _if_there(taken: Sequence[float], number: int) -> float | None:
    return around(taken, number) if len(taken) >= number else None


def _growth(name: str, taken: Sequence[float], last: int) -> Row:
    """The late turn against the early one of the same side: ours has the target."""
    number = min(last, len(taken))
    title = f"turn {number} against turn {EARLY}, {name} (ratio of its own)"
    return Row(
        title, "ms", around(taken, number), around(taken, EARLY), at_most=MOST_GROWTH if name == OURS else None
    )
