"""Rasa keeps its conversations in our database, and never silently anywhere else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

import settings
from records import forgetting
from records.engine import engine
from records.models import RasaEvent
from records.tracker_store import ImrTrackerStore, WrongStoreError, require_ours, unwrap

TOLD = "Maria Testperson, (415) 555-0134"
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


def told_privately(text: str = TOLD, private: object = True) -> UserUttered:
    entities = [{"entity": "case_facts", "value": {"told": text}, "text": text, "start": 0, "end": len(text)}]
    intent = {"name": "give_details", "confidence": 0.9}
    reading = {
        "text": text,
        "intent": intent,
        "entities": entities,
        "intent_ranking": [{"name": text}],
        "facts": text,
    }
    return UserUttered(text, intent, entities, reading, metadata={"expecting": "contact_name", "private": private})


def rows_after(url: str, *events: Event) -> list[str]:
    """The raw rows of a conversation that was saved with these events."""
    store = ImrTrackerStore(Domain.empty(), host=url)
    talk = DialogueStateTracker.from_events("web-1", [SessionStarted(timestamp=1), *events])
    asyncio.run(store.save(talk))
    with engine(url).connect() as connection:
        return ["|".join(map(str, row)) for row in connection.execute(sa.text("SELECT * FROM events ORDER BY id"))]


def test_no_word_of_a_private_message_reaches_the_disk(url: str) -> None:
    rows = rows_after(url, told_privately())
    assert "[removed]" in rows[-1]
    assert not [word for word in TOLD.split() if word in "".join(rows)]


def test_what_is_left_of_a_private_message_says_what_it_was_for(url: str) -> None:
    rows_after(url, told_privately())
    found = asyncio.run(ImrTrackerStore(Domain.empty(), host=url).retrieve("web-1")).latest_message
    assert found.text == "[removed]"
    assert found.intent["name"] == "give_details"
    assert found.metadata["expecting"] == "contact_name"
    assert found.parse_data["entities"] == [{"entity": "case_facts", "value": "[removed]"}]


def test_the_conversation_in_memory_still_has_the_words_of_its_own_turn(url: str) -> None:
    event = told_privately()
    rows_after(url, event)
    assert event.text == TOLD
    assert event.parse_data["entities"][0]["value"] == {"told": TOLD}


STORY = "my plan denied a scan, please call me at 415-555-0134 or ann@example.com"
LEFT = "my plan denied a scan, please call me at [removed] or [removed]"


def told_unasked(text: str = STORY) -> UserUttered:
    """A story with a way to reach the person in it, read as the assistant reads it."""
    entities = [
        {"entity": "case_facts", "value": {"care": "a scan", "told": text}, "start": 0, "end": len(text)},
        {"entity": "reach", "value": "(415) 555-0134", "start": 41, "end": 53},
    ]
    reading = {"text": text, "entities": entities, "text_tokens": [(0, 2)], "intent_ranking": [{"name": "tell"}]}
    return UserUttered(text, {"name": "tell"}, entities, reading)


def test_a_number_told_unasked_is_taken_out_of_the_story_before_it_reaches_the_disk(url: str) -> None:
    row = rows_after(url, told_unasked())[-1]
    assert not [word for word in ("555-0134", "ann@example") if word in row]
    assert row.count(LEFT) >= 3, "text, text of the reading, facts"


def test_the_story_around_the_number_is_kept_with_its_reading(url: str) -> None:
    rows_after(url, told_unasked())
    found = asyncio.run(ImrTrackerStore(Domain.empty(), host=url).retrieve("web-1")).latest_message
    assert found.text == found.parse_data["text"] == LEFT
    assert found.intent["name"] == "tell"
    assert found.parse_data["entities"][0]["value"] == {"care": "a scan", "told": LEFT}


def test_the_turn_itself_still_knows_the_number(url: str) -> None:
    event = told_unasked()
    rows_after(url, event)
    assert event.text == event.parse_data["text"] == STORY
    assert event.entities[1]["value"] == "(415) 555-0134"


@pytest.mark.parametrize("text", ["I called 1-888-466-2219 and 911", "denied on 10/05/2026, claim 20260012345678"])
def test_a_story_without_a_way_to_reach_anybody_is_kept_word_for_word(text: str, url: str) -> None:
    assert text in rows_after(url, told_unasked(text))[-1]


@pytest.mark.parametrize("private", [False, None, "yes"])
def test_other_messages_keep_their_words(private: object, url: str) -> None:
    assert "Maria Testperson, " in rows_after(url, told_privately(private=private))[-1]


def test_a_private_reply_of_the_assistant_loses_its_words_and_keeps_its_question(url: str) -> None:
    data = {"custom": {"asks": "contact_ok", "private": True}, "buttons": [{"title": "Yes", "payload": "ok"}]}
    rows = rows_after(url, BotUttered(f"I have {TOLD}.", data), BotUttered("And on we go."))
    assert "Testperson" not in "".join(rows)
    assert "contact_ok" in rows[-2]
    assert "Yes" in rows[-2]
    assert "And on we go." in rows[-1]


def test_a_private_message_that_was_saved_stays_saved_once(url: str) -> None:
    store = ImrTrackerStore(Domain.empty(), host=url)
    rows_after(url, told_privately())
    talk = asyncio.run(store.retrieve("web-1"))
    talk.update(UserUttered("again"))
    asyncio.run(store.save(talk))
    assert texts_of(store) == ["[removed]", "again"]


def forgotten(url: str, metadata: dict[str, bool] | None) -> ImrTrackerStore:
    """A store after a talk of one message was begun anew, with a receipt."""
    store = saved(url, "hello")
    talk = asyncio.run(store.retrieve("web-1"))
    for event in (UserUttered("erase it"), BotUttered("Done."), Restarted(metadata=metadata)):
        talk.update(event)
    asyncio.run(store.save(talk))
    return store


def words_kept(url: str) -> str:
    """All that the table of events holds."""
    with engine(url).connect() as connection:
        return "\n".join(str(row) for row in connection.execute(sa.select(RasaEvent.data)).scalars())


def test_who_wants_all_erased_leaves_only_the_receipt(url: str) -> None:
    forgotten(url, {"forget": True})
    kept = words_kept(url)
    assert "Done." in kept
    assert "hello" not in kept
    assert "erase it" not in kept


def test_the_words_of_another_conversation_stay(url: str) -> None:
    store = ImrTrackerStore(Domain.empty(), host=url)
    asyncio.run(store.save(tracker("mine", sender="web-2")))
    forgotten(url, {"forget": True})
    assert texts_of(store, "web-2") == ["mine"]


def test_a_new_beginning_alone_erases_nothing(url: str) -> None:
    forgotten(url, None)
    assert "hello" in words_kept(url)


def test_a_talk_goes_on_after_all_was_erased(url: str) -> None:
    store = forgotten(url, {"forget": True})
    talk = asyncio.run(store.retrieve("web-1"))
    talk.update(UserUttered("a new story"))
    asyncio.run(store.save(talk))
    assert texts_of(store) == ["a new story"]


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
    assert store.engine.url == make_url(settings.settings().database_url)
    settings.clear_settings()


def test_our_table_has_the_columns_that_rasa_writes() -> None:
    rasas = {column.name: str(column.type) for column in SQLTrackerStore.SQLEvent.__table__.columns}
    ours = {column.name: str(column.type) for column in RasaEvent.__table__.columns}
    assert ours == {**rasas, "message_id": "VARCHAR(64)"}


@pytest.mark.usefixtures("key")
def test_a_turn_that_was_under_way_when_all_was_forgotten_brings_nothing_back(url: str) -> None:
    store = saved(url, "my story of the xylophone")
    talk = asyncio.run(store.retrieve("web-1"))
    forgetting.forget("web-1", by="ana", url=url)
    talk.update(UserUttered("and more of it"))
    asyncio.run(store.save(talk))
    assert asyncio.run(store.retrieve("web-1")) is None
    with engine(url).connect() as connection:
        assert "xylophone" not in str(connection.execute(sa.text("SELECT * FROM conversation_words")).all())


@pytest.mark.usefixtures("key")
def test_who_is_forgotten_and_writes_again_is_kept_again(url: str) -> None:
    store = saved(url, "my story")
    forgetting.forget("web-1", by="ana", url=url)
    asyncio.run(store.save(tracker("a new story")))
    assert texts_of(store) == ["a new story"]
