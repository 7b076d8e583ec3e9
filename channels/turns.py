"""One turn of the assistant, whichever channel a message came by: identifiers out, Rasa asked, answers collected."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from channels.clean import is_blank
from channels.incoming import Chosen, Said, as_rasa_choice
from channels.replies import Reply, TurnReplies, is_private, last_asked, plain_reply
from channels.wording import wording
from records.event_log import MovedOnError
from records.redaction import KINDS, NOT_A_REACH, Redacted, redact
from records.stored_events import MESSAGE_ID, PRIVATE
from settings import Settings
from watching import metrics

TURN_SECONDS = 25


class Turns:
    """The turns of one channel."""

    def __init__(self, channel: str, current: Settings) -> None:
        self._channel = channel
        self._longest = current.message_limit

    async def words(self, agent: Any, tracker: DialogueStateTracker | None, sender_id: str, said: Said) -> Heard:
        """The answer to words, without their identifiers."""
        own = self._own_answer(said)
        if own:
            return Heard([own], "")
        asked = last_asked(tracker)
        taken = redact(said.text, NOT_A_REACH if is_private(asked) else KINDS)
        messages = await self.take(agent, tracker, sender_id, taken.text, asked, said.id)
        notice = [plain_reply(notice_of(taken))] if taken.removed else []
        is_danger = any((one["card"] or {}).get("kind") == "crisis" for one in messages)
        told = [*messages, *notice] if is_danger else [*notice, *messages]  # nothing stands before help
        return Heard(told, taken.text if taken.removed else None)

    async def choice(
        self, agent: Any, tracker: DialogueStateTracker | None, sender_id: str, choice: Chosen
    ) -> list[Reply]:
        """The answer to a choice that was offered."""
        return await self.take(agent, tracker, sender_id, as_rasa_choice(choice.payload), message_id=choice.id)

    async def take(
        self,
        agent: Any,
        tracker: DialogueStateTracker | None,
        sender_id: str,
        text: str,
        expecting: str | None = None,
        message_id: str | None = None,
    ) -> list[Reply]:
        """One turn of a conversation that the caller holds and has read (`tracker`; None: it has just begun).
        `expecting` is the fact that was asked for, so that understanding reads a bare answer rightly; the words of
        the answer to a private question are not kept. Raises TimeoutError, records.event_log.MovedOnError, and
        whatever an action raised."""
        replies = TurnReplies()
        private = {PRIVATE: True} if is_private(expecting) else {}
        known = {MESSAGE_ID: message_id} if message_id else {}
        metadata = {"expecting": expecting, **private, **known}
        said = UserMessage(text, replies, sender_id, input_channel=self._channel, metadata=metadata)
        try:
            with metrics.step("turn"):
                async with asyncio.timeout(TURN_SECONDS):
                    await agent.take(said, tracker)
        except BaseException as error:
            metrics.TURNS.labels(self._channel, "void" if isinstance(error, MovedOnError) else "failed").inc()
            raise
        self._count(replies.messages)
        return replies.messages or no_answer()

    def _count(self, messages: Sequence[Reply]) -> None:
        metrics.TURNS.labels(self._channel, "answered").inc()
        for one in messages:
            if (one["card"] or {}).get("kind") == "crisis":
                metrics.DANGERS.inc()
            if one["assessment"]:
                metrics.ANSWERS.labels(str(one["assessment"].get("route"))).inc()

    def _own_answer(self, said: Said) -> Reply | None:
        """The channel's answer to a text that the assistant should not have to read."""
        if said.length > self._longest:
            return plain_reply(wording("replies", "too_long", length=said.length, limit=self._longest))
        return plain_reply(wording("replies", "blank")) if is_blank(said.text) else None


class Heard(NamedTuple):
    """The answer to words. `heard` is the text as it was taken in, if that is not what was said: empty when nothing
    was taken in."""

    messages: list[Reply]
    heard: str | None


def notice_of(taken: Redacted) -> str:
    """The soft word to the person from whose text something was removed."""
    *first, last = (wording("identifiers", kind) for kind in taken.removed)
    what = wording("replies", "and").join([", ".join(first), last]) if first else last
    return wording("replies", "removed", what=what)


def no_answer() -> list[Reply]:
    """What is said when the assistant says nothing."""
    return [plain_reply(wording("replies", "no_answer"))]
