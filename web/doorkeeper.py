"""What goes with every answer: headers that keep the browser safe, and one line in the log.

The log has method, path, status and time: no query, no address of the person, no session, no link to papers.
"""

from __future__ import annotations

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watching import metrics, request_ids

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
UNNOTED = ("/healthz", "/readyz", "/metrics")  # asked every few seconds
LONGEST_PATH = 80
LINK = re.compile(
    r"((?:papers|^/+p)/+)[^/]+", re.IGNORECASE
)  # also where it is no address of ours: the token is the same
log = logging.getLogger("web.access")


class Doorkeeper:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, is_https: bool = False) -> None:
        """`is_https`: whether people reach the app by https, which browsers are then told to keep to (RFC 6797)."""
        self._app = app
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers, note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        number = request_ids.begin(Headers(scope=scope).get(request_ids.HEADER))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_https = self._is_https or scope["scheme"] == "https"  # a proxy that is known says so
                for name, value in {**HEADERS, **(HTTPS_ONLY if is_https else {})}.items():
                    headers.setdefault(name, value)
                headers[request_ids.HEADER] = number
                _note(scope, message["status"], time.perf_counter() - begun)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:  # answered outside, where nothing is noted
            _note(scope, 500, time.perf_counter() - begun)
            raise


def _note(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in UNNOTED:
        return
    metrics.REQUESTS.labels(f"{status // 100}xx").observe(seconds)
    log.info("%s %s %s %.0f ms", scope["method"], noted(scope["path"]), status, seconds * 1000)


def noted(path: str) -> str:
    """The path as the log may have it: short, on one line, without the token of a link."""
    escaped = path.encode("unicode_escape").decode("ascii")
    return LINK.sub(r"\1…", escaped)[:LONGEST_PATH]
