"""Rasa's door for text messages: `POST /webhooks/sms/webhook` and `/status`, as Twilio posts them.

Nothing is read of a request before its signature was found right. A message is noted in the database and
acknowledged at once; `listening` answers it, and the web app sends the answer (`texting.sending`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

import settings
from channels.agent import is_strict
from channels.listening import Listener, name_of_this_process
from channels.rates import Window, now_in_seconds
from channels.refusal import RefusedError
from nlu.safety import screen
from records import reminders, texters, texts_in, texts_out
from records.texters import CHANNEL, Letter
from texting.keywords import keyword
from texting.webhook import MESSAGES, STATUS, Form, Incoming, is_signed, read_form, read_message, read_status
from texting.wording import said

NOTHING_MORE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # the answer goes out by the REST API
XML = "text/xml"
COUNTED = 5000  # numbers of messages that are remembered, to count each once
log = logging.getLogger(__name__)


class SmsInput(InputChannel):
    """The channel behind Twilio."""

    def __init__(self) -> None:
        self._settings = settings.settings()
        self._messages = Window(self._settings.rate_session)
        self._notices = Window(1)
        self._counted: deque[str] = deque(maxlen=COUNTED)
        self._listener: Listener | None = None
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name, also in its address."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel, and the listener that lives as long as the server."""
        routes = Blueprint("sms_channel")
        routes.add_route(self._guarded(MESSAGES, self._take_message), "/webhook", methods=["POST"], name="webhook")
        routes.add_route(self._guarded(STATUS, self._take_status), "/status", methods=["POST"], name="status")
        if self._settings.takes_texts:
            routes.listener("after_server_start")(self._begin)
            routes.listener("before_server_stop")(self._end)
        return routes

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

    def _guarded(
        self, path: str, handler: Callable[[Form], Awaitable[HTTPResponse]]
    ) -> Callable[[Request], Awaitable[HTTPResponse]]:
        """The handler behind the signature. What fails is answered with 503, so that Twilio may post it again."""

        async def answer(request: Request) -> HTTPResponse:
            form = read_form(request.body)
            if not is_signed(form, path, request.headers, self._settings):
                log.warning("a request without Twilio's signature was refused")
                return empty(403)
            try:
                return await handler(form)
            except Exception as error:
                log.error("a request failed", exc_info=error)
                return empty(503)

        return answer

    async def _take_message(self, form: Form) -> HTTPResponse:
        incoming = read_message(form)
        if incoming is None:
            log.info("a message that is not from a phone number was left alone")
        else:
            is_too_much = self._is_too_much(incoming)
            is_told = is_too_much and self._may_be_told(incoming.phone)
            await asyncio.to_thread(_note, incoming, is_too_much, is_told)
            if self._listener:
                self._listener.wake()
        return text(NOTHING_MORE, content_type=XML)

    async def _take_status(self, form: Form) -> HTTPResponse:
        change = read_status(form)
        if change:
            await asyncio.to_thread(texts_out.note_status, *change)
        return empty(204)

    def _is_too_much(self, incoming: Incoming) -> bool:
        """Whether a phone number writes too often. A message that is delivered several times counts once."""
        if incoming.number in self._counted:
            return False
        self._counted.append(incoming.number)
        return self._messages.count(incoming.phone, now_in_seconds()) > 0

    def _may_be_told(self, phone: str) -> bool:
        """Whether a phone number is told that it writes too often: once a minute, so that two machines that answer
        each other come to rest."""
        return not self._notices.count(phone, now_in_seconds())


def _note(incoming: Incoming, is_too_much: bool, is_told: bool) -> None:
    """Keep a message to be answered, or do at once what its keyword asks for. Danger is no keyword and never too
    much."""
    number, sender_id = texts_in.number_of(incoming.number), texters.texter_id(incoming.phone)
    whose = (number, sender_id, incoming.phone)
    word = keyword(incoming.words)
    is_danger = (word == "stop" or is_too_much) and screen(incoming.words) is not None
    if word == "stop" and not is_danger:
        texts_in.stop(*whose, [said("door", "stop")])
    elif word == "start":
        texts_in.start(*whose, [said("door", "start")])
    elif word == "help":
        texts_in.answer_at_once(*whose, [said("door", "help")])
    elif word == "done" and reminders.are_on_for(sender_id):
        texts_in.end_reminders(*whose, [said("door", "done")])
    elif is_too_much and not is_danger:
        texts_in.answer_at_once(*whose, [said("door", "too_often")] if is_told else [])
    else:
        texts_in.take_in(number, sender_id, Letter(incoming.phone, incoming.words, incoming.files))
