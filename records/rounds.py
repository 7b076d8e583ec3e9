"""What is done again and again in the background of a process, as long as it lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from records.models import now

log = logging.getLogger(__name__)


class Rounds(NamedTuple):
    """What is done, at which moment it is told; how many seconds lie between two rounds (none while a round did
    something), and how many a round may have to end when the process is asked to stop."""

    what: str
    one_round: Callable[[datetime], Awaitable[int]]
    seconds: float
    farewell_seconds: float


@asynccontextmanager
async def in_background(*all_of_them: Rounds) -> AsyncIterator[None]:
    """Rounds in the background as long as the block runs; what is being done at its end may be finished."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(_repeat(stopping, rounds)) for rounds in all_of_them]
    try:
        yield
    finally:
        stopping.set()
        longest = max((rounds.farewell_seconds for rounds in all_of_them), default=0)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*tasks), longest)


async def _repeat(stopping: asyncio.Event, rounds: Rounds) -> None:
    """A round again and again until told to stop; no error ends it."""
    while not stopping.is_set():
        worked = 0
        try:
            worked = await rounds.one_round(now())
        except Exception as error:  # the database may be away for a while; the next round tries again
            log.warning("a round of %s failed: %s", rounds.what, type(error).__name__)
        if not worked:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), rounds.seconds)
