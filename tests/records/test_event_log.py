"""What a turn reads of its conversation: the last turns, and what still stands of all before them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from records.event_log import HeardBeforeError, MovedOnError
from records.stored_events import MESSAGE_ID
from records.tracker_store import TURNS_IN_HAND, ImrTrackerStore

DOMAIN = Domain.from_dict(
    {
        "slots": {
            "case": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "settled": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
        },
        "forms": {"triage_form": {"required_slots": ["settled"]}},
        "intents": ["tell"],
    }
)
STEPS = st.sampled_from(
    [
        SlotSet("case", {"facts": 1}),
        SlotSet("case", {"facts": 2}),
        SlotSet("requested_slot", "settled"),
        SlotSet("requested_slot", None),
        ActiveLoop("triage_form"),
        ActiveLoop(None),
        LoopInterrupted(True),
        ActionExecuted("triage_form"),
        BotUttered("well"),
        AllSlotsReset(),
        Restarted(),
    ]
)
TURNS = st.lists(st.lists(STEPS, max_size=5), min_size=1, max_size=9)


def store_at(url: str) -> ImrTrackerStore:
    return ImrTrackerStore(DOMAIN, host=url)


def a_talk(turns: list[list[Event]]) -> list[Event]:
    """A conversation as Rasa writes it: it listens, the person speaks, and then things happen."""
    told: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    for number, steps in enumerate(turns):
        told += [ActionExecuted("action_listen"), UserUttered(f"words {number}", {"name": "tell"}), *steps]
    return [*told, ActionExecuted("action_listen")]


def state(tracker: DialogueStateTracker) -> tuple[Any, ...]:
    return (
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.latest_action_name,
        tracker.is_paused(),
        tracker.latest_message.text if tracker.latest_message else None,
    )


def kept(url: str, sender: str, events: list[Event]) -> ImrTrackerStore:
    store = store_at(url)
    asyncio.run(store.save(DialogueStateTracker.from_events(sender, events, DOMAIN.slots)))
    return store


@pytest.fixture(scope="module")
def one_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    from records import schema

    url = f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.sqlite3'}"
    schema.upgrade(url)
    return url


senders = iter(range(10**6))


@given(turns=TURNS)
def test_the_last_turns_lead_to_the_state_of_the_whole_conversation(one_url: str, turns: list[list[Event]]) -> None:
    sender = f"web-{next(senders)}"
    store = kept(one_url, sender, a_talk(turns))
    lately, whole = asyncio.run(store.retrieve(sender)), asyncio.run(store.retrieve_full_tracker(sender))
    assert lately is not None
    assert whole is not None
    assert state(lately) == state(whole)


def test_a_long_conversation_is_read_as_far_as_it_is_needed(url: str) -> None:
    told = a_talk([[SlotSet("case", {"facts": number}), BotUttered("well")] for number in range(300)])
    found = asyncio.run(kept(url, "web-1", told).retrieve("web-1"))
    assert found is not None
    assert sum(isinstance(event, UserUttered) for event in found.events) == TURNS_IN_HAND
    assert len(found.events) < 30


def test_what_is_added_to_a_long_conversation_is_added_once(url: str) -> None:
    store = kept(url, "web-1", a_talk([[BotUttered("well")] for _ in range(20)]))
    for number in range(5):
        talk = asyncio.run(store.retrieve("web-1"))
        assert talk is not None
        talk.update(UserUttered(f"later {number}", {"name": "tell"}))
        asyncio.run(store.save(talk))
    whole = asyncio.run(store.retrieve_full_tracker("web-1"))
    assert whole is not None
    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [*(f"words {number}" for number in range(20)), *(f"later {number}" for number in range(5))]


def test_of_two_turns_from_the_same_point_one_is_kept(url: str) -> None:
    """As when the lock of a conversation ran out, and two processes answer."""
    store = kept(url, "web-1", a_talk([[]]))
    one, other = asyncio.run(store.retrieve("web-1")), asyncio.run(store.retrieve("web-1"))
    assert one is not None
    assert other is not None
    one.update(UserUttered("mine", {"name": "tell"}))
    other.update(UserUttered("no, mine", {"name": "tell"}))
    asyncio.run(store.save(one))
    with pytest.raises(MovedOnError):
        asyncio.run(store.save(other))
    whole = asyncio.run(store.retrieve_full_tracker("web-1"))
    assert whole is not None
    assert [event.text for event in whole.events if isinstance(event, UserUttered)] == ["words 0", "mine"]


def test_a_message_with_a_number_is_kept_once(url: str) -> None:
    store = kept(url, "web-1", a_talk([[]]))
    for _ in range(2):
        talk = asyncio.run(store.retrieve("web-1"))
        assert talk is not None
        talk.update(UserUttered("again", {"name": "tell"}, metadata={MESSAGE_ID: "7"}))
        if talk.last_id is not None and asyncio.run(store.answer_to("web-1", "7")):
            with pytest.raises(HeardBeforeError):
                asyncio.run(store.save(talk))
        else:
            asyncio.run(store.save(talk))


def test_the_answer_to_a_message_is_found_by_its_number_however_long_ago(url: str) -> None:
    told = a_talk([[BotUttered("first")]])
    told.insert(3, UserUttered("numbered", {"name": "tell"}, metadata={MESSAGE_ID: "1"}))
    told += a_talk([[BotUttered(f"later {number}")] for number in range(30)])[2:]
    store = kept(url, "web-1", told)
    found = asyncio.run(store.answer_to("web-1", "1"))
    assert [event.text for event in found if isinstance(event, UserUttered)] == ["numbered"]
    assert asyncio.run(store.answer_to("web-1", "2")) == []


def test_what_was_said_lately_is_that_of_so_many_turns(url: str) -> None:
    store = kept(url, "web-1", a_talk([[BotUttered(f"answer {number}")] for number in range(12)]))
    assert [event.text for event in asyncio.run(store.said_lately("web-1", 3))] == [
        "answer 9",
        "answer 10",
        "answer 11",
    ]
    assert len(asyncio.run(store.said_lately("web-1", 50))) == 12
    assert asyncio.run(store.said_lately("web-nobody", 3)) == []
