"""Errors as people and programs should see them: a page for a browser, JSON for everyone else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.doorkeeper import HEADERS
from web.pages import page
from web.wording import error_text

NEVER_KEPT = {"Cache-Control": "no-store"}
CODES = {404: "not_found", 405: "wrong_method", 500: "broken"}


def problem(status: int, code: str, headers: Mapping[str, str] | None = None, **values: Any) -> JSONResponse:
    """The JSON of an error: {"error": {"code", "message"}}."""
    body = {"error": {"code": code, "message": error_text(code, **values)}}
    return JSONResponse(body, status, {**NEVER_KEPT, **(headers or {})})


async def known_error(request: Request, error: Exception) -> Response:
    """The answer to an HTTPException of Starlette: no such page, no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = CODES.get(status, "broken")
    headers = getattr(error, "headers", None)
    if not _is_browser(request):
        return problem(status, code, headers)
    return page(request, "message.html", "site", status, kind="not_found" if status == 404 else "broken")


async def unknown_error(request: Request, error: Exception) -> Response:
    """The answer to anything unforeseen; what it was is in the log."""
    answer = await known_error(request, HTTPException(500))
    answer.headers.update(HEADERS)  # Starlette answers these errors outside of every middleware
    return answer


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
