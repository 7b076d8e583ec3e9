"""First in the pipeline: the safety screen, then the facts and dates that a message states."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.messages import as_entities, danger_found, set_danger
from nlu.facts import read
from nlu.reading import Evidence, Reading
from nlu.safety import Danger, screen
from settings import california_today

logger = logging.getLogger(__name__)

WARM_UP = "They denied my scan on October 5."


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DenialFactReader(GraphComponent):
    """Sets `entities`, and the intent when somebody is in danger. It needs nothing that was trained, so that
    a danger is noticed even when everything behind it fails."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DenialFactReader:
        """Make the component (called by Rasa). The rules are compiled now, which takes a second or two, so that
        the first message does not wait for it and a damaged rule is noticed at the start."""
        read(WARM_UP, california_today())
        return cls()

    def __init__(self, today: Callable[[], date] = california_today) -> None:
        self._today = today

    def process(self, messages: list[Message]) -> list[Message]:
        """Screen and read every message."""
        for message in messages:
            text = message.get(TEXT) or ""
            danger = screen(text)
            if danger:
                set_danger(message, danger.kind)
            reading = self._read(message, text) or reading_of_danger(danger, text)
            if reading.safety and not danger_found(message):
                set_danger(message, reading.safety)
            message.set(ENTITIES, as_entities(reading), add_to_output=True)
        return messages

    def _read(self, message: Message, text: str) -> Reading | None:
        """The reading, or None when the reader failed: a danger must get through all the same."""
        try:
            return read(text, self._today(), expected_fact(message))
        except Exception as error:  # any failure at all
            logger.error("The fact reader failed (%s); the message has no facts.", type(error).__name__)
            return None


def reading_of_danger(danger: Danger | None, text: str) -> Reading:
    """A reading that holds nothing but the danger."""
    if danger is None:
        return Reading()
    found = Evidence(
        fact="immediate_danger",
        value=True,
        start=danger.start,
        end=danger.end,
        text=text[danger.start : danger.end],
        rule=danger.rule,
        confidence=1.0,
    )
    return Reading(facts={"immediate_danger": True}, evidence=[found], safety=danger.kind)


def expected_fact(message: Message) -> str | None:
    """The fact that was asked last, when the channel or the tracker says so in the message's metadata."""
    metadata = message.get(METADATA)
    expecting = metadata.get("expecting") if isinstance(metadata, dict) else None
    return expecting if isinstance(expecting, str) else None
