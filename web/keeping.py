"""What is done by itself while the web app runs: old content and old backups erased, dates that passed moved on,
sessions ended.

Any number of processes may do this at once; each step can be done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from records import backups, cases, forgetting, guesses, staff_sessions
from records.engine import clear_traces
from records.models import now
from records.rounds import Rounds, in_background
from settings import Settings, california_today

EVERY_SECONDS = 3600
FAREWELL_SECONDS = 3
BY = "retention"
log = logging.getLogger(__name__)


def keeping(current: Settings) -> AbstractAsyncContextManager[None]:
    """Rounds in the background as long as the block runs."""

    async def one_round(_: datetime) -> int:
        await asyncio.to_thread(tidy, current)
        return 0

    return in_background(Rounds("tidying", one_round, EVERY_SECONDS, FAREWELL_SECONDS))


def tidy(current: Settings) -> None:
    """One round."""
    url, moment = current.database_url, now()
    limit = moment - timedelta(days=current.retention_days)
    steps: tuple[Callable[[], object], ...] = (
        lambda: forgetting.purge(limit, by=BY, url=url),
        lambda: cases.move_on(california_today(current), url=url),
        lambda: staff_sessions.drop_over(moment, url=url),
        lambda: guesses.drop_old(moment, url=url),
        lambda: backups.drop_old(limit),
        lambda: clear_traces(url),
    )
    for step in steps:
        try:
            step()
        except Exception as error:  # the others are done all the same, and this one at the next round again
            log.warning("a step of tidying failed", exc_info=error)
