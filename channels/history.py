"""A conversation read back: what was said, as the person may see it, and the answers to one message of theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, takewhile
from typing import Any, NamedTuple

from rasa.shared.core.events import BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.clean import WORD_JOINER
from channels.incoming import CHOICE_ENTITY, CHOICE_INTENT
from channels.replies import Reply, as_reply
from channels.wording import wording
from records.tracker_store import REMOVED

MESSAGE_ID = "client_id"
CHOICE_PREFIX = f"/{CHOICE_INTENT}"


def turns(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    """The conversation since its last new beginning, turn by turn: what the person `said` (None at the opening),
    and the `messages` that answered it, each with the moment `at` which it was said (ISO 8601, UTC)."""
    shown: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    for event in _since_the_beginning(tracker.events if tracker else ()):
        if isinstance(event, UserUttered):
            shown.append({"said": _said(event, titles), "messages": []})
        elif isinstance(event, BotUttered):
            reply = _reply(event)
            titles.update((button["payload"], button["title"]) for button in reply["buttons"])
            shown = shown or [{"said": None, "messages": []}]
            shown[-1]["messages"].append({**reply, "at": _moment(event)})
    return shown


class Answered(NamedTuple):
    """A message as it was heard, and what was answered to it."""

    heard: str
    messages: list[Reply]


def answered_before(tracker: DialogueStateTracker | None, message_id: str | None) -> Answered | None:
    """What was answered to the message with this id, None when it did not come in yet. The same message may come
    twice: when its answer was lost on the way, the person's device sends it again."""
    found: Answered | None = None
    for event in tracker.events if tracker and message_id else ():
        if isinstance(event, UserUttered):
            if found is not None:
                return found
            known = (event.metadata or {}).get(MESSAGE_ID) == message_id
            found = Answered(event.text or "", []) if known else None
        elif isinstance(event, BotUttered) and found is not None:
            found.messages.append(_reply(event))
    return found


def _since_the_beginning(events: Iterable[Event]) -> Iterator[Event]:
    """The events since the last new beginning, with what the assistant said to it."""
    told = list(events)
    begins = max((place for place, event in enumerate(told) if isinstance(event, Restarted)), default=0)
    before = list(takewhile(lambda event: not isinstance(event, UserUttered), reversed(told[:begins])))
    return chain(reversed(before), told[begins:])


def _reply(event: BotUttered) -> Reply:
    text = wording("replies", "kept_private") if event.text == REMOVED else event.text
    return as_reply({"text": text, "buttons": event.data.get("buttons"), "custom": event.data.get("custom")})


def _said(event: UserUttered, titles: dict[str, str]) -> dict[str, Any] | None:
    text = event.text or ""
    if text.startswith(CHOICE_PREFIX):
        payload = json.loads(text.removeprefix(CHOICE_PREFIX)).get(CHOICE_ENTITY, "")
        return {"text": titles.get(payload, payload), "payload": payload, "at": _moment(event)}
    if text.startswith("/"):
        return None
    shown = wording("replies", "kept_private") if text == REMOVED else text.removeprefix(WORD_JOINER)
    return {"text": shown, "payload": None, "at": _moment(event)}


def _moment(event: Event) -> str:
    return datetime.fromtimestamp(event.timestamp, UTC).isoformat(timespec="seconds")
