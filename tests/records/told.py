"""Conversations as they lie in the records: events as Rasa writes them, taken in as the tracker store takes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cli.bench.console.made import bot_event, user_event
from records import cases, conversations, digests
from records.engine import transaction
from records.models import Conversation, RasaEvent
from records.stored_events import mapping

SENDER = "web-0123456789abcdef0123456789abcdef"
BEGAN = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
FACTS = {"today": "2026-11-23", "plan_type": "commercial", "denial_letter_date": "2026-10-05"}
STORY = "Kaiser denied my back MRI, the letter is dated October 5th"


def said(text: str, **more: Any) -> dict[str, Any]:
    """A message of the person."""
    return {"event": "user", **user_event(text, 0, **more)}


def pressed(payload: str) -> dict[str, Any]:
    """A button."""
    text = f"/give_details{json.dumps({'choice': payload})}"
    reading = {"intent": {"name": "give_details"}, "entities": [{"entity": "choice", "value": payload}]}
    return {"event": "user", "text": text, "parse_data": reading, "input_channel": "web"}


def answered(text: str, asks: str | None = None, **custom: Any) -> dict[str, Any]:
    """A message of the assistant."""
    return {"event": "bot", **bot_event(text, asks, **custom)}


def known(facts: dict[str, Any], tries: int = 0, source: str = "said") -> dict[str, Any]:
    """What is known of the case after a message."""
    kept = {name: {"value": value, "source": source} for name, value in facts.items()}
    return {"event": "slot", "name": "case", "value": {"facts": kept, "tries": tries}}


def tell(url: str, *events: dict[str, Any], sender: str = SENDER, began: datetime = BEGAN) -> int:
    """Write the events of a conversation, a second apart. Returns the conversation's number in the console."""
    number = conversations.start(sender, sender[:3], url=url)
    with transaction(url) as session:
        told = [{**event, "timestamp": began.timestamp() + at} for at, event in enumerate(events)]
        digests.take_in(session, sender, told)
        session.add_all(_row(sender, event) for event in told)
        session.get(Conversation, number).updated_at = began
    return number


def tell_story(url: str, sender: str = SENDER, story: str = STORY, began: datetime = BEGAN) -> int:
    """A story, a question and its answer, and the case that came of it."""
    facts = {name: value for name, value in FACTS.items() if name != "today"}
    number = tell(
        url,
        said(story, intent="report_denial"),
        known(facts),
        answered("Is anyone in danger?", "immediate_danger"),
        pressed("immediate_danger=false"),
        known({**facts, "immediate_danger": False}),
        answered("File a grievance first.", assessment={"route": "plan_grievance"}),
        sender=sender,
        began=began,
    )
    keep_case(url, sender)
    with transaction(url) as session:
        session.get(Conversation, number).updated_at = began
    return number


def keep_case(url: str, sender: str = SENDER, **changes: Any) -> None:
    """A case with its assessment, as the actions keep it."""
    from imr_logic import CaseFacts, assess

    found = assess(CaseFacts.model_validate({**FACTS, **changes}))
    cases.save(sender, sender[:3], {**FACTS, **changes}, found, found.today, url=url)


def _row(sender: str, event: dict[str, Any]) -> RasaEvent:
    intent = mapping(mapping(event.get("parse_data")).get("intent")).get("name")
    return RasaEvent(
        sender_id=sender,
        type_name=event["event"],
        timestamp=event["timestamp"],
        intent_name=intent,
        data=json.dumps(event),
    )
