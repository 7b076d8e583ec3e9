"""Pages of other sites at this door: refused, or answered when their browser asks beforehand."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, empty

from channels.refusal import RefusedError
from settings import Settings
from settings.sites import is_allowed

# What an allowed page may send (Fetch standard, section 3.2.3), and how long its browser need not ask again.
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def check_origin(request: Request, current: Settings) -> None:
    """Raises RefusedError("bad_origin") for a page of another site that is not allowed."""
    if not is_allowed(request.headers, current):
        raise RefusedError("bad_origin")


def preflight(request: Request, current: Settings) -> HTTPResponse:
    """The answer to a browser that asks beforehand. Raises RefusedError("bad_origin")."""
    check_origin(request, current)
    return empty(headers=PREFLIGHT)
