"""What must hold of every conversation after things broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from channels.tokens import Tokens
from imr_logic import CaseFacts, assess
from records.engine import new_engine
from records.models import Case, Conversation, RasaEvent
from records.stored_events import MESSAGE_ID, SLOT, parsed
from tests.faults.crowd import Crowd, Person


class Found(NamedTuple):
    """How many conversations and messages there were, and every fault found, in words."""

    conversations: int
    messages: int
    faults: list[str]


def check(crowd: Crowd, url: str, key: str, calm: Sequence[Sequence[list[str]]] | None) -> Found:
    """Look at every conversation in the database. `calm` has the answers to each line of each story when nothing
    breaks (None: they depend on the moment); the signing key opens the tokens."""
    faults = [f"odd answer: {one}" for one in crowd.oddities]
    tokens = Tokens(key, 1_000_000)  # a clock may have jumped since
    database = new_engine(url)
    with Session(database, future=True) as session:
        for person in crowd.people:
            faults += [f"given up: {mark}" for mark in person.given_up]
            sender = tokens.read(f"Bearer {person.conversation}") if person.conversation else ""
            faults += _of_one(session, person, sender, calm[person.story] if calm else None)
        faults += _doubled(session)
    database.dispose()
    return Found(len(crowd.people), sum(len(person.heard) for person in crowd.people), faults)


def _of_one(session: Session, person: Person, sender: str, calm: Sequence[list[str]] | None) -> list[str]:
    rows = session.scalars(select_events(sender)).all()
    events = [parsed(row) for row in rows]
    numbers = Counter(_number(event) for event in events if _number(event))
    faults = []
    for place, (mark, line, texts) in enumerate(person.heard):
        if numbers[mark] != 1:
            faults.append(f"heard {numbers[mark]} times: {line[:40]!r}")
        stored = _answer_to(events, mark)
        if stored != texts:
            faults.append(f"the answer to {line[:40]!r} is not what is kept")
        if calm and texts != calm[place]:
            faults.append(f"the answer to {line[:40]!r} is another than in calm: {texts} / {calm[place]}"[:400])
    told = [mark for mark, *_ in person.heard]
    kept = [number for number in (_number(event) for event in events) if number]
    if kept[: len(told)] != told:
        faults.append("the messages are not in their order")
    return faults + _case(session, sender, events)


def select_events(sender: str) -> Any:
    """The question for the events of a conversation, in their order."""
    return sa.select(RasaEvent.data).where(RasaEvent.sender_id == sender).order_by(RasaEvent.id)


def _number(event: dict[str, Any]) -> str | None:
    return (event.get("metadata") or {}).get(MESSAGE_ID) if event.get("event") == "user" else None


def _answer_to(events: Sequence[dict[str, Any]], mark: str) -> list[str]:
    texts, is_it = [], False
    for event in events:
        if event.get("event") == "user":
            is_it = _number(event) == mark
        elif event.get("event") == "bot" and is_it:
            texts.append(str(event.get("text") or ""))
    return texts


def _case(session: Session, sender: str, events: Sequence[dict[str, Any]]) -> list[str]:
    """A case that is not what its facts lead to, or whose facts are not those of the conversation."""
    wanted = sa.select(Case).join(Conversation).where(Conversation.sender_id == sender)
    case = session.scalars(wanted).first()
    if case is None:
        return []
    slots = [event["value"] for event in events if event.get("event") == "slot" and event.get("name") == SLOT]
    told = {name: one["value"] for name, one in (slots[-1]["facts"] if slots else {}).items()}
    facts = CaseFacts.model_validate({"today": case.facts["today"], **told})
    if facts.as_plain() != case.facts:
        return [f"the case of {sender[:8]} has other facts than its conversation: {facts.as_plain()} / {case.facts}"]
    again = assess(facts).model_dump(mode="json")
    return [] if again == case.assessment else [f"the case of {sender[:8]} is not what its facts lead to"]


def _doubled(session: Session) -> list[str]:
    """Messages with one number in two events, and conversations in two rows."""
    same = sa.select(RasaEvent.sender_id).where(RasaEvent.message_id.is_not(None))
    same = same.group_by(RasaEvent.sender_id, RasaEvent.message_id).having(sa.func.count() > 1)
    rows = sa.select(Conversation.sender_id).group_by(Conversation.sender_id).having(sa.func.count() > 1)
    return [f"doubled: {sender[:8]}" for question in (same, rows) for sender in session.scalars(question)]
