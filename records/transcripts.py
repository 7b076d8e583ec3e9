"""A conversation as staff read it: what was said, what was understood in it, what was asked, how the case grew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from records.engine import transaction
from records.models import Case, Conversation, RasaEvent
from records.stored_events import (
    REMOVED,
    SLOT,
    is_of_the_person,
    mapping,
    mappings,
    moment_of,
    number,
    parsed,
    payload_of,
    shown_text,
)


class Found(NamedTuple):
    """Something that was understood in a message: a fact, a date or a wish, and where it stands in the text. `start`
    and `end` are equal for what was concluded from the whole."""

    name: str
    value: Any
    start: int
    end: int
    rule: str | None


class Change(NamedTuple):
    """A fact of the case that a message added, changed or took back (`after` is None)."""

    fact: str
    before: Any
    after: Any
    source: str


@dataclass
class Answer:
    """One message of the assistant. `asks` is the fact that it asked for, `card` the kind of card it had."""

    text: str
    at: datetime
    asks: str | None
    buttons: tuple[str, ...]
    card: str | None


@dataclass
class Turn:
    """One message of the person (`event_id` is its number in the log of events), and all that came of it.

    `chosen` is the payload of a pressed button, `title` what stood on it; `private` says that the words were not
    kept. `expecting` is the fact that was asked for before. `facts` are those of the case afterwards. `took` is in
    milliseconds.
    """

    event_id: int
    at: datetime
    text: str
    chosen: str | None = None
    title: str | None = None
    private: bool = False
    intent: str | None = None
    confidence: float | None = None
    ranking: tuple[tuple[str, float], ...] = ()
    expecting: str | None = None
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    begins_anew: bool = False
    took: int | None = None


@dataclass(frozen=True)
class Transcript:
    """The turns of a conversation, what the assistant said before the first, and the case as it was kept: `facts` and
    `assessment` are plain JSON, perhaps written by an older version."""

    opening: tuple[Answer, ...]
    turns: tuple[Turn, ...]
    facts: Mapping[str, Any]
    assessment: Mapping[str, Any]


def read(conversation_id: int, *, url: str | None = None) -> Transcript | None:
    """The transcript of a conversation; None when there is no such conversation."""
    with transaction(url) as session:
        sender_id = session.scalar(select(Conversation.sender_id).where(Conversation.id == conversation_id))
        if sender_id is None:
            return None
        kept = select(RasaEvent.id, RasaEvent.data).where(
            RasaEvent.sender_id == sender_id, RasaEvent.type_name.in_(("user", "bot", "slot", "restart"))
        )
        events = [(row.id, parsed(row.data)) for row in session.execute(kept.order_by(RasaEvent.id))]
        case = session.get(Case, conversation_id)
        facts, assessment = (mapping(case.facts), mapping(case.assessment)) if case else ({}, {})
    opening, turns = _told(events)
    return Transcript(tuple(opening), tuple(turns), facts, assessment)


def message(conversation_id: int, event_id: int, *, url: str | None = None) -> Turn | None:
    """One message of the person in a conversation."""
    found = read(conversation_id, url=url)
    return next((turn for turn in found.turns if turn.event_id == event_id), None) if found else None


def _told(events: Iterable[tuple[int, dict[str, Any]]]) -> tuple[list[Answer], list[Turn]]:
    opening: list[Answer] = []
    turns: list[Turn] = []
    titles: dict[str, str] = {}
    facts: dict[str, Any] = {}
    for event_id, event in events:
        kind = event.get("event")
        if is_of_the_person(event):
            turns.append(_turn(event_id, event, titles))
        elif kind == "bot":
            titles.update(_titles(event))
            (turns[-1].answers if turns else opening).append(_answer(event))
        elif kind == "slot" and event.get("name") == SLOT and turns:
            known = {name: mapping(one) for name, one in mapping(mapping(event.get("value")).get("facts")).items()}
            turns[-1].changes += _changes(facts, known)
            turns[-1].tries = int(number(mapping(event.get("value")).get("tries")))
            facts = known
        elif kind == "restart" and turns:
            turns[-1].begins_anew = True
            facts = {}
        if turns and kind != "user":
            turns[-1].facts = {name: one.get("value") for name, one in facts.items()}
            turns[-1].took = round((moment_of(event).timestamp() - turns[-1].at.timestamp()) * 1000)
    return opening, turns


def _turn(event_id: int, event: Mapping[str, Any], titles: Mapping[str, str]) -> Turn:
    reading = mapping(event.get("parse_data"))
    intent = mapping(reading.get("intent"))
    payload = payload_of(str(event.get("text") or ""))
    ranking = tuple(
        (str(one.get("name")), number(one.get("confidence"))) for one in mappings(reading, "intent_ranking")
    )
    text = shown_text(event)
    # What was found is counted in the text as it came, which may begin with a mark that is not shown.
    shift = len(str(event.get("text") or "")) - len(text) if not payload else 0
    return Turn(
        event_id=event_id,
        at=moment_of(event),
        text="" if text == REMOVED else text,
        chosen=payload,
        title=titles.get(payload or ""),
        private=text == REMOVED,
        intent=str(intent.get("name") or "") or None,
        confidence=number(intent.get("confidence")) if "confidence" in intent else None,
        ranking=ranking,
        expecting=str(mapping(event.get("metadata")).get("expecting") or "") or None,
        found=[_found(one, shift) for one in mappings(reading, "entities") if not payload],
    )


def _found(entity: Mapping[str, Any], shift: int) -> Found:
    start, end = (max(0, int(number(entity.get(name))) - shift) for name in ("start", "end"))
    return Found(str(entity.get("entity")), entity.get("value"), start, end, entity.get("rule"))


def _answer(event: Mapping[str, Any]) -> Answer:
    data = mapping(event.get("data"))
    custom = mapping(data.get("custom"))
    kind = mapping(custom.get("card")).get("kind") or ("answer" if custom.get("assessment") else None)
    text = "" if event.get("text") == REMOVED else str(event.get("text") or "")
    buttons = tuple(str(one.get("title")) for one in mappings(data, "buttons"))
    asks = str(custom.get("asks") or "") or None
    return Answer(text, moment_of(event), asks, buttons, str(kind) if kind else None)


def _titles(event: Mapping[str, Any]) -> dict[str, str]:
    return {str(one.get("payload")): str(one.get("title")) for one in mappings(mapping(event.get("data")), "buttons")}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    names = [*after, *(name for name in before if name not in after)]
    changes = (Change(name, _value(before, name), _value(after, name), _source(after, name)) for name in names)
    return [change for change in changes if change.before != change.after]


def _value(facts: Mapping[str, Any], name: str) -> Any:
    return mapping(facts.get(name)).get("value")


def _source(facts: Mapping[str, Any], name: str) -> str:
    return str(mapping(facts.get(name)).get("source") or "")
