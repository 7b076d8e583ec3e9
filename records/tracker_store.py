"""Where Rasa keeps conversations: on our database, without the silent habits of Rasa's own stores.

A tracker holds the last turns of a conversation and what still stands of those before (`records.event_log`), where
Rasa's own store reads all of it on every turn. Rasa wraps every tracker store in one that falls back to memory when
the database fails, and replaces a store that cannot be imported by memory, too. Either would lose a person's story
without a word, so `unwrap` takes the wrapper off and `require_ours` says at start when our store is not in place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records import digests, event_log, forgetting
from records.engine import engine
from records.event_log import MovedOnError, Read
from records.models import RasaEvent
from records.reach import without_reaches
from records.stored_events import PRIVATE, REMOVED
from watching import metrics

KEPT_INTENTS = 3
# Of these Rasa's rules need the turn under way, our form the one before; a spare one costs little.
TURNS_IN_HAND = 3
RANKING = "intent_ranking"
FORGET = "forget"  # in the metadata of a restart
# What of the reading of a private message is no word of the person's.
KEPT_OF_READING = ("intent", "message_id", "metadata")


class WrongStoreError(RuntimeError):
    """Rasa runs without our tracker store: what people say would be lost."""


class KeptTracker(DialogueStateTracker):
    """A tracker that knows how many of its events are stored, and the number of the conversation's last one."""

    stored = 0
    last_id: int | None = None


class ImrTrackerStore(TrackerStore):
    """Rasa's events on IMR_DATABASE_URL; the migrations make their table, and errors are raised.

    The database is asked where the turn runs: in a thread, each of the many small questions of a turn would wait for
    Python's lock, which costs more than the question (measured: twice the time of a turn with eight people).
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self.engine = engine(host)

    async def retrieve(self, sender_id: str) -> KeptTracker | None:
        """The last turns of a conversation; None when there is no such conversation."""
        slots = [slot.name for slot in self.domain.slots]
        loops = self.domain.form_names
        found = self._ask(event_log.latest, sender_id, turns=TURNS_IN_HAND, slots=slots, loops=loops)
        return self._tracker(sender_id, found)

    async def retrieve_full_tracker(self, conversation_id: str) -> KeptTracker | None:
        """The whole conversation."""
        return self._tracker(conversation_id, self._ask(event_log.whole, conversation_id))

    async def answer_to(self, sender_id: str, message_id: str) -> list[Event]:
        """The message with this number of the client's, and what was answered to it; nothing if it never came in."""
        return _as_events(self._ask(event_log.answer_to, sender_id, message_id=message_id))

    async def said_lately(self, sender_id: str, turns: int) -> list[BotUttered]:
        """What the assistant said in the last `turns` turns."""
        found = _as_events(self._ask(event_log.said_lately, sender_id, turns=turns))
        return [event for event in found if isinstance(event, BotUttered)]

    async def keys(self) -> Iterable[str]:
        """Every conversation there is."""
        with Session(self.engine, future=True) as session:
            return list(session.scalars(select(RasaEvent.sender_id).distinct()))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new. Raises MovedOnError when the conversation went on elsewhere meanwhile: then nothing is
        stored."""
        await self.stream_events(tracker)
        self._save(tracker)

    def _ask(self, question: Callable[..., Any], sender_id: str, **named: Any) -> Any:
        with metrics.step("read"), self.engine.connect() as connection:
            return question(connection, sender_id, **named)

    def _tracker(self, sender_id: str, read: Read) -> KeptTracker | None:
        if read.last_id is None:
            return None
        tracker: KeptTracker = KeptTracker.from_dict(sender_id, read.events, self.domain.slots)
        tracker.stored, tracker.last_id = len(tracker.events), read.last_id
        return tracker

    def _save(self, tracker: DialogueStateTracker) -> None:
        """The events not stored yet, without the long tail of intents that were not meant, and without the words
        of private messages: a name or a number told for a consultation has its own sealed place. A number or address
        told unasked is taken out of its message. Who wants all erased has the words stored before erased too.

        What staff sort conversations by is brought up to date in the same transaction.
        """
        new = list(tracker.events)[getattr(tracker, "stored", 0) :]
        if not new:
            return
        with Session(self.engine, future=True) as session, session.begin():
            event_log.hold(session, tracker.sender_id)
            erases = any(wants_all_erased(event) for event in new)
            if erases:
                session.execute(delete(RasaEvent).where(RasaEvent.sender_id == tracker.sender_id))
                new = _after_the_last_message(new)
            elif _was_forgotten_meanwhile(session, tracker):
                forgetting.erase_again(session, tracker.sender_id)
                return
            kept = [_as_kept(event).as_dict() for event in new]
            digests.take_in(session, tracker.sender_id, kept)  # from here on nobody else can write to it
            if not erases:
                _require_unmoved(session, tracker)
            event_log.add(session, tracker.sender_id, kept)
            last = event_log.last_id(session, tracker.sender_id)
        if isinstance(tracker, KeptTracker):
            tracker.stored, tracker.last_id = len(tracker.events), last


def _require_unmoved(session: Session, tracker: DialogueStateTracker) -> None:
    """Raises MovedOnError when another process added to the conversation since it was read. A lock that ran out, or
    was lost with its server, must not let two turns of one conversation both be kept."""
    known = tracker.last_id if isinstance(tracker, KeptTracker) else None
    if event_log.last_id(session, tracker.sender_id) != known:
        raise MovedOnError("the conversation went on elsewhere")


def _as_events(read: Iterable[dict[str, Any]]) -> list[Event]:
    return [event for event in map(Event.from_parameters, read) if event is not None]


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
