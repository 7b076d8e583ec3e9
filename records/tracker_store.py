"""Where Rasa keeps conversations: its own SQL store, on our database and without its silent habits.

Rasa wraps every tracker store in one that falls back to memory when the database fails, and replaces a
store that cannot be imported by memory, too. Either would lose a person's story without a word, so
`unwrap` takes the wrapper off and `require_ours` says at start when our store is not in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session, sessionmaker

from records.engine import engine

KEPT_INTENTS = 3
RANKING = "intent_ranking"


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
        """The events not stored yet, without the long tail of intents that were not meant."""
        for event in super()._additional_events(session, tracker):
            if isinstance(event, UserUttered) and event.parse_data:
                _shorten_ranking(event.parse_data)
            yield event


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
