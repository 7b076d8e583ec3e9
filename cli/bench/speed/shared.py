"""`./imr bench shared`: several assistants on one PostgreSQL and Redis behind nginx, as they are deployed: turns a
second, memory, and how large the database grows; what the arithmetic of docs/operating.md rests on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cli.bench.speed.load import Load, Told, put
from cli.bench.speed.rows import Row, percentile
from cli.bench.speed.sides import OURS, Side
from cli.bench.speed.stories import DAY, STORIES
from cli.deployed import Deployed, deployed

CROWD = 16
SECONDS = 20.0
TURNS_A_CONVERSATION = sum(len(story) for story in STORIES) / len(STORIES)
SIZE = "SELECT pg_database_size(current_database())"
KILOBYTE = 1024


def measure(processes: Sequence[int]) -> list[Row]:
    """Rows for each number of processes. Raises cli.services.NoServiceError and cli.talking.NotReady."""
    return [row for count in processes for row in _with(count)]


def _with(count: int) -> list[Row]:
    print(f"starting {count} behind nginx", file=sys.stderr, flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="imr-shared-") as folder,
        deployed(Path(folder), count, DAY, is_limited=False) as place,
    ):
        _talk(place)
        before = _size(place)
        told = _talk(place)
        grown = _size(place) - before
        held = [Side(OURS, one.url, (one.process.pid,), 0).megabytes for one in place.assistants]
    milliseconds = [1000 * seconds for seconds in told.turns]
    who = f"{count} process{'es' if count > 1 else ''}, {CROWD} at once"
    conversations = len(told.turns) / TURNS_A_CONVERSATION
    return [
        Row(f"{who}: turns a second", "", len(told.turns) / told.seconds),
        Row(f"{who}: turn p50", "ms", percentile(milliseconds, 50)),
        Row(f"{who}: turn p95", "ms", percentile(milliseconds, 95)),
        Row(f"{who}: not answered", "", float(told.failed)),
        Row(f"{who}: memory of one", "MB", max(held)),
        Row(f"{who}: database of 1,000 conversations", "MB", grown / conversations * 1000 / KILOBYTE / KILOBYTE),
    ]


def _talk(place: Deployed) -> Told:
    return put(Load(OURS, place.url, CROWD, SECONDS, STORIES))


def _size(place: Deployed) -> int:
    from records.engine import new_engine

    made = new_engine(place.database_url)
    with made.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        found = int(connection.exec_driver_sql(SIZE).scalar_one())
    made.dispose()
    return found
