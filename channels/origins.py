"""Which web pages may talk to the assistant: those of its own site, and those of the sites in IMR_ORIGINS.

A browser names the page's origin in every POST (Fetch standard, section 3.2). What names none is no browser, and
holds no one's session but its own.
"""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, empty

from channels.refusal import RefusedError
from settings import Settings

METHODS = "POST"
HEADERS = "authorization, content-type"
KEPT_SECONDS = 600
DEFAULT_PORTS = {"http": "80", "https": "443"}


def check_origin(request: Request, current: Settings) -> None:
    """Raises RefusedError("bad_origin") for a page of another site that is not allowed."""
    origin = request.headers.get("origin")
    if origin is not None and not _is_allowed(origin, request, current):
        raise RefusedError("bad_origin")


def readable(request: Request, current: Settings) -> dict[str, str]:
    """The headers that let an allowed page read an answer; none for any other page."""
    origin = request.headers.get("origin")
    if origin is None or not _is_allowed(origin, request, current):
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After", "Vary": "Origin"}


def preflight(request: Request, current: Settings) -> HTTPResponse:
    """The answer to a browser that asks beforehand. Raises RefusedError("bad_origin")."""
    check_origin(request, current)
    allowed = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(KEPT_SECONDS),
    }
    return empty(headers=allowed)


def _is_allowed(origin: str, request: Request, current: Settings) -> bool:
    return origin in current.allowed_origins or _is_own(origin, request)


def _is_own(origin: str, request: Request) -> bool:
    """Whether the page is of the site that the request came to. The web app in front of this door says which host
    that is; Rasa itself listens on loopback only."""
    scheme, _, place = origin.partition("://")
    host = request.headers.get("x-forwarded-host") or request.headers.get("host") or ""
    port = DEFAULT_PORTS.get(scheme)
    return port is not None and bool(place) and place.removesuffix(f":{port}") == host.removesuffix(f":{port}")
