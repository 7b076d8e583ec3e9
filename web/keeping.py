"""What is done by itself while the web app runs: old content erased, dates that passed moved on, sessions ended.

Any number of processes may do this at once; each step can be done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from records import cases, forgetting, staff, staff_sessions
from records.models import now
from settings import Settings, california_today

EVERY_SECONDS = 3600
FAREWELL_SECONDS = 3
BY = "retention"
log = logging.getLogger(__name__)


@asynccontextmanager
async def keeping(current: Settings) -> AsyncIterator[None]:
    """Rounds in the background as long as the block runs."""
    stopping = asyncio.Event()
    rounds = asyncio.create_task(_keep_going(current, stopping))
    try:
        yield
    finally:
        stopping.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(rounds, FAREWELL_SECONDS)


async def _keep_going(current: Settings, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            await asyncio.to_thread(tidy, current)
        except Exception as error:  # the database may be away for a while; the next round tries again
            log.warning("a round of tidying failed: %s", type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), EVERY_SECONDS)


def tidy(current: Settings) -> None:
    """One round."""
    url, moment = current.database_url, now()
    purged = forgetting.purge(moment - timedelta(days=current.retention_days), by=BY, url=url)
    if purged:
        log.info("conversations whose content was erased, being old: %d", purged)
    cases.move_on(california_today(current), url=url)
    staff_sessions.drop_over(moment, url=url)
    staff.drop_old_tries(moment, url=url)
