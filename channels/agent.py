"""Rasa's agent without its silent habits: a turn happens whole, or it fails and nothing of it is kept."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.slot_mappings import SlotMappingType
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

import settings
from channels.here import ActionsHere
from channels.in_order import InOrder
from channels.rasa_habits import quiet_rasa, spare_repeated_work
from imr_logic import CaseFacts, assess
from nlu.components.featurizer import MiniLmFeaturizer, is_words, shared_ahead
from nlu.intents import prepared
from records.tracker_store import ImrTrackerStore, require_ours, unwrap
from watching import metrics

FALLBACK = "nlu_fallback"
WARM_UP = "My health plan denied the scan my doctor ordered; the letter is dated October 5th."


class ActionFailedError(RuntimeError):
    """An action failed; the message is its name."""


def _end_turn(*_: Any) -> None:
    """Called when a turn does not come to an end: kept as it is, it would silence the talk for good."""
    raise ActionFailedError("too many actions in one turn")


class StrictProcessor(MessageProcessor):
    """Ends the turn when an action fails, before the tracker is saved."""

    threads: int | None  # of the encoder; None when the model has none
    fills_slots: bool

    @classmethod
    def of(cls, processor: MessageProcessor) -> StrictProcessor:
        """The same processor, made strict."""
        strict = cls.__new__(cls)
        strict.__dict__.update(vars(processor))
        strict.graph_runner = runner = InOrder(vars(processor)["graph_runner"])
        strict.threads = runner.setting(MiniLmFeaturizer, "threads")
        strict.fills_slots = any(_is_filled(slot) for slot in strict.domain.slots)
        strict.on_circuit_break = _end_turn
        return strict

    async def take(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """One turn of a conversation that is held and was read already: `handle_message` without reading it anew."""
        tracker.model_id, tracker.assistant_id = self.model_metadata.model_id, self.model_metadata.assistant_id
        channel = message.output_channel
        await self._update_tracker_session(tracker, channel, message.metadata)
        with metrics.step("understand"):
            await self._handle_message_with_tracker(message, tracker)
        if tracker.latest_message and tracker.latest_message.intent.get("name") == FALLBACK:
            metrics.FALLBACKS.inc()
        with metrics.step("act"):
            if self.fills_slots:  # none of ours: the facts are the actions' to take in
                tracker = await self.run_action_extract_slots(channel, tracker)
            await self._run_prediction_loop(channel, tracker)
        with metrics.step("keep"):
            await self.save_tracker(tracker)

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """Understand a message; its features are made in a thread, while others are served. (Rasa's own copies the
        whole reading three times for a log that nobody reads.)"""
        known = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        if not self.threads or not is_words(message.text):
            return dict(self._parse_message_with_graph(message, known, only_output_properties))
        ahead, text = shared_ahead(self.threads), prepared(message.text)
        try:
            await asyncio.get_running_loop().run_in_executor(ahead.thread, ahead.make, text)
            return dict(self._parse_message_with_graph(message, known, only_output_properties))
        finally:
            ahead.drop(text)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action; whether another one may follow. A rejection is part of how forms work; any other error ends
        the turn, where Rasa alone would go on as if the action had said nothing."""
        before = tracker.copy()  # what the policy says counts only when the action accepts
        before.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, before, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejected)
            return bool(self.should_predict_another_action(action.name()))
        except Exception as error:
            raise ActionFailedError(action.name()) from error
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


def _is_filled(slot: Slot) -> bool:
    """Whether Rasa fills a slot by itself, from what a message says."""
    return any(mapping.get("type") != SlotMappingType.CUSTOM.value for mapping in slot.mappings)


class StrictAgent(Agent):
    """An agent on our tracker store, whose errors reach the channel."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> ImrTrackerStore:
        return require_ours(unwrap(Agent._create_tracker_store(store, domain)))

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model. Raises rasa.exceptions.ModelNotFound when there is none."""
        super().load_model(model_path, fingerprint)
        loaded: MessageProcessor = vars(self)["processor"]
        self.processor = StrictProcessor.of(loaded)

    async def take(self, message: UserMessage, tracker: DialogueStateTracker | None) -> None:
        """One turn of a conversation that the caller holds; `tracker` is None for a new one."""
        strict: StrictProcessor = vars(self)["processor"]
        await strict.take(message, tracker or await strict.get_tracker(message.sender_id))


def load_agent(model: str | Path, endpoints: str | Path) -> StrictAgent:
    """The agent of a trained model with the services of endpoints.yml.

    Raises WrongStoreError when the tracker store named there is not ours or cannot be imported.
    """
    quiet_rasa()
    spare_repeated_work()
    settings.export_environment()  # endpoints.yml names the action server's port as a variable
    services = AvailableEndpoints.read_endpoints(str(endpoints))
    is_here = settings.settings().actions == "in_process"
    agent = StrictAgent(
        tracker_store=require_ours(TrackerStore.create(services.tracker_store)),
        lock_store=LockStore.create(services.lock_store),
        action_endpoint=ActionsHere() if is_here else services.action,
    )
    agent.load_model(str(model))
    return agent


def is_strict(agent: Agent | None) -> bool:
    """Whether the agent is loaded, and ours with our tracker store (`rasa run` alone would not be)."""
    return isinstance(agent, StrictAgent) and isinstance(agent.processor, StrictProcessor)


async def warm_up(agent: StrictAgent) -> None:
    """Understand one sentence and predict what follows, so that the first person need not wait for it."""
    parsed = await agent.parse_message(WARM_UP)
    heard = UserUttered(WARM_UP, parsed["intent"], parsed["entities"], parsed)
    tracker = DialogueStateTracker("warm-up", agent.domain.slots)
    for event in (ActionExecuted(ACTION_LISTEN_NAME), heard):
        tracker.update(event, agent.domain)
    agent.predict_next_with_tracker(tracker)
    await agent.tracker_store.retrieve("warm-up")
    assess(CaseFacts.model_validate({"today": settings.california_today()}))
    _leave_what_stays()


def _leave_what_stays() -> None:
    """What was loaded stays until the end: Python need not look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
