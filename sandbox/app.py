"""The stand-in as a web app: Twilio's REST API, a phone to look at, and knobs for what may go wrong."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.twilio import Account, StandInTwilio
from texting.segments import size_of

HERE = Path(__file__).parent
LONGEST = 1600
MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"


def create_app(account: Account) -> Starlette:
    """The stand-in for one account."""
    twilio = StandInTwilio(account)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        await twilio.close()

    app = Starlette(
        routes=[
            Route(MESSAGES, take_message, methods=["POST"]),
            Route(MESSAGES, list_messages, methods=["GET"]),
            Route("/sandbox/text", text, methods=["POST"]),
            Route("/sandbox/conversation", conversation, methods=["GET"]),
            Route("/sandbox/behaviour", behaviour, methods=["POST"]),
            Route("/", phone),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        lifespan=life,
    )
    app.state.twilio = twilio
    return app


async def take_message(request: Request) -> Response:
    """`POST Messages.json`: a message from the assistant."""
    twilio: StandInTwilio = request.app.state.twilio
    if not _is_known(request, twilio.account):
        return _error(401, 20003, "Authenticate")
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    failure = twilio.behaviour.next_failure()
    await anyio.sleep(twilio.behaviour.slow)
    receiver, body = form.get("To", ""), form.get("Body", "")
    if failure in ("down", "error"):
        return _error(500, 20500, "Internal error")
    if failure == "too_many":
        return JSONResponse({"code": 20429, "message": "Too Many Requests"}, 429, {"Retry-After": "1"})
    if failure == "stopped":
        return _error(400, 21610, "Attempt to send to unsubscribed recipient")
    if failure == "never" or not receiver.startswith("+") or not 0 < len(body) <= LONGEST:
        return _error(400, 21211 if not receiver.startswith("+") else 21617, "The message cannot be sent")
    message = twilio.take(receiver, body, status_to=form.get("StatusCallback", ""))
    if failure == "lost_answer":
        return _error(500, 20500, "Internal error")
    return JSONResponse(message.as_twilio_tells(), 201)


async def list_messages(request: Request) -> Response:
    """`GET Messages.json`: the messages to a number, the newest first."""
    twilio: StandInTwilio = request.app.state.twilio
    if not _is_known(request, twilio.account):
        return _error(401, 20003, "Authenticate")
    if twilio.behaviour.failure == "down" and twilio.behaviour.failures:
        return _error(503, 20503, "Service unavailable")
    to = request.query_params.get("To")
    found = [
        one for one in reversed(twilio.messages) if one.direction == "outbound-api" and to in (None, one.receiver)
    ]
    size = int(request.query_params.get("PageSize", "50"))
    return JSONResponse({"messages": [one.as_twilio_tells() for one in found[:size]]})


async def text(request: Request) -> Response:
    """Somebody texts: {"from", "body", and optional "pictures" and "sid"}."""
    given = await _json(request)
    sender, body = str(given.get("from", "")), str(given.get("body", ""))
    if not sender.startswith("+"):
        return JSONResponse({"error": "from must be a phone number such as +14155550134"}, 400)
    statuses = await request.app.state.twilio.text(sender, body, int(given.get("pictures", 0)), given.get("sid"))
    return JSONResponse({"statuses": statuses})


async def conversation(request: Request) -> Response:
    """The messages of one number in order, each with how it is sent."""
    twilio: StandInTwilio = request.app.state.twilio
    number = request.query_params.get("number", "")
    return JSONResponse({"number": twilio.account.number, "messages": [
        {"from_me": one.direction == "inbound", "body": one.body, "pictures": one.pictures, "status": one.status,
         "at": one.made.isoformat(), **size_of(one.body)._asdict()}
        for one in twilio.messages if number in (one.sender, one.receiver)
    ]})  # fmt: skip


async def behaviour(request: Request) -> Response:
    """Change how it behaves; see `sandbox.twilio.Behaviour`."""
    try:
        return JSONResponse(request.app.state.twilio.behave(await _json(request)))
    except (TypeError, ValueError) as problem:
        return JSONResponse({"error": str(problem)}, 400)


async def phone(_: Request) -> Response:
    """The phone."""
    return FileResponse(HERE / "static" / "phone.html", headers={"Content-Security-Policy": POLICY})


def _is_known(request: Request, account: Account) -> bool:
    wanted = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode("ascii")
    given = request.headers.get("authorization", "")
    return request.path_params["account"] == account.sid and secrets.compare_digest(given, f"Basic {wanted}")


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status)


async def _json(request: Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except json.JSONDecodeError:
        return {}
    return given if isinstance(given, dict) else {}
