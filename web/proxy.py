"""The way to Rasa: `POST` of `/webhooks/web/*`, with a browser's `OPTIONS` before it, is passed on; text messages go
through `web.text_messages`, and nothing else does.

What Rasa's channels answer is handed back as it is; when Rasa is not there, a sentence says so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from settings import LOOPBACK, Settings
from settings.sites import readable
from watching import request_ids
from web.errors import NEVER_KEPT, problem

NAME = re.compile(r"[a-z][a-z_]{0,39}")
METHODS = ("POST", "OPTIONS")
SENT_ON = (
    "authorization",
    "content-type",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "x-twilio-signature",
)
HANDED_BACK = ("content-type", "www-authenticate", "retry-after", "vary")
FOR_PAGES = "access-control-"
NOT_RASAS_OWN = (404, 405)  # Rasa's page for an address it does not know would tell what runs here
TIMEOUT = httpx.Timeout(30, connect=2)
KEPT_SECONDS = 10
log = logging.getLogger(__name__)


def rasa_client(current: Settings) -> httpx.AsyncClient:
    """Connections to Rasa on this machine, never through a proxy of the environment."""
    return httpx.AsyncClient(
        base_url=f"http://{LOOPBACK}:{current.rasa_port}",
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=200, keepalive_expiry=KEPT_SECONDS),
        trust_env=False,
    )


async def forward(request: Request) -> Response:
    """Pass one request of a channel on to Rasa."""
    path = _path(request)
    limit = request.app.state.settings.body_limit
    body, is_whole = await read_body(request, limit)
    if not is_whole:
        return problem(413, "too_large", {"Connection": "close", **_readable(request)}, limit=limit)
    try:
        return handed_back(await pass_on(request, path, body))
    except httpx.HTTPError as error:
        return problem(_status_of(error), code_of(error), {"Retry-After": "5", **_readable(request)})


async def pass_on(request: Request, path: str, body: bytes) -> httpx.Response:
    """Rasa's answer to a request. Raises httpx.HTTPError."""
    client: httpx.AsyncClient = request.app.state.rasa
    return await client.request(request.method, path, content=body, headers=_sent_on(request))


async def ask_rasa(
    request: Request, path: str, headers: Mapping[str, str], content: Mapping[str, Any]
) -> httpx.Response:
    """A request to a channel on behalf of a person whose browser sent `request`. Raises httpx.HTTPError."""
    client: httpx.AsyncClient = request.app.state.rasa
    return await client.post(path, json=content, headers={**_on_behalf_of(request), **headers})


def _sent_on(request: Request) -> dict[str, str]:
    """The headers that Rasa's channels read, and who wants what of which host: what a client says of that is not
    passed on."""
    headers = {name: request.headers[name] for name in SENT_ON if name in request.headers}
    return headers | _on_behalf_of(request)


def _on_behalf_of(request: Request) -> dict[str, str]:
    address = request.client.host if request.client else ""
    number = request_ids.current.get() or ""
    host = request.headers.get("host", "")
    return {"x-forwarded-host": host, "x-forwarded-for": address, request_ids.HEADER: number}


def _path(request: Request) -> str:
    """Rasa's address for the request. Raises HTTPException 404 for any name a channel cannot have."""
    if not NAME.fullmatch(request.path_params["name"]):
        raise HTTPException(404)
    return request.url.path


async def read_body(request: Request, limit: int) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: of one over the limit, in bytes, only the beginning is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            return body, False
    return body, True


def handed_back(answer: httpx.Response) -> Response:
    if answer.status_code in NOT_RASAS_OWN:
        raise HTTPException(404)
    headers = {name: value for name, value in answer.headers.items() if name in HANDED_BACK or _is_for_pages(name)}
    return Response(answer.content, answer.status_code, {**NEVER_KEPT, **headers})


def _is_for_pages(name: str) -> bool:
    return name.startswith(FOR_PAGES)


def code_of(error: httpx.HTTPError) -> str:
    """Which sentence of the texts says it; the log learns its kind."""
    log.warning("Rasa does not answer: %s", type(error).__name__)
    return "slow" if isinstance(error, httpx.TimeoutException) else "unavailable"


def _status_of(error: httpx.HTTPError) -> int:
    """502 when nothing was taken in, because Rasa is not there: a proxy in front may ask another process."""
    return 502 if isinstance(error, httpx.ConnectError) else 503


def _readable(request: Request) -> dict[str, str]:
    """What lets the page of an allowed site read an answer of ours, as it reads those of the channels."""
    return readable(request.headers, request.app.state.settings)
