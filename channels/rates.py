"""How often a conversation and an address may write: so many requests in any minute, then 429 with Retry-After.

Kept in this process's memory. An address is that of the person's network: an IPv4 address, or the /64 of an IPv6
one, which a single household has whole (RFC 6177).
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sanic.request import Request

from channels.refusal import RefusedError
from settings import Settings


class Rates:
    """The limits IMR_RATE_SESSION, IMR_RATE_ADDRESS and IMR_RATE_MINT; 0 is no limit."""

    def __init__(self, current: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_minute = {
            "session": current.rate_session,
            "address": current.rate_address,
            "mint": current.rate_mint,
        }

    def message(self, request: Request, sender_id: str) -> None:
        """Counts one request of a conversation. Raises RefusedError("too_often")."""
        self._count("session", sender_id)
        self._count("address", address_of(request))

    def mint(self, request: Request) -> None:
        """Counts one new conversation. Raises RefusedError("too_often")."""
        self._count("mint", address_of(request))

    def _count(self, kind: str, whose: str) -> None:
        if not self._per_minute[kind]:
            return
        limit = RateLimitItemPerMinute(self._per_minute[kind])
        if not self._limiter.hit(limit, kind, whose):
            free_at = self._limiter.get_window_stats(limit, kind, whose).reset_time
            raise RefusedError("too_often", retry_after=max(1, math.ceil(free_at - time.time())))


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
