"""Text messages that wait to be answered: one turn of the assistant each, those of one phone number in order.

A message is claimed in the database, answered, and done in the same transaction that owes the answer. When the
process dies in between, the message is claimed again; a turn that was kept already is not taken twice, because the
message's number stands in the conversation.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from channels.clean import as_plain_text, is_blank
from channels.history import answered_before, last_replies, last_spoke_at
from channels.incoming import Chosen, Said
from channels.replies import Reply, last_asked, plain_reply
from channels.turns import Turns, no_answer
from channels.wording import wording
from nlu.safety import screen
from records import short_links, texters, texts_in
from records.event_log import MovedOnError
from records.models import now
from records.texters import CHANNEL, Envelope, Known
from records.texts_in import LostClaimError, Waiting
from settings import Settings
from texting.answers import MOST_MESSAGES, Worded, choices_of, chosen, in_messages, worded
from texting.keywords import is_own_number, keyword, number_in
from texting.phones import as_people_write_it
from texting.wording import said
from watching import metrics

AT_ONCE = 4
IDLE_SECONDS = 1.0  # for what another process left behind
FAREWELL_SECONDS = 5
LONGEST_NAME = 50  # characters of a machine's name that are kept
MOST_TRIES = 6
ASKS_FOR_A_REACH = frozenset({"contact_wanted", "contact_name", "contact_reach"})
log = logging.getLogger(__name__)


class Listener:
    """Answers what waits. `agent` gives the assistant, and raises while it is not in order; `owner` is the name of
    this process, which no other one has at the same time."""

    def __init__(self, agent: Callable[[], Any], current: Settings, owner: str) -> None:
        self._agent = agent
        self._current = current
        self._owner = owner
        self._turns = Turns(CHANNEL, current)
        self._woken = asyncio.Event()
        self._at_work: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something came in."""
        self._woken.set()

    async def run(self) -> None:
        """Answer until cancelled; no error ends it."""
        with suppress(Exception):
            await asyncio.to_thread(texts_in.release, self._owner)
        while True:
            try:
                await self._take_up()
            except Exception as error:  # the database may be away for a while
                log.warning("text messages could not be taken up: %s", type(error).__name__)
                await asyncio.sleep(IDLE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)

    async def finish(self) -> None:
        """Let the turns that have begun come to their end."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=FAREWELL_SECONDS)

    async def _take_up(self) -> None:
        """Claim as many messages as there is room for, and begin with each."""
        self._woken.clear()
        room = AT_ONCE - len(self._at_work)
        claimed = await asyncio.to_thread(texts_in.claim, self._owner, now(), room) if room > 0 else []
        for one in claimed:
            task = asyncio.create_task(self._answer(one))
            self._at_work.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        self.wake()

    async def _answer(self, one: Waiting) -> None:
        """One message to its end; when answering fails, it is tried again, and at last the person is told."""
        try:
            answer = await self._answer_of(one)
        except Exception as error:
            log.error("a text message was not answered", exc_info=error)
            await self._note_failure(one)
            return
        await self._finish(one, answer)

    async def _note_failure(self, one: Waiting) -> None:
        is_danger = screen(one.envelope.words) is not None
        if not is_danger and one.tries + 1 < MOST_TRIES:
            with suppress(Exception):  # the claim ends by itself
                await asyncio.to_thread(texts_in.failed, one, now())
            return
        told = [said("door", "failed_in_danger")] if is_danger else []
        await self._finish(one, Worded((*told, said("door", "failed")), rest=None))

    async def _finish(self, one: Waiting, answer: Worded) -> None:
        try:
            await asyncio.to_thread(texts_in.finish, one, answer.messages, rest=answer.rest, greeted=answer.greets)
        except LostClaimError:
            log.info("a text message was answered elsewhere, or its sender wants no answer")
        except Exception as error:  # the claim ends by itself, and the message is taken up again
            log.error("the answer to a text message was not kept", exc_info=error)

    async def _answer_of(self, one: Waiting) -> Worded:
        known = await asyncio.to_thread(texters.known, one.texter_id)
        if known.is_stopped:
            return Worded((), None)
        is_danger = screen(one.envelope.words) is not None
        if known.rest and not is_danger and keyword(one.envelope.words) == "more":
            return in_messages(known.rest)
        answer = self._own_answer(one.envelope) or await self._assistants_answer(one, known, is_danger)
        return answer if known.is_greeted or not answer.messages else _with_welcome(answer, is_danger)

    def _own_answer(self, envelope: Envelope) -> Worded | None:
        """The answer to what has no words to read."""
        if not is_blank(envelope.words):
            return None
        told = said("door", "picture") if envelope.pictures else wording("replies", "blank")
        return Worded(tuple(in_messages(told).messages), rest=None)

    async def _assistants_answer(self, one: Waiting, known: Known, is_danger: bool) -> Worded:
        agent = self._agent()
        async with agent.lock_store.lock(one.texter_id):
            try:
                replies = await self._replies(agent, one)
            except MovedOnError:  # the lock was lost, and another process was faster
                metrics.MOVED_ON.inc()
                replies = await self._replies(agent, one)
        if _only_asks(replies) and not is_danger and await asyncio.to_thread(texts_in.is_followed, one):
            return Worded((), None)  # who writes in several messages is asked once
        blind = said("door", "picture_too") if one.envelope.pictures else ""
        most = MOST_MESSAGES - (not known.is_greeted)
        return await asyncio.to_thread(self._worded, one.texter_id, replies, blind, most)

    async def _replies(self, agent: Any, one: Waiting) -> list[Reply]:
        earlier = answered_before(await agent.tracker_store.answer_to(one.texter_id, one.sid_mark))
        if earlier is not None:
            return [_said_again(reply) for reply in earlier.messages] or no_answer()
        tracker = await agent.tracker_store.retrieve(one.texter_id)
        return last_replies(tracker) if _is_too_early(tracker, one) else await self._turn(agent, tracker, one)

    async def _turn(self, agent: Any, tracker: Any, one: Waiting) -> list[Reply]:
        payload = chosen(one.envelope.words, choices_of(last_replies(tracker)))
        if payload is not None:
            return await self._turns.choice(agent, tracker, one.texter_id, Chosen(payload, one.sid_mark))
        text = one.envelope.words
        if last_asked(tracker) in ASKS_FOR_A_REACH and is_own_number(text):
            text = as_people_write_it(one.envelope.phone)
        told = Said(as_plain_text(text), len(text), one.sid_mark)
        return (await self._turns.words(agent, tracker, one.texter_id, told)).messages

    def _worded(self, sender_id: str, replies: Sequence[Reply], blind: str, most: int) -> Worded:
        link = partial(_papers_link, sender_id, self._current)
        return worded([*replies, *([plain_reply(blind)] if blind else [])], link, most)


def _with_welcome(answer: Worded, is_danger: bool) -> Worded:
    """Who writes for the first time is told who answers; in danger after the help."""
    welcome = said("door", "welcome")
    messages = (*answer.messages, welcome) if is_danger else (welcome, *answer.messages)
    return answer._replace(messages=messages, greets=True)


def _is_too_early(tracker: Any, one: Waiting) -> bool:
    """Whether a message is a number that cannot be meant for the last question, which was not asked yet when it came:
    a number was sent twice."""
    asked_at = last_spoke_at(tracker)
    is_early = asked_at is not None and one.came_at < asked_at
    return is_early and number_in(one.envelope.words) is not None and bool(choices_of(last_replies(tracker)))


def _only_asks(replies: Sequence[Reply]) -> bool:
    """Whether replies are questions and nothing else that a person waits for."""
    return all(reply["asks"] and not reply["card"] and not reply["papers"] for reply in replies)


def _said_again(reply: Reply) -> Reply:
    """A reply of a turn that was kept, before the process died: the words of a private one were not."""
    is_private = reply["text"] == wording("replies", "kept_private")
    return {**reply, "text": said("answer", "private_again")} if is_private else reply


def _papers_link(sender_id: str, current: Settings) -> str:
    address = f"{current.public_url}{short_links.path(short_links.mint(sender_id))}"
    return said("answer", "papers", hours=current.link_hours, link=address)


def name_of_this_process(current: Settings) -> str:
    """A name that no other process has at the same time: only one of a machine can listen on Rasa's port."""
    return f"{socket.gethostname()[-LONGEST_NAME:]}:{current.rasa_port}"
