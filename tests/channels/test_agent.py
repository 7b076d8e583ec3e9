"""Rasa without its silent habits."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

import settings
from channels import turns, web
from channels.agent import StrictAgent
from channels.rasa_habits import quiet_rasa, spare_repeated_work
from channels.refusal import RefusedError
from records.tracker_store import ImrTrackerStore, WrongStoreError


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'agent.sqlite3'}"


def test_our_agent_keeps_our_store_unwrapped(url: str) -> None:
    store = ImrTrackerStore(Domain.empty(), host=url)
    assert StrictAgent(tracker_store=store).tracker_store is store


@pytest.mark.parametrize("store", [None, InMemoryTrackerStore(Domain.empty())])
def test_our_agent_refuses_any_other_store(store: InMemoryTrackerStore | None) -> None:
    with pytest.raises(WrongStoreError):
        StrictAgent(tracker_store=store)


@pytest.mark.parametrize("agent", [None, Agent(domain=Domain.empty())], ids=["no agent", "rasa's own agent"])
def test_the_channel_serves_nobody_with_any_other_agent(agent: Agent | None) -> None:
    request = SimpleNamespace(app=SimpleNamespace(ctx=SimpleNamespace(agent=agent)))
    with pytest.raises(RefusedError) as caught:
        web._agent(request)
    assert (caught.value.status, caught.value.code) == (503, "not_ready")


def test_the_channel_serves_nobody_before_the_model_is_loaded(url: str) -> None:
    agent = StrictAgent(tracker_store=ImrTrackerStore(Domain.empty(), host=url))
    with pytest.raises(RefusedError):
        web._agent(SimpleNamespace(app=SimpleNamespace(ctx=SimpleNamespace(agent=agent))))


def test_an_actions_answer_is_still_checked() -> None:
    spare_repeated_work()
    action = RemoteAction("action_echo", EndpointConfig("http://127.0.0.1:5055/webhook"))
    assert action._validate_action_result({"events": [], "responses": [{"text": "hello"}]})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": [{"event": "no such event"}]})


@pytest.mark.parametrize("event", [BotUttered("hello"), UserUttered("hello"), SlotSet("urgent", True)])
def test_events_are_still_read_as_what_they_are(event: Event) -> None:
    spare_repeated_work()
    spare_repeated_work()
    assert Event.from_parameters(event.as_dict()) == event


def test_an_unknown_event_is_still_an_error() -> None:
    spare_repeated_work()
    with pytest.raises(ValueError, match="Unknown event"):
        Event.from_parameters({"event": "no such event"})


def test_rasas_logs_name_an_event_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    before, level = structlog.get_config(), logging.getLogger("rasa").level
    quiet_rasa()
    structlog.get_logger("rasa.test").warning("message.failed", user_text="my cancer is back")
    logging.getLogger("rasa.test").info("what was said")
    structlog.configure(**before)
    logging.getLogger("rasa").setLevel(level)
    assert [record.getMessage() for record in caplog.records] == ["message.failed"]


def test_the_action_servers_address_follows_the_chosen_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_ACTION_PORT", "6123")
    endpoint = read_endpoint_config(str(settings.ROOT / "endpoints.yml"), "action_endpoint")
    assert endpoint.url == "http://127.0.0.1:6123/webhook"


def test_a_turn_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class HangingAgent:
        async def take(self, *_: object) -> None:
            await asyncio.sleep(60)

    monkeypatch.setattr(turns, "TURN_SECONDS", 0.01)
    with pytest.raises(TimeoutError):
        asyncio.run(turns.Turns("web", settings.Settings()).take(HangingAgent(), None, "web-1", "hello"))
