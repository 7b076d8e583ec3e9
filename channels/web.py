"""Rasa's door for the web app: sessions that we sign, messages with limits, whole answers.

`POST /webhooks/web/session`, `POST /webhooks/web/messages`; `GET /webhooks/web/ready` is for the health
check on this machine and is not forwarded to the public.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

import settings
from channels.agent import is_strict, warm_up
from channels.clean import is_blank
from channels.incoming import Chosen, Said, as_rasa_choice, read_message, read_object
from channels.refusal import RefusedError
from channels.replies import TurnReplies, is_private, last_asked, offered, plain_reply
from channels.tokens import Tokens, new_sender_id
from channels.wording import wording
from records import conversations

CHANNEL = "web"
OPENING = "/greet"
TURN_SECONDS = 25
Reply = dict[str, Any]
Handler = Callable[[Request], Awaitable[HTTPResponse]]
log = logging.getLogger(__name__)


class WebInput(InputChannel):
    """The channel behind our own web app."""

    def __init__(self) -> None:
        self._settings = settings.settings()
        self._tokens = Tokens(settings.signing_key(self._settings), self._settings.session_hours)
        self._talks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._warming = asyncio.Lock()
        self._warm = False

    @classmethod
    def name(cls) -> str:
        """The channel's name, also in its address."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("web_channel")
        routes.add_route(_answered(self.open_session), "/session", methods=["POST"], name="session")
        routes.add_route(_answered(self.take_message), "/messages", methods=["POST"], name="messages")
        routes.add_route(_answered(self.ready), "/ready", methods=["GET"], name="ready")
        return routes

    async def open_session(self, request: Request) -> HTTPResponse:
        """Mint a session and let the assistant say its opening."""
        self._check(request)
        if request.body:
            read_object(request.body)
        sender_id = new_sender_id(CHANNEL)
        conversations.start(sender_id, CHANNEL)
        messages = await self._turn(request, sender_id, OPENING)
        return json({"session": self._tokens.mint(sender_id), "messages": messages})

    async def take_message(self, request: Request) -> HTTPResponse:
        """One message of a person, and what the assistant answers."""
        sender_id = self._tokens.read(request.headers.get("authorization"))
        self._check(request)
        message = read_message(request.body)
        async with self._talks.setdefault(sender_id, asyncio.Lock()):
            return json({"messages": await self._answer(request, sender_id, message)})

    async def ready(self, request: Request) -> HTTPResponse:
        """Whether the model is loaded and warm; the first call warms it."""
        agent = _agent(request)
        async with self._warming:
            if not self._warm:
                await warm_up(agent)
                self._warm = True
        return json({"ready": True, "model": agent.model_name})

    def _check(self, request: Request) -> None:
        """Refuse what is too large, and everything while the assistant is not in order."""
        if len(request.body) > self._settings.body_limit:
            raise RefusedError("too_large", limit=self._settings.body_limit)
        _agent(request)

    async def _answer(self, request: Request, sender_id: str, message: Said | Chosen) -> list[Reply]:
        if isinstance(message, Chosen):
            return await self._choice(request, sender_id, message.payload)
        own = self._own_answer(message)
        if own:
            return [own]
        tracker = await _agent(request).tracker_store.retrieve(sender_id)
        return await self._turn(request, sender_id, message.text, last_asked(tracker))

    def _own_answer(self, said: Said) -> Reply | None:
        """The channel's answer to a text that the assistant should not have to read."""
        limit = self._settings.message_limit
        if said.length > limit:
            return plain_reply(wording("replies", "too_long", length=said.length, limit=limit))
        return plain_reply(wording("replies", "blank")) if is_blank(said.text) else None

    async def _choice(self, request: Request, sender_id: str, payload: str) -> list[Reply]:
        tracker = await _agent(request).tracker_store.retrieve(sender_id)
        if payload not in offered(tracker):
            raise RefusedError("unknown_choice")
        return await self._turn(request, sender_id, as_rasa_choice(payload))

    async def _turn(self, request: Request, sender_id: str, text: str, expecting: str | None = None) -> list[Reply]:
        """One turn of the assistant; Rasa's lock lets the turns of one conversation follow each other.
        `expecting` is the fact that was asked for, so that understanding reads a bare answer rightly; the words of
        the answer to a private question are not kept."""
        replies = TurnReplies()
        metadata = {"expecting": expecting, **({"private": True} if is_private(expecting) else {})}
        said = UserMessage(text, replies, sender_id, input_channel=CHANNEL, metadata=metadata)
        async with asyncio.timeout(TURN_SECONDS):
            await _agent(request).handle_message(said)
        return replies.messages or [plain_reply(wording("replies", "no_answer"))]


def _agent(request: Request) -> Any:
    """The agent. Raises RefusedError while there is none that may be trusted with a story."""
    agent = getattr(request.app.ctx, "agent", None)
    if not is_strict(agent):
        log.error("no agent with our tracker store: start the assistant with ./imr serve")
        raise RefusedError("not_ready")
    return agent


def _answered(handler: Handler) -> Handler:
    """The handler with every error turned into JSON; the log learns its kind and place, no words."""

    async def answer(request: Request) -> HTTPResponse:
        try:
            return await handler(request)
        except RefusedError as refused:
            problem = refused
        except Exception as error:
            log.error("a request failed", exc_info=error)
            problem = RefusedError("failed")
        return json(problem.body(), status=problem.status, headers=problem.headers())

    return answer
