"""How a reading looks on a Rasa message: plain JSON values only, since every message is stored."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from nlu.intents import Prediction
from nlu.reading import DateReading, Evidence, Reading, SafetyKind
from nlu.understand import SAFETY_INTENTS

EXTRACTOR = "DenialFactReader"
DATE_WITHOUT_FACT = "date"
SAFETY = "safety"
WISH = "wish"


def as_entities(reading: Reading) -> list[dict[str, Any]]:
    """One entity a piece of evidence and one a date, in the order of the text."""
    dated = {(found.fact, found.start, found.end) for found in reading.dates}
    stated = [
        evidence_entity(found)
        for found in reading.evidence
        if (found.fact, found.start, found.end) not in dated  # the date's own entity says more
    ]
    entities = stated + [date_entity(found) for found in reading.dates]
    return wish_entities(reading) + sorted(entities, key=lambda entity: (entity["start"], entity["end"]))


def wish_entities(reading: Reading) -> list[dict[str, Any]]:
    """The wish of a message as an entity, which is how it reaches the actions; it has no place in the text."""
    if reading.wish is None:
        return []
    return [{"entity": WISH, "value": reading.wish, "start": 0, "end": 0, "extractor": EXTRACTOR, "role": "wish"}]


def evidence_entity(found: Evidence) -> dict[str, Any]:
    """The entity of one fact; its role says whether it was stated or only follows."""
    said = found.model_dump(mode="json")
    return {
        "entity": said["fact"],
        "value": said["value"],
        "start": said["start"],
        "end": said["end"],
        "text": said["text"],
        "confidence_entity": said["confidence"],
        "extractor": EXTRACTOR,
        "rule": said["rule"],
        "role": "stated" if found.stated else "implied",
    }


def date_entity(found: DateReading) -> dict[str, Any]:
    """The entity of one date: its value is an interval of ISO days (None for an impossible day)."""
    said = found.model_dump(mode="json")
    return {
        "entity": said["fact"] or DATE_WITHOUT_FACT,
        "value": {key: said[key] for key in ("earliest", "latest", "precision")},
        "start": said["start"],
        "end": said["end"],
        "text": said["text"],
        "confidence_entity": said["confidence"],
        "extractor": EXTRACTOR,
        "rule": said["rule"],
        "role": "stated",
    }


def stated_facts(message: Message) -> set[str]:
    """The facts that the reader found stated in a message."""
    entities = message.get(ENTITIES) or []
    return {
        entity["entity"]
        for entity in entities
        if entity.get("role") == "stated" and entity["entity"] != DATE_WITHOUT_FACT
    }


def wish_of(message: Message) -> str | None:
    """What a message wishes of the talk itself, if anything."""
    wishes = (entity["value"] for entity in message.get(ENTITIES) or [] if entity["entity"] == WISH)
    return next(wishes, None)


def as_ranking(prediction: Prediction) -> list[dict[str, Any]]:
    """The ranking in Rasa's words."""
    return [{"name": name, "confidence": confidence} for name, confidence in prediction.ranking]


def set_danger(message: Message, kind: SafetyKind, confidence: float = 1.0) -> None:
    """Make the danger the message's intent; certain (1.0) when a rule found it."""
    intent = {"name": SAFETY_INTENTS[kind], "confidence": confidence}
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
    message.set(SAFETY, kind, add_to_output=True)


def danger_found(message: Message) -> bool:
    """Whether the safety screen has spoken about this message."""
    return message.get(SAFETY) is not None
