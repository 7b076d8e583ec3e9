"""What runs in the background while the web app does: messages go out, reminders fall due, old links go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from records import short_links, texts_out
from records.models import now
from records.rounds import Rounds, in_background
from settings import Settings
from texting.reminding import Round, remind
from texting.sending import Sender
from texting.twilio_api import MessagesApi

SENDING_SECONDS = 0.3
REMINDING_SECONDS = 60
FAREWELL_SECONDS = 12  # for what is being handed over when the process is asked to stop


@asynccontextmanager
async def sending_and_reminding(current: Settings) -> AsyncIterator[None]:
    """Send and remind in the background as long as the block runs; nothing when text messages are not set up."""
    if not current.takes_texts:
        yield
        return
    async with MessagesApi(current) as api:
        sending = Rounds("text messages", Sender(current, api).round, SENDING_SECONDS, FAREWELL_SECONDS)
        reminding = Rounds("reminders", partial(_remind, current), REMINDING_SECONDS, FAREWELL_SECONDS)
        async with in_background(sending, reminding):
            yield


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


async def _remind(current: Settings, moment: datetime) -> int:
    await asyncio.to_thread(remind, moment, current)
    await asyncio.to_thread(short_links.drop_old, moment, current=current)
    return 0
