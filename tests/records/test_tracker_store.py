"""Rasa keeps its conversations in our database, and never silently anywhere else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

import settings
from records.engine import engine
from records.models import RasaEvent
from records.tracker_store import ImrTrackerStore, WrongStoreError, require_ours, unwrap

RANKING = [{"name": f"intent_{number}", "confidence": 0.1} for number in range(12)]


def tracker(*texts: str, sender: str = "web-1") -> DialogueStateTracker:
    begun = SessionStarted()  # first, because Rasa reads back what is not older than this
    heard = [UserUttered(text, parse_data={"text": text, "intent_ranking": list(RANKING)}) for text in texts]
    return DialogueStateTracker.from_events(sender, [begun, *heard])


def saved(url: str, *texts: str) -> ImrTrackerStore:
    store = ImrTrackerStore(Domain.empty(), host=url)
    asyncio.run(store.save(tracker(*texts)))
    return store


def texts_of(store: ImrTrackerStore, sender: str = "web-1") -> list[str]:
    found = asyncio.run(store.retrieve(sender))
    return [event.text for event in found.events if isinstance(event, UserUttered)]


def test_a_saved_conversation_comes_back(url: str) -> None:
    assert texts_of(saved(url, "hello", "again")) == ["hello", "again"]


def test_only_what_is_new_is_added(url: str) -> None:
    store = saved(url, "hello")
    talk = asyncio.run(store.retrieve("web-1"))
    talk.update(UserUttered("again"))
    asyncio.run(store.save(talk))
    assert texts_of(store) == ["hello", "again"]


def test_an_unknown_conversation_is_none(url: str) -> None:
    assert asyncio.run(saved(url).retrieve("web-2")) is None


def test_three_intents_of_the_ranking_are_kept(url: str) -> None:
    found = asyncio.run(saved(url, "hello").retrieve("web-1"))
    assert found.latest_message.parse_data["intent_ranking"] == RANKING[:3]


def test_the_store_makes_no_tables_of_its_own(empty_url: str) -> None:
    ImrTrackerStore(Domain.empty(), host=empty_url)
    assert sa.inspect(engine(empty_url)).get_table_names() == []


def test_saving_without_tables_raises(empty_url: str) -> None:
    with pytest.raises((OperationalError, ProgrammingError)):
        saved(empty_url, "hello")


def test_reading_without_tables_raises_instead_of_beginning_anew(empty_url: str) -> None:
    with pytest.raises(SQLAlchemyError):
        asyncio.run(ImrTrackerStore(Domain.empty(), host=empty_url).retrieve("web-1"))


def test_the_wrapper_that_hides_errors_is_taken_off(url: str) -> None:
    store = ImrTrackerStore(Domain.empty(), host=url)
    assert unwrap(FailSafeTrackerStore(store)) is store
    assert unwrap(store) is store


def test_a_store_in_memory_is_refused() -> None:
    with pytest.raises(WrongStoreError, match="InMemoryTrackerStore"):
        require_ours(InMemoryTrackerStore(Domain.empty()))


def test_our_store_inside_rasas_wrapper_is_refused(url: str) -> None:
    with pytest.raises(WrongStoreError, match="FailSafeTrackerStore"):
        require_ours(FailSafeTrackerStore(ImrTrackerStore(Domain.empty(), host=url)))


@pytest.mark.filterwarnings("ignore")
def test_a_store_that_cannot_be_imported_is_noticed() -> None:
    store = TrackerStore.create(EndpointConfig(type="records.tracker_store.NoSuchStore"), Domain.empty())
    with pytest.raises(WrongStoreError):
        require_ours(store)


def test_endpoints_yml_names_our_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    settings.clear_settings()
    configured = read_endpoint_config(str(settings.ROOT / "endpoints.yml"), "tracker_store")
    store = require_ours(TrackerStore.create(configured, Domain.empty()))
    assert str(store.engine.url) == f"sqlite:///{tmp_path / 'imr.sqlite3'}"
    settings.clear_settings()


def test_our_table_has_the_columns_that_rasa_writes() -> None:
    rasas = {column.name: str(column.type) for column in SQLTrackerStore.SQLEvent.__table__.columns}
    ours = {column.name: str(column.type) for column in RasaEvent.__table__.columns}
    assert ours == rasas
