"""How often a conversation and an address may write: so many requests in any minute, then 429 with Retry-After.

Kept in this process's memory, and forgotten a minute later. An address is that of the person's network: an IPv4
address, or the /64 of an IPv6 one, which a single household has whole (RFC 6177).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from sanic.request import Request

from channels.refusal import RefusedError
from channels.windows import Window
from settings import Settings


class Rates:
    """The limits IMR_RATE_SESSION, IMR_RATE_ADDRESS and IMR_RATE_MINT. `clock` gives seconds that only grow."""

    def __init__(self, current: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions = Window(current.rate_session)
        self._addresses = Window(current.rate_address)
        self._minted = Window(current.rate_mint)

    def request(self, request: Request, sender_id: str) -> None:
        """Counts one request of a conversation. Raises RefusedError("too_often")."""
        self._count(self._sessions, sender_id)
        self._count(self._addresses, address_of(request))

    def mint(self, request: Request) -> None:
        """Counts one new conversation. Raises RefusedError("too_often")."""
        self._count(self._minted, address_of(request))

    def _count(self, window: Window, whose: str) -> None:
        wait = window.count(whose, self._clock())
        if wait:
            raise RefusedError("too_often", retry_after=math.ceil(wait))


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
