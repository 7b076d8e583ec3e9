"""Rasa's door for the web app: sessions that we sign, messages with limits, whole answers.

`POST /webhooks/web/session`, `/messages`, `/history` and `/erase`, each with OPTIONS for pages of other sites;
`GET /webhooks/web/ready` is for the health check on this machine and is not forwarded to the public.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

import settings
from channels.agent import is_strict, warm_up
from channels.answers import LastAnswers
from channels.history import answered_before, turns
from channels.incoming import Chosen, Said, conversation_number, known_turns, read_message
from channels.origins import check_origin, preflight
from channels.rates import Rates
from channels.refusal import RefusedError
from channels.replies import RECENT_TURNS, offered
from channels.tokens import Tokens, new_sender_id
from channels.turns import Turns, no_answer
from records import conversations, schema
from records.event_log import MovedOnError
from records.stored_events import REMOVED
from settings.sites import readable
from watching import metrics, request_ids

CHANNEL = "web"
OPENING = "/greet"
ERASING = "/delete_my_data"
LOOKED_AT_FOR = 2.0  # seconds for which what was found of the services holds: anybody may ask /healthz
Handler = Callable[[Request], Awaitable[HTTPResponse]]
log = logging.getLogger(__name__)


class WebInput(InputChannel):
    """The channel behind our own web app."""

    def __init__(self) -> None:
        self._settings = settings.settings()
        self._key = settings.signing_key(self._settings)
        self._tokens = Tokens(self._key, self._settings.session_hours)
        self._rates = Rates(self._settings)
        self._answers = LastAnswers()
        self._turns = Turns(CHANNEL, self._settings)
        self._warming = asyncio.Lock()
        self._warm = False
        self._seen: dict[str, Any] = {}
        self._looked_at = -LOOKED_AT_FOR

    @classmethod
    def name(cls) -> str:
        """The channel's name, also in its address."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("web_channel")
        public = {
            "session": self.open_session,
            "messages": self.take_message,
            "history": self.tell_history,
            "erase": self.erase,
        }
        for name, handler in public.items():
            routes.add_route(self._answered(handler), f"/{name}", methods=["POST", "OPTIONS"], name=name)
        routes.add_route(self._answered(self.ready), "/ready", methods=["GET"], name="ready")
        return routes

    async def open_session(self, request: Request) -> HTTPResponse:
        """Mint a session and let the assistant say its opening."""
        self._check(request)
        number = conversation_number(request.body)
        await self._rates.mint(request)
        sender_id = new_sender_id(CHANNEL, self._key, number)
        conversations.start(sender_id, CHANNEL)
        agent = _agent(request)
        async with agent.lock_store.lock(sender_id):
            begun = turns(await agent.tracker_store.retrieve_full_tracker(sender_id)) if number else []
            messages = begun[0]["messages"] if begun else await self._turns.take(agent, None, sender_id, OPENING)
        return json({"session": self._tokens.mint(sender_id), "messages": messages})

    async def take_message(self, request: Request) -> HTTPResponse:
        """One message of a person, and what the assistant answers; with a token that is good for longer. A message
        that came in before is answered with what was answered then, and is marked as coming `again`."""
        sender_id = await self._sender(request)
        self._check(request)
        message = numbered(read_message(request.body))
        async with _agent(request).lock_store.lock(sender_id):
            answer = await self._answer_once(request, sender_id, message)
        return json({**answer, "session": self._tokens.mint(sender_id)})

    async def tell_history(self, request: Request) -> HTTPResponse:
        """The conversation so far, for a page that was loaded again; no turns when the client has all of them."""
        sender_id = await self._sender(request)
        self._check(request)
        known = known_turns(request.body)
        async with _agent(request).lock_store.lock(sender_id):
            tracker = await _agent(request).tracker_store.retrieve_full_tracker(sender_id)
        told = turns(tracker)
        return json({"turns": None if len(told) == known else told, "session": self._tokens.mint(sender_id)})

    async def erase(self, request: Request) -> HTTPResponse:
        """Erase what the person said, their case and requests; the answer is the receipt."""
        sender_id = await self._sender(request)
        self._check(request)
        agent = _agent(request)
        async with agent.lock_store.lock(sender_id):
            self._answers.forget(sender_id)
            tracker = await agent.tracker_store.retrieve(sender_id)
            return json({"messages": await self._turns.take(agent, tracker, sender_id, ERASING)})

    async def ready(self, request: Request) -> HTTPResponse:
        """Whether the model is loaded and warm; the first call warms it. `writes`: the database takes them from
        this process; `redis`: ok, away, or null when there is none."""
        agent = _agent(request)
        async with self._warming:
            if not self._warm:
                await warm_up(agent)
                self._warm = True
            if time.monotonic() - self._looked_at > LOOKED_AT_FOR:
                writes = await asyncio.to_thread(schema.takes_writes, self._settings.database_url)
                self._seen = {"ready": True, "writes": writes, "redis": await self._rates.redis()}
                self._looked_at = time.monotonic()
        return json(self._seen)

    async def _sender(self, request: Request) -> str:
        """The conversation of a request, which is counted. Raises RefusedError (401, 429)."""
        sender_id = self._tokens.read(request.headers.get("authorization"))
        await self._rates.request(request, sender_id)
        return sender_id

    def _check(self, request: Request) -> None:
        """Refuse what is too large, and everything while the assistant is not in order."""
        if len(request.body) > self._settings.body_limit:
            raise RefusedError("too_large", limit=self._settings.body_limit)
        _agent(request)

    async def _answer_once(self, request: Request, sender_id: str, message: Said | Chosen) -> dict[str, Any]:
        given = self._answers.given(sender_id, message.id)
        if given is not None and await self._still_stands(request, sender_id, message, given):
            metrics.TURNS.labels(CHANNEL, "again").inc()
            return {**given, "again": True}
        agent = _agent(request)
        earlier = await _answered_before(agent, sender_id, message)
        if earlier is not None:
            return earlier
        try:
            answer = await self._answer(agent, sender_id, message)
        except MovedOnError:  # the lock was lost, and another process was faster: with this message, or with another
            metrics.MOVED_ON.inc()
            log.warning("a conversation went on elsewhere during its turn")
            earlier = await _answered_before(agent, sender_id, message)
            if earlier is not None:
                return earlier
            answer = await self._answer(agent, sender_id, message)
        self._answers.keep(sender_id, message.id, answer)
        return {**answer, "again": False}

    async def _still_stands(
        self, request: Request, sender_id: str, message: Said | Chosen, given: dict[str, Any]
    ) -> bool:
        """Whether an answer in memory may be given again: not when the person has erased all since, through another
        process. (The door's own answers, to what was too long or blank, are in no database.)"""
        return given["heard"] == "" or bool(await _agent(request).tracker_store.answer_to(sender_id, str(message.id)))

    async def _answer(self, agent: Any, sender_id: str, message: Said | Chosen) -> dict[str, Any]:
        """`heard` is the text as it was taken in, if that is not what was said."""
        if isinstance(message, Chosen) and message.payload not in await self._offered(agent, sender_id):
            raise RefusedError("unknown_choice")
        tracker = await agent.tracker_store.retrieve(sender_id)
        if isinstance(message, Said):
            return (await self._turns.words(agent, tracker, sender_id, message))._asdict()
        return {"messages": await self._turns.choice(agent, tracker, sender_id, message), "heard": None}

    async def _offered(self, agent: Any, sender_id: str) -> set[str]:
        return offered(await agent.tracker_store.said_lately(sender_id, RECENT_TURNS))

    def _answered(self, handler: Handler) -> Handler:
        """The handler behind the check of the page's origin, with every error turned into JSON; the log learns its
        kind and place, no words."""

        async def answer(request: Request) -> HTTPResponse:
            request_ids.begin(request.headers.get(request_ids.HEADER))
            try:
                if request.method == "OPTIONS":
                    answered = preflight(request, self._settings)
                else:
                    check_origin(request, self._settings)
                    answered = await handler(request)
            except RefusedError as refused:
                answered = _refusal(refused)
            except Exception as error:
                log.error("a request failed", exc_info=error)
                answered = _refusal(RefusedError("failed"))
            answered.headers.update(readable(request.headers, self._settings))
            return answered

        return answer


