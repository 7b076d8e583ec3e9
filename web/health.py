"""Whether everything works: Rasa with a warm model, the action server, the database with all its tables."""

from __future__ import annotations

import asyncio

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse

from records import schema
from settings import LOOPBACK, Settings

OK = "ok"
DOWN = "down"
WAIT = httpx.Timeout(10, connect=1)


async def healthz(request: Request) -> JSONResponse:
    """200 when every part works, 503 while one does not; `parts` says which."""
    state = request.app.state
    (rasa, model), actions, database = await asyncio.gather(
        _rasa(state.rasa), _actions(state.rasa, state.settings), _database(state.settings)
    )
    parts = {"rasa": rasa, "actions": actions or rasa, "database": database, "model": model}
    well = all(part == OK for part in parts.values())
    body = {"status": OK if well else "unavailable", "parts": parts}
    return JSONResponse(body, 200 if well else 503, {"Cache-Control": "no-store"})


async def _rasa(client: httpx.AsyncClient) -> tuple[str, str]:
    """Rasa and its model: the first question warms the model, so it may take a moment."""
    try:
        answer = await client.get("/webhooks/web/ready", timeout=WAIT)
    except httpx.HTTPError:
        return DOWN, DOWN
    return OK, OK if answer.status_code == 200 else "not ready"


async def _actions(client: httpx.AsyncClient, current: Settings) -> str | None:
    """The action server; None when there is none, since the actions are within Rasa."""
    if current.actions == "in_process":
        return None
    try:
        answer = await client.get(f"http://{LOOPBACK}:{current.action_port}/health", timeout=WAIT)
    except httpx.HTTPError:
        return DOWN
    return OK if answer.status_code == 200 else DOWN


async def _database(current: Settings) -> str:
    return OK if await asyncio.to_thread(schema.is_current, current.database_url) else DOWN
