"""The table of `./imr bench sms`, row by row as each is measured."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from cli.bench.sms import rows
from cli.bench.sms.rows import Row
from cli.bench.sms.town import Town, town
from cli.talking import NotReady

Measurement = Callable[[Town], Coroutine[Any, Any, Row]]


def run(conversations: int) -> int:
    """The whole command. Returns the exit code: 1 when a row misses its target."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with town(Path(folder)) as place:
                return _measure(place, conversations)
        except NotReady as problem:
            print(problem, file=sys.stderr)
            return 1


def _measure(place: Town, conversations: int) -> int:
    measurements: tuple[Measurement, ...] = (
        rows.same_message_many_times,
        rows.bad_signatures,
        rows.acknowledgement,
        partial(rows.killed, conversations=conversations),
        rows.twilio_down,
        rows.nothing_in_clear,
    )
    print("| | target | measured | |\n|---|---|---|---|", flush=True)
    missed = 0
    for measure in measurements:
        row = asyncio.run(measure(place))
        missed += not row.is_met
        print(f"| {row.name} | {row.target} | {row.measured} | {'met' if row.is_met else 'MISSED'} |", flush=True)
    return 1 if missed else 0
