"""The rounds of the notifier: what is owed is claimed, told, and noted; what fails is due again later.

Any number of processes may do this at once: a claim is one conditional update in the database, so a request is
told by one of them. Only when a process dies between telling and noting it is a request told twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from records import consultations
from records.consultations import Owed
from records.rounds import Rounds, in_background
from settings import Settings
from web.notices.mail import MailWay
from web.notices.notice import Notice, Way
from web.notices.webhook import WebhookWay

ROUND_SECONDS = 5
FAREWELL_SECONDS = 3  # for what is being told when the process is asked to stop
AT_ONCE = 20
TIDY_EVERY = timedelta(hours=1)
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def ways(current: Settings) -> list[Way]:
    """The ways that are configured; none is no error, the requests wait in the records."""
    found: list[Way] = []
    if current.smtp_host:
        found.append(MailWay(current))
    if current.notify_webhook:
        found.append(WebhookWay(current))
    return found


def telling(current: Settings) -> AbstractAsyncContextManager[None]:
    """Rounds in the background as long as the block runs."""
    notifier = Notifier(current)

    async def one_round(moment: datetime) -> int:
        await notifier.round(moment)
        return 0  # what could not be told is not tried again at once

    return in_background(Rounds("notices", one_round, ROUND_SECONDS, FAREWELL_SECONDS))


class Notifier:
    """Tells what is owed by the ways that are configured, or by those given."""

    def __init__(self, current: Settings, by: Sequence[Way] | None = None) -> None:
        self._ways = ways(current) if by is None else list(by)
        self._url = current.database_url
        self._tidied: datetime | None = None

    async def round(self, moment: datetime) -> int:
        """One round that begins at a moment: tidy up when it is time, tell what is due. Returns how many
        requests were taken up, told or not."""
        await self._tidy(moment)
        names = tuple(way.name for way in self._ways)
        if not names:
            return 0
        due = await asyncio.to_thread(consultations.owed, moment, AT_ONCE, via=names, url=self._url)
        clock = running_from(moment)
        return sum([await self._take_up(one, clock) for one in due])

    async def _tidy(self, moment: datetime) -> None:
        if self._tidied and moment - self._tidied < TIDY_EVERY:
            return
        gone = await asyncio.to_thread(consultations.drop_stale_drafts, moment, url=self._url)
        self._tidied = moment
        if gone:
            log.info("unconfirmed consultation requests erased: %d", gone)

    async def _take_up(self, one: Owed, clock: Clock) -> bool:
        """Tell one request in every way that is open; whether it was ours to tell."""
        if not await asyncio.to_thread(consultations.claim, one, clock(), url=self._url):
            return False
        open_ways = [way for way in self._ways if way.name not in one.told]
        results = [await self._tell(way, one, clock) for way in open_ways]
        if not all(results):
            await asyncio.to_thread(consultations.failed, one.id, clock(), url=self._url)
        return True

    async def _tell(self, way: Way, one: Owed, clock: Clock) -> bool:
        try:
            await way.tell(Notice.of(one))
        except Exception as error:  # whatever it was: the request stays, and the other way is tried
            log.warning("notice %d not told by %s: %s", one.id, way.name, type(error).__name__)
            return False
        await asyncio.to_thread(consultations.told, one.id, way.name, at=clock(), url=self._url)
        log.info("notice %d told by %s", one.id, way.name)
        return True


def running_from(moment: datetime) -> Clock:
    """A clock that shows the moment now and goes on from there: a long round must not claim in the past."""
    begun = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - begun)
