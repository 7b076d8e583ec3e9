"""`/metrics`: what the processes of this assistant counted, for whom IMR_METRICS_TOKEN makes known."""

from __future__ import annotations

import asyncio
import hmac
import logging
import math

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from records import depths
from settings import Settings
from watching import metrics
from web.errors import NEVER_KEPT

WAIT = httpx.Timeout(5, connect=1)
log = logging.getLogger(__name__)


async def tell_counts(request: Request) -> Response:
    """Everything, or 404 as for a page that does not exist."""
    current: Settings = request.app.state.settings
    if not _is_known(request, current):
        raise HTTPException(404)
    await asyncio.to_thread(_count_what_waits, current)
    texts = {"web": (metrics.shown() + metrics.what_waits()).decode(), "rasa": await _rasas(request.app.state.rasa)}
    return Response(metrics.merged(texts), media_type=metrics.CONTENT_TYPE, headers=NEVER_KEPT)


def _is_known(request: Request, current: Settings) -> bool:
    if current.metrics_token is None:
        return False
    wanted = f"Bearer {current.metrics_token.get_secret_value()}"
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode())


async def _rasas(client: httpx.AsyncClient) -> str:
    """What Rasa counted; nothing while it is away."""
    try:
        answer = await client.get("/metrics", timeout=WAIT)
    except httpx.HTTPError:
        return ""
    return answer.text if answer.status_code == 200 else ""


def _count_what_waits(current: Settings) -> None:
    try:
        found = depths.waiting(current.database_url)
    except Exception as error:  # the database is away, which is counted too
        log.warning("what waits could not be counted", exc_info=error)
        found = depths.Waiting(*[math.nan] * 4)
    metrics.TEXTS_IN.set(found.texts_in)
    metrics.TEXTS_OUT.set(found.texts_out)
    metrics.REMINDERS_DUE.set(found.reminders)
    metrics.CALLS_OPEN.set(found.calls)
