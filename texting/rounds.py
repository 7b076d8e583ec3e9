"""What runs in the background while the web app does: messages go out, reminders fall due, old links go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from records import short_links, texts_out
from records.models import now
from settings import Settings
from texting.reminding import Round, remind
from texting.sending import Sender
from texting.twilio_api import MessagesApi

SENDING_SECONDS = 0.3
REMINDING_SECONDS = 60
FAREWELL_SECONDS = 12  # for what is being handed over when the process is asked to stop
log = logging.getLogger(__name__)


@asynccontextmanager
async def sending_and_reminding(current: Settings) -> AsyncIterator[None]:
    """Send and remind in the background as long as the block runs; nothing when text messages are not set up."""
    if not current.takes_texts:
        yield
        return
    stopping = asyncio.Event()
    async with MessagesApi(current) as api:
        rounds = [
            asyncio.create_task(_keep(stopping, SENDING_SECONDS, Sender(current, api).round)),
            asyncio.create_task(_keep(stopping, REMINDING_SECONDS, lambda moment: _remind(moment, current))),
        ]
        try:
            yield
        finally:
            stopping.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*rounds), FAREWELL_SECONDS)


async def remind_now(current: Settings, seconds: float = 60) -> tuple[Round, int]:
    """Remind of what is due and send what is owed, for a timer without the web app. Returns what was done, and how
    many messages are still owed."""
    done = await asyncio.to_thread(remind, now(), current)
    async with MessagesApi(current) as api:
        sender = Sender(current, api)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await sender.round(now()):
                    pass
    return done, await asyncio.to_thread(texts_out.waiting, url=current.database_url)


async def _remind(moment: datetime, current: Settings) -> int:
    await asyncio.to_thread(remind, moment, current)
    await asyncio.to_thread(short_links.drop_old, moment, current=current)
    return 0


async def _keep(stopping: asyncio.Event, seconds: float, one_round: Callable[[datetime], Awaitable[int]]) -> None:
    """A round again and again until told to stop, at once while there is work; no error ends it."""
    while not stopping.is_set():
        worked = 0
        try:
            worked = await one_round(now())
        except Exception as error:  # the database may be away for a while; the next round tries again
            log.warning("a round of text messages failed: %s", type(error).__name__)
        if not worked:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), seconds)
