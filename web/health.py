"""Whether everything works: Rasa with a warm model, the actions, the database with all its tables, Redis."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse

from records import schema
from settings import LOOPBACK, Settings

OK = "ok"
DOWN = "down"
SPARED = ("redis",)  # without it, this process keeps locks and counts of its own
WAIT = httpx.Timeout(10, connect=1)


async def healthz(request: Request) -> JSONResponse:
    """200 when every part works, 503 while one does not; `parts` says which."""
    parts = await _parts(request)
    well = all(part == OK for part in parts.values())
    return _answer(well, {"status": OK if well else "unavailable", "parts": parts})


async def readyz(request: Request) -> JSONResponse:
    """200 when people can be served: what others can do without may be away. For who sends people to one of several
    processes."""
    parts = await _parts(request)
    well = all(part == OK for name, part in parts.items() if name not in SPARED)
    return _answer(well, {"ready": well})


async def _parts(request: Request) -> dict[str, str]:
    state = request.app.state
    found, actions, database = await asyncio.gather(
        _rasa(state.rasa), _actions(state.rasa, state.settings), _database(state.settings)
    )
    rasa = OK if found is not None else DOWN
    told = found or {}
    parts = {
        "rasa": rasa,
        "actions": actions or rasa,
        "database": OK if database and told.get("writes", True) else DOWN,
        "model": DOWN if found is None else OK if told.get("ready") else "not ready",
    }
    return parts if told.get("redis") is None else {**parts, "redis": str(told["redis"])}


def _answer(well: bool, body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, 200 if well else 503, {"Cache-Control": "no-store"})


async def _rasa(client: httpx.AsyncClient) -> dict[str, Any] | None:
    """What Rasa says of itself, None when it does not answer: the first question warms the model, so it may take a
    moment."""
    try:
        answer = await client.get("/webhooks/web/ready", timeout=WAIT)
        return dict(answer.json()) if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError):
        return None


async def _actions(client: httpx.AsyncClient, current: Settings) -> str | None:
    """The action server; None when there is none, since the actions are within Rasa."""
    if current.actions == "in_process":
        return None
    try:
        answer = await client.get(f"http://{LOOPBACK}:{current.action_port}/health", timeout=WAIT)
    except httpx.HTTPError:
        return DOWN
    return OK if answer.status_code == 200 else DOWN


async def _database(current: Settings) -> bool:
    return await asyncio.to_thread(schema.is_current, current.database_url)
