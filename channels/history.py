"""A conversation read back: what was said, as the person may see it, and the answers to one message of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, takewhile
from typing import Any, NamedTuple

from rasa.shared.core.events import BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.replies import Reply, as_reply
from channels.wording import wording
from imr_logic.language import say_day
from records.stored_events import REMOVED, WORD_JOINER, payload_of

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def turns(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    """The conversation since its last new beginning, turn by turn: what the person `said` (None at the opening),
    and the `messages` that answered it, each with the moment `at` which it was said (ISO 8601, UTC). The card of an
    answer is all that a page shows of its assessment, which is left out."""
    shown: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    for event in _since_the_beginning(tracker.events if tracker else ()):
        if isinstance(event, UserUttered):
            shown.append({"said": _said(event, titles), "messages": []})
        elif isinstance(event, BotUttered):
            reply = _reply(event)
            titles.update((button["payload"], button["title"]) for button in reply["buttons"])
            shown = shown or [{"said": None, "messages": []}]
            shown[-1]["messages"].append({**reply, "assessment": None, "at": _moment(event)})
    return shown


class Answered(NamedTuple):
    """A message as it was heard, and what was answered to it."""

    heard: str
    messages: list[Reply]


def answered_before(events: Sequence[Event]) -> Answered | None:
    """What was answered to a message, from its events in the store; None when it did not come in yet. The same
    message may come twice: when its answer was lost on the way, the person's device sends it again."""
    heard = next((event.text or "" for event in events if isinstance(event, UserUttered)), None)
    if heard is None:
        return None
    return Answered(heard, [_reply(event) for event in events if isinstance(event, BotUttered)])


def last_replies(tracker: DialogueStateTracker | None) -> list[Reply]:
    """What the assistant said since the person's last message."""
    said = takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events if tracker else ()))
    return [_reply(event) for event in said if isinstance(event, BotUttered)][::-1]


def last_spoke_at(tracker: DialogueStateTracker | None) -> datetime | None:
    """When the assistant said its last message."""
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            return datetime.fromtimestamp(event.timestamp, UTC)
    return None


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
    payload = payload_of(text)
    if payload is not None:
        return {"text": titles.get(payload, payload), "payload": payload, "at": _moment(event)}
    if text.startswith("/"):
        return None
    shown = wording("replies", "kept_private") if text == REMOVED else _spoken(text.removeprefix(WORD_JOINER))
    return {"text": shown, "payload": None, "at": _moment(event)}


def _spoken(text: str) -> str:
    """A day from a date field as people write it; any other text as it is."""
    try:
        return say_day(date.fromisoformat(text)) if DAY.fullmatch(text) else text
    except ValueError:
        return text


def _moment(event: Event) -> str:
    return datetime.fromtimestamp(event.timestamp, UTC).isoformat(timespec="seconds")