async def _answered_before(agent: Any, sender_id: str, message: Said | Chosen) -> dict[str, Any] | None:
    earlier = answered_before(await agent.tracker_store.answer_to(sender_id, message.id) if message.id else [])
    if earlier is None:
        return None
    metrics.TURNS.labels(CHANNEL, "again").inc()
    return {
        "messages": earlier.messages or no_answer(),
        "heard": _changed(message, earlier.heard),
        "again": True,
    }


def numbered(message: Said | Chosen) -> Said | Chosen:
    """The message with a number: that of its request where the client gave none, so that a request that a server in
    front sends twice, because a process died over it, is heard once."""
    number = request_ids.current.get()
    return message if message.id or not number else replace(message, id=f"request-{number[:48]}")


def _changed(message: Said | Chosen, heard: str) -> str | None:
    """The text as it was heard, when something was taken out of it; the words of a private answer were not kept."""
    return heard if isinstance(message, Said) and heard not in (message.text, REMOVED) else None


def _refusal(problem: RefusedError) -> HTTPResponse:
    metrics.REFUSALS.labels(problem.code).inc()
    return json(problem.body(), status=problem.status, headers=problem.headers())


def _agent(request: Request) -> Any:
    """The agent. Raises RefusedError while there is none that may be trusted with a story."""
    agent = getattr(request.app.ctx, "agent", None)
    if not is_strict(agent):
        log.error("no agent with our tracker store: start the assistant with ./imr serve")
        raise RefusedError("not_ready")
    return agent
