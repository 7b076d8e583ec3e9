"""How often a conversation and an address may write: so many requests in any minute, then 429 with Retry-After.

Kept in this process's memory, and forgotten a minute later. An address is that of the person's network: an IPv4
address, or the /64 of an IPv6 one, which a single household has whole (RFC 6177).
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from sanic.request import Request

from channels.refusal import RefusedError
from settings import Settings

MINUTE = 60.0  # seconds


def now_in_seconds() -> float:
    """This moment on a clock that only grows."""
    return time.monotonic()


class Window:
    """The moments, in seconds, of what somebody did in the last minute; of at most `most` things. 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._done: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, whose: str, now: float) -> float:
        """Counts one thing, unless that is too many: then the answer is how long to wait, in seconds; else 0."""
        if not self._most:
            return 0.0
        self._forget(now)
        done = self._done.setdefault(whose, deque())
        while done and done[0] <= now - MINUTE:
            done.popleft()
        if len(done) >= self._most:
            return done[0] + MINUTE - now
        done.append(now)
        self._done.move_to_end(whose)
        return 0.0

    def _forget(self, now: float) -> None:
        """Those who did nothing for a minute; they stand first."""
        while self._done and self._is_over(next(iter(self._done.values())), now):
            self._done.popitem(last=False)

    @staticmethod
    def _is_over(done: deque[float], now: float) -> bool:
        return done[-1] <= now - MINUTE

    def __len__(self) -> int:
        return len(self._done)


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
