"""Which web pages may talk to the assistant: those of its own site, and those of the sites in IMR_ORIGINS.

A browser names the page's origin in every POST (Fetch standard, section 3.2). What names none is no browser, and
holds no one's session but its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from settings import Settings
from settings.checks import USUAL_PORTS


def is_allowed(headers: Mapping[str, str], current: Settings) -> bool:
    """Whether the page that a request comes from may talk to the assistant. `headers` has its names in small
    letters; behind another server, `x-forwarded-host` is the host that the browser asked."""
    origin = headers.get("origin")
    return origin is None or origin in current.allowed_origins or _is_own(origin, headers)


def readable(headers: Mapping[str, str], current: Settings) -> dict[str, str]:
    """The headers that let an allowed page read an answer; none for any other page."""
    origin = headers.get("origin")
    if origin is None or not is_allowed(headers, current):
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After", "Vary": "Origin"}


def _is_own(origin: str, headers: Mapping[str, str]) -> bool:
    scheme, _, place = origin.partition("://")
    host = headers.get("x-forwarded-host") or headers.get("host") or ""
    port = USUAL_PORTS.get(scheme)
    return port is not None and bool(place) and place.removesuffix(f":{port}") == host.removesuffix(f":{port}")
