"""The rounds of the sender: what is owed is claimed, handed over and noted; what fails is due again later.

Any number of processes may do this at once. A message that was handed over and not confirmed, because the line or the
process broke, is looked for at the api before it is handed over again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from records import texters, texts_out
from records.engine import transaction
from records.models import now
from records.texts_out import Owed
from settings import Settings
from texting.rules import may_start
from texting.twilio_api import STOPPED_THERE, MessagesApi, NeverError, NotTakenError, UnsureError

AT_ONCE = 10
GIVEN_UP_AFTER = timedelta(days=3)
REMINDER_OVER_AFTER = timedelta(hours=20)  # the date may have moved
LONGEST = 25  # seconds, within the time of a claim
# Longer than handing over may take, so that what is on its way has arrived before it is looked for.
SETTLED_AFTER = timedelta(seconds=15)
log = logging.getLogger(__name__)


class Sender:
    """Sends what is owed."""

    def __init__(self, current: Settings, api: MessagesApi) -> None:
        self._url = current.database_url
        self._api = api

    async def round(self, moment: datetime) -> int:
        """Take up what is due at a moment. Returns how many messages were taken up, sent or not."""
        claimed = await asyncio.to_thread(
            texts_out.claim, moment, AT_ONCE, with_reminders=may_start(moment), url=self._url
        )
        await asyncio.gather(*(self._take_up(one) for one in claimed))
        return len(claimed)

    async def _take_up(self, one: Owed) -> None:
        if now() - one.made_at > (REMINDER_OVER_AFTER if one.kind == "reminder" else GIVEN_UP_AFTER):
            await self._note(texts_out.given_up, one)
            return
        try:
            async with asyncio.timeout(LONGEST):
                sid = await self._found_or_sent(one)
        except NotTakenError as problem:
            log.warning("a text message was not taken: %s", problem.code or "no connection")
            await self._note(texts_out.refused, one, now(), problem.after)
        except (UnsureError, TimeoutError):
            log.warning("a text message was not confirmed")
            await self._note(texts_out.unsure, one, now() + SETTLED_AFTER)
        except NeverError as problem:
            log.warning("a text message cannot be sent: %s", problem.code)
            await self._give_up(one, problem.code)
        else:
            await self._note(texts_out.sent, one, sid)

    async def _found_or_sent(self, one: Owed) -> str:
        """Twilio's id of the message. Raises NotTakenError, NeverError, UnsureError."""
        if one.first_tried_at is not None:
            known = await asyncio.to_thread(texts_out.known_marks, one.texter_id, url=self._url)
            found = await self._api.find(one.envelope, one.first_tried_at, known)
            if found:
                return found
        return await self._api.send(one.envelope)

    async def _give_up(self, one: Owed, code: int | None) -> None:
        await self._note(texts_out.given_up, one, code)
        if code == STOPPED_THERE:
            await asyncio.to_thread(self._honour_the_stop, one.texter_id)

    def _honour_the_stop(self, texter_id: str) -> None:
        with transaction(self._url) as session:
            texters.stop(session, texter_id, now())

    async def _note(self, write: Callable[..., None], *values: object) -> None:
        await asyncio.to_thread(write, *values, url=self._url)
