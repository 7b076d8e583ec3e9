"""Rasa's door for text messages: `POST /webhooks/sms/webhook` and `/status`, as Twilio posts them.

A message is noted in the database and acknowledged at once (`texting.door`); `listening` answers it, and the web app
sends the answer (`texting.sending`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

import settings
from channels.agent import is_strict
from channels.listening import Listener, name_of_this_process
from channels.refusal import RefusedError
from records.texters import CHANNEL
from texting.door import NOTHING_MORE, XML, Door, UnsignedError
from watching import request_ids

Handler = Callable[[Request], Awaitable[HTTPResponse]]
log = logging.getLogger(__name__)


class SmsInput(InputChannel):
    """The channel behind Twilio."""

    def __init__(self) -> None:
        self._settings = settings.settings()
        self._door = Door(self._settings)
        self._listener: Listener | None = None
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name, also in its address."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel, and the listener that lives as long as the server."""
        routes = Blueprint("sms_channel")
        routes.add_route(_guarded(self._take_message), "/webhook", methods=["POST"], name="webhook")
        routes.add_route(_guarded(self._take_status), "/status", methods=["POST"], name="status")
        if self._settings.takes_texts:
            routes.listener("after_server_start")(self._begin)
            routes.listener("before_server_stop")(self._end)
        return routes

    async def _take_message(self, request: Request) -> HTTPResponse:
        await self._door.take_message(request.body, request.headers)
        if self._listener:
            self._listener.wake()
        return text(NOTHING_MORE, content_type=XML)

    async def _take_status(self, request: Request) -> HTTPResponse:
        await self._door.take_status(request.body, request.headers)
        return empty(204)

    async def _begin(self, app: Sanic, _: Any) -> None:
        def agent() -> Any:
            found = getattr(app.ctx, "agent", None)
            if not is_strict(found):
                raise RefusedError("not_ready")
            return found

        self._listener = Listener(agent, self._settings, name_of_this_process(self._settings))
        self._listening = asyncio.create_task(self._listener.run())

    async def _end(self, *_: Any) -> None:
        if self._listening and self._listener:
            self._listening.cancel()
            await self._listener.finish()


def _guarded(handler: Handler) -> Handler:
    """The handler, with every error turned into a status: what fails is answered with 503, so that Twilio may post it
    again."""

    async def answer(request: Request) -> HTTPResponse:
        request_ids.begin(request.headers.get(request_ids.HEADER))
        try:
            return await handler(request)
        except UnsignedError:
            return empty(403)
        except Exception as error:
            log.error("a request failed", exc_info=error)
            return empty(503)

    return answer
