"""How often a conversation and an address may write: so many requests in any minute, then 429 with Retry-After.

Kept in this process's memory, or in Redis when several processes share the work; forgotten a minute later. An address
is that of the person's network: an IPv4 address, or the /64 of an IPv6 one, which a single household has whole
(RFC 6177). In Redis it stands under a mark that tells nothing without our key.
"""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from sanic.request import Request

from channels.refusal import RefusedError
from channels.shared import shared
from channels.windows import MINUTE, Window
from records.sealing import fingerprint
from settings import Settings

MARK = "imr-triage/rates/1"
# Counts one thing of the last minute unless that is too many, in one step that no other process gets between. Gives
# the time to wait, in milliseconds; the clock is that of Redis, which all share.
COUNT = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + ARGV[2] - at
end
redis.call('ZADD', KEYS[1], at, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""


class Rates:
    """The limits IMR_RATE_SESSION, IMR_RATE_ADDRESS and IMR_RATE_MINT. `clock` gives seconds that only grow."""

    def __init__(self, current: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._current = current
        self._clock = clock
        self._shared = shared(current)
        self._most = {
            "session": current.rate_session,
            "address": current.rate_address,
            "mint": current.rate_mint,
        }
        self._here = {kind: Window(most) for kind, most in self._most.items()}

    async def request(self, request: Request, sender_id: str) -> None:
        """Counts one request of a conversation. Raises RefusedError("too_often")."""
        await self._count("session", sender_id)
        await self._count("address", address_of(request))

    async def mint(self, request: Request) -> None:
        """Counts one new conversation. Raises RefusedError("too_often")."""
        await self._count("mint", address_of(request))

    async def redis(self) -> str | None:
        """Whether Redis answers: ok or away; None when there is none."""
        if self._current.redis_url is None:
            return None
        client = self._shared.client
        answers = client is not None and await self._shared.attempt(client.ping())
        return "ok" if answers else "away"

    async def _count(self, kind: str, whose: str) -> None:
        if not self._most[kind]:
            return
        wait = await self._count_for_all(kind, whose)
        if wait is None:
            wait = self._here[kind].count(whose, self._clock())
        if wait > 0:
            raise RefusedError("too_often", retry_after=math.ceil(wait))

    async def _count_for_all(self, kind: str, whose: str) -> float | None:
        """Seconds to wait by what all processes counted; None while there is no Redis."""
        client = self._shared.client
        if client is None:
            return None
        key = f"imr:rate:{kind}:{fingerprint(whose, MARK, self._current)}"
        window = int(MINUTE * 1000)
        waits = await self._shared.attempt(client.eval(COUNT, 1, key, self._most[kind], window, uuid.uuid4().hex))
        return None if waits is None else float(waits) / 1000


def address_of(request: Request) -> str:
    """The person's network. The server in front names it in X-Forwarded-For, where the last entry is the one that
    it wrote itself."""
    given = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or request.ip
    try:
        address = ip_address(given)
    except ValueError:
        return str(request.ip)
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
