"""Redis, where several processes share locks and counts: asked for when it is there, done without when it is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from settings import Settings
from watching import metrics

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 1.0
REST_SECONDS = 5.0  # how long Redis is left alone after it did not answer, so that not every turn waits for it
log = logging.getLogger(__name__)
Got = TypeVar("Got")


def shared(current: Settings) -> Shared:
    """The one connection of this process to its Redis, so that what waited for it once is not waited for again."""
    return _shared(current.redis_url.get_secret_value() if current.redis_url else None)


@lru_cache(maxsize=4)
def _shared(url: str | None) -> Shared:
    return Shared(url)


class Shared:
    """The connection to a Redis; `client` is None when there is none, or while it rests."""

    def __init__(self, url: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = connected(url) if url else None
        self._clock = clock
        self._rests_until = 0.0

    @property
    def client(self) -> Redis | None:
        """The client to ask now."""
        return None if self._clock() < self._rests_until else self._client

    async def attempt(self, work: Awaitable[Got]) -> Got | None:
        """What Redis answers; None when it does not, and then it is left alone for a while."""
        try:
            return await work
        except (TimeoutError, RedisError, OSError) as error:
            metrics.REDIS_AWAY.inc()
            log.warning("Redis does not answer, this process goes on alone: %s", type(error).__name__)
            self._rests_until = self._clock() + REST_SECONDS
            return None


def connected(url: str) -> Any:
    """A client that gives up soon."""
    return Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS)
