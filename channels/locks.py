"""One turn of a conversation at a time: within this process always, across processes when IMR_REDIS_URL is set.

Rasa's own Redis store reads a lock, changes it and writes it back, so that two processes can draw the same ticket,
and looks again only once a second. Redis's own recipe (SET NX with a token) has neither fault; library: redis.

When Redis is away, turns go on with the lock of this process: that no turn is kept twice does not hang on a lock,
since the database refuses the second one (`records.event_log`).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis import exceptions
from redis.asyncio.lock import Lock

import settings
from channels.shared import shared
from watching import metrics

LIFETIME = 6.0  # seconds after which the lock of a process that died is gone; one that lives makes it longer
RENEWED_AFTER = 2.0  # seconds, again and again
LONGEST_WAIT = 20.0  # seconds
LOOK_AGAIN = 0.02  # seconds


class ConversationLocks(LockStore):
    """The locks named in endpoints.yml."""

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._shared = shared(settings.settings())

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LIFETIME,
        wait_time_in_seconds: float = LOOK_AGAIN,
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation. Raises rasa.core.lock_store.LockError when another process holds it for too long."""
        async with self._here.setdefault(conversation_id, asyncio.Lock()):
            with metrics.step("wait"):
                held = await self._hold_everywhere(conversation_id, lock_lifetime, wait_time_in_seconds)
            if held is None:
                yield TicketLock(conversation_id)
                return
            renewing = asyncio.create_task(self._renew(held))
            try:
                yield TicketLock(conversation_id)
            finally:
                renewing.cancel()
                if self._shared.client is not None:  # else it runs out by itself
                    await self._shared.attempt(_let_go(held))

    async def _hold_everywhere(self, conversation_id: str, lifetime: float, look_again: float) -> Lock | None:
        """The lock that other processes see; None while there is no Redis."""
        if self._shared.client is None:
            return None
        name = f"imr:talk:{hashlib.sha256(conversation_id.encode()).hexdigest()[:32]}"
        lock = Lock(self._shared.client, name, timeout=lifetime, sleep=look_again, blocking_timeout=LONGEST_WAIT)
        got = await self._shared.attempt(lock.acquire())
        if got is False:
            raise LockError("another process holds the conversation")
        return lock if got else None

    async def _renew(self, lock: Lock) -> None:
        """Make the lock's time longer for as long as a slow turn lasts."""
        while True:
            await asyncio.sleep(RENEWED_AFTER)
            await self._shared.attempt(_again(lock))


async def _again(lock: Lock) -> None:
    with suppress(exceptions.LockError):  # gone: the database sees to it that nothing is kept twice
        await lock.reacquire()


async def _let_go(lock: Lock) -> None:
    try:
        await lock.release()
    except exceptions.LockError:  # it ran out, or Redis began anew meanwhile
        logging.getLogger(__name__).warning("the lock of a conversation was gone before its turn ended")
