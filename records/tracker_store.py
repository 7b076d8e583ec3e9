"""Where Rasa keeps conversations: its own SQL store, on our database and without its silent habits.

Rasa wraps every tracker store in one that falls back to memory when the database fails, and replaces a
store that cannot be imported by memory, too. Either would lose a person's story without a word, so
`unwrap` takes the wrapper off and `require_ours` says at start when our store is not in place.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from records import digests, forgetting
from records.engine import engine
from records.reach import without_reaches
from records.stored_events import PRIVATE, REMOVED

KEPT_INTENTS = 3
RANKING = "intent_ranking"
FORGET = "forget"  # in the metadata of a restart
# What of the reading of a private message is no word of the person's.
KEPT_OF_READING = ("intent", "message_id", "metadata")


class WrongStoreError(RuntimeError):
    """Rasa runs without our tracker store: what people say would be lost."""


class ImrTrackerStore(SQLTrackerStore):
    """Rasa's SQL store on IMR_DATABASE_URL; the migrations make its table, and errors are raised."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **_: Any,
    ) -> None:
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = engine(host)
        self.sessionmaker = sessionmaker(bind=self.engine)

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        """The events not stored yet, without the long tail of intents that were not meant, and without the words
        of private messages: a name or a number told for a consultation has its own sealed place. A number or address
        told unasked is taken out of its message. Who wants all erased has the words stored before erased too.

        What staff sort conversations by is brought up to date in the same transaction.
        """
        events = list(super()._additional_events(session, tracker))
        if any(wants_all_erased(event) for event in events):
            session.execute(delete(self.SQLEvent).where(self.SQLEvent.sender_id == tracker.sender_id))
            events = _after_the_last_message(events)
        elif _was_forgotten_meanwhile(session, tracker):
            forgetting.erase_again(session, tracker.sender_id)
            return
        kept = [_as_kept(event) for event in events]
        digests.take_in(session, tracker.sender_id, [event.as_dict() for event in kept])
        yield from kept


def _as_kept(event: Event) -> Event:
    """The event as it may be stored."""
    if isinstance(event, UserUttered) and event.parse_data:
        _shorten_ranking(event.parse_data)
    return without_reach(without_private_words(event))


def wants_all_erased(event: Event) -> bool:
    """Whether an event says that nothing said before may stay: a new beginning marked with FORGET."""
    return isinstance(event, Restarted) and (event.metadata or {}).get(FORGET) is True


def _was_forgotten_meanwhile(session: Session, tracker: DialogueStateTracker) -> bool:
    """Whether the conversation was forgotten after this turn had read it: it still holds what is gone by now."""
    said = (event for event in tracker.events if isinstance(event, UserUttered | BotUttered))
    first = next((datetime.fromtimestamp(event.timestamp, UTC) for event in said), None)
    return first is not None and forgetting.was_forgotten_since(session, tracker.sender_id, first)


def _after_the_last_message(events: list[Event]) -> list[Event]:
    """What came after the person's last message: the receipt and the new beginning."""
    last = max((place for place, event in enumerate(events) if isinstance(event, UserUttered)), default=-1)
    return events[last + 1 :]


def without_private_words(event: Event) -> Event:
    """The event as it may be kept: a private message in a copy whose words were taken out."""
    if isinstance(event, UserUttered) and (event.metadata or {}).get(PRIVATE) is True:
        return _wordless_message(event)
    if isinstance(event, BotUttered) and _is_private_reply(event):
        return _wordless_reply(event)
    return event


def _wordless_message(event: UserUttered) -> UserUttered:
    kept = copy.copy(event)
    kept.text = REMOVED
    kept.entities = [_wordless_entity(entity) for entity in event.entities]
    reading = {name: event.parse_data[name] for name in KEPT_OF_READING if name in event.parse_data}
    entities = [_wordless_entity(entity) for entity in event.parse_data.get("entities") or ()]
    kept.parse_data = {**reading, "text": REMOVED, "entities": entities, RANKING: []}
    return kept


def _wordless_entity(entity: dict[str, Any]) -> dict[str, Any]:
    return {"entity": entity.get("entity"), "value": REMOVED}


def _is_private_reply(event: BotUttered) -> bool:
    custom = event.data.get("custom")
    return isinstance(custom, dict) and custom.get(PRIVATE) is True


def _wordless_reply(event: BotUttered) -> BotUttered:
    """The text goes; what was asked and the buttons stay, because the next turn needs them."""
    kept = copy.copy(event)
    kept.text = REMOVED
    return kept


def without_reach(event: Event) -> Event:
    """The event as it may be kept: a message in which a person told unasked how they can be reached, in a copy
    without the number or address. The rest of their story stays."""
    if isinstance(event, UserUttered) and event.text and without_reaches(event.text, REMOVED) != event.text:
        kept = copy.copy(event)
        kept.text, kept.entities, kept.parse_data = map(_reachless, (event.text, event.entities, event.parse_data))
        return kept
    return event


def _reachless(value: Any) -> Any:
    """The same without a way to reach a person in any of its texts."""
    match value:
        case str():
            return without_reaches(value, REMOVED)
        case dict():
            return {name: _reachless(one) for name, one in value.items()}
        case list() | tuple():
            return [_reachless(one) for one in value]
    return value


def _shorten_ranking(parse_data: dict[str, Any]) -> None:
    parse_data[RANKING] = (parse_data.get(RANKING) or [])[:KEPT_INTENTS]


def unwrap(store: TrackerStore) -> TrackerStore:
    """The store itself, out of Rasa's wrapper that would hide its errors."""
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def require_ours(store: TrackerStore | None) -> ImrTrackerStore:
    """The store, checked. Raises WrongStoreError when it is any other, or still inside Rasa's wrapper."""
    if isinstance(store, ImrTrackerStore):
        return store
    raise WrongStoreError(f"Rasa was started with {type(store).__name__} instead of {ImrTrackerStore.__name__}.")
