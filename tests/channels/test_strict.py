"""One turn of Rasa, made strict: danger gets through whatever fails, and an action that fails ends its turn."""

from __future__ import annotations

import asyncio
import os
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

import settings
from channels.agent import ActionFailedError, StrictProcessor, load_agent
from channels.replies import TurnReplies
from cli.train import ensure_model
from nlu.components import featurizer
from nlu.encoder import Encoder
from settings import ROOT


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Any:
    environment = dict(os.environ)
    os.environ["IMR_VAR_DIR"] = str(tmp_path_factory.mktemp("strict"))
    settings.clear_settings()
    yield load_agent(ensure_model(), ROOT / "endpoints.yml")  # it hands its settings on to Rasa's own files
    os.environ.clear()
    os.environ.update(environment)
    settings.clear_settings()


def intent_of(agent: Any, text: str) -> str:
    message = UserMessage(text, TurnReplies(), "web-1")
    return str(asyncio.run(agent.processor.parse_message(message))["intent"]["name"])


def test_danger_is_noticed_although_the_encoder_fails(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(Encoder, "features", fail)
    assert intent_of(agent, "I want to kill myself tonight") == "crisis_self_harm"


def test_nothing_of_a_text_is_kept_when_its_turn_fails(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the graph failed")

    monkeypatch.setattr(agent.processor, "_parse_message_with_graph", fail)
    with pytest.raises(RuntimeError):
        intent_of(agent, "my zirconium crown")
    assert featurizer.shared_ahead(1)._made == {}


def test_what_is_understood_with_features_made_ahead_is_what_is_understood_without(
    agent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "can you tell me how long this takes?"
    with_them = intent_of(agent, text)
    monkeypatch.setattr(agent.processor, "threads", None)
    assert intent_of(agent, text) == with_them == "ask_timeline"


class Action:
    """An action that does what a test wants."""

    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome

    def name(self) -> str:
        return "action_of_a_test"

    async def run(self, *_: object) -> list[Any]:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return list(self.outcome)

    def event_for_successful_execution(self, _: object) -> Any:
        return BotUttered("done")


def run_action(outcome: Any) -> DialogueStateTracker:
    processor = StrictProcessor.__new__(StrictProcessor)
    processor.__dict__.update(domain=Domain.empty(), nlg=None)
    tracker = DialogueStateTracker("web-1", [])
    prediction = PolicyPrediction([1.0], "RulePolicy", events=[SlotSet("of the policy", 1)])
    asyncio.run(processor._run_action(Action(outcome), tracker, TurnReplies(), SimpleNamespace(), prediction))  # type: ignore[arg-type]
    return tracker


def test_an_action_that_fails_ends_the_turn() -> None:
    with pytest.raises(ActionFailedError, match="action_of_a_test"):
        run_action(ValueError("broken"))


def test_what_an_action_says_is_taken_in_after_what_the_policy_says() -> None:
    events = list(run_action([BotUttered("hello")]).events)
    assert [type(event).__name__ for event in events] == ["SlotSet", "BotUttered", "BotUttered"]
    assert events[-1].text == "hello"


def test_what_the_policy_says_does_not_count_when_the_action_rejects_its_turn() -> None:
    events = list(run_action([ActionExecutionRejected("action_of_a_test")]).events)
    assert [type(event).__name__ for event in events] == ["ActionExecutionRejected"]
