"""How long a turn takes while few and many people talk at once, in whole conversations."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence

from cli.bench.speed.load import Load, Told, put
from cli.bench.speed.rows import Row, percentile
from cli.bench.speed.sides import OURS, STOCK, Side
from cli.bench.speed.stories import STORIES

CROWDS = (1, 8, 32, 128)
ROUNDS = 3
SECONDS = 10.0
SECONDS_A_PERSON = 0.15  # a large crowd gets longer, so that each has some turns
ARRIVALS = 10.0  # turns a second of the open load
ARRIVING = 40  # people who bring them
WATCHED = 8  # the crowd that has targets
MOST_OF_A_TURN = 0.4
LEAST_TURNS = 2.5


def measure(found: Sequence[Side], rounds: int = ROUNDS) -> list[Row]:
    """A row for each crowd and figure."""
    rows: list[Row] = []
    for people in CROWDS:
        told = _taking_turns(found, rounds, people)
        rows += _rows(f"{people} at once" if people > 1 else "one after the other", told, people == WATCHED)
    told = _taking_turns(found, rounds, ARRIVING, ARRIVALS)
    return rows + _rows(f"{ARRIVALS:.0f} turns a second arrive", told, False)[:2]


def _taking_turns(found: Sequence[Side], rounds: int, people: int, rate: float = 0.0) -> dict[str, Told]:
    """All that each side was told in all rounds."""
    every: dict[str, Told] = defaultdict(Told)
    for turn in range(rounds):
        for side in found:
            print(f"{people} people, round {turn + 1} of {rounds}: {side.name}", file=sys.stderr, flush=True)
            seconds = max(SECONDS, people * SECONDS_A_PERSON)
            told = put(Load(side.name, side.url, people, seconds, STORIES, rate))
            every[side.name].turns += told.turns
            every[side.name].failed += told.failed
            every[side.name].seconds += told.seconds
    return dict(every)


def _rows(who: str, told: dict[str, Told], is_watched: bool) -> list[Row]:
    milliseconds = {side: [1000 * seconds for seconds in one.turns] for side, one in told.items()}

    def row(name: str, unit: str, values: dict[str, float], **targets: float) -> Row:
        return Row(f"{who}: {name}", unit, values[OURS], values.get(STOCK), **(targets if is_watched else {}))

    halves = {side: percentile(taken, 50) for side, taken in milliseconds.items()}
    slow = {side: percentile(taken, 95) for side, taken in milliseconds.items()}
    rates = {side: len(one.turns) / one.seconds for side, one in told.items()}
    failed = {side: float(one.failed) for side, one in told.items()}
    rows = [
        row("turn p50", "ms", halves, at_most=MOST_OF_A_TURN),
        row("turn p95", "ms", slow, at_most=MOST_OF_A_TURN),
        row("turns a second", "", rates, at_least=LEAST_TURNS),
    ]
    return rows + ([Row(f"{who}: not answered", "", failed[OURS], failed.get(STOCK))] if any(failed.values()) else [])
