"""What staff sort conversations by, taken from Rasa's events as they are stored, in the same transaction.

Works on events as plain JSON, so that it needs no Rasa.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import takewhile

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from records import schema, search_words
from records.engine import transaction
from records.models import Conversation, RasaEvent, now
from records.stored_events import (
    PRIVATE,
    REMOVED,
    SLOT,
    Plain,
    is_of_the_person,
    mapping,
    mappings,
    moment_of,
    parsed,
    shown_text,
)

FALLBACK = "nlu_fallback"
NOT_HELPED = "wish=not_helped"
PREVIEW = 160
FEWEST_WORDS_OF_A_STORY = 4


def take_in(session: Session, sender_id: str, events: Sequence[Plain]) -> None:
    """Bring the conversation's row up to date with new events."""
    if not events:
        return
    row = _row(session, sender_id, _channel_in(events))
    said = [event for event in events if is_of_the_person(event)]
    texts = [text for event in said if (text := shown_text(event)) and text != REMOVED]
    is_answered = row.answered_at is not None
    answered_at = next((moment_of(event) for event in events if _assessment(event)), None)
    told = {
        "messages": row.messages + len(said),
        "questions": row.questions + (0 if is_answered else _asked_before_an_answer(events)),
        "preview": row.preview or _preview(texts),
        "crisis": row.crisis or any(_card_kind(event) == "crisis" for event in events),
        "fell_back": row.fell_back or any(_intent(event) == FALLBACK and not _is_private(event) for event in said),
        "not_understood": row.not_understood or any(_was_not_understood(event) for event in events),
        "thumbs_down": row.thumbs_down or any(_says_not_helped(event) for event in events),
        "answered_at": row.answered_at if is_answered else answered_at,
        "updated_at": now(),
    }
    session.execute(TELL, {"of": row.id, **{f"to_{name}": value for name, value in told.items()}})
    search_words.add(session, row.id, texts)


def catch_up(*, url: str | None = None) -> int:
    """Take in the conversations of before there were digests. Returns how many."""
    undigested = (
        select(RasaEvent.sender_id)
        .outerjoin(Conversation, Conversation.sender_id == RasaEvent.sender_id)
        .where(RasaEvent.type_name == "user", RasaEvent.intent_name.not_in(("greet", "delete_my_data")))
        .where(func.coalesce(Conversation.messages, 0) == 0)
        .distinct()
    )
    with transaction(url) as session:
        schema.wait_for_turn(session.connection())  # of several processes that start at once, one does it
        senders = list(session.scalars(undigested))
        for sender_id in senders:
            rows = session.scalars(
                select(RasaEvent).where(RasaEvent.sender_id == sender_id).order_by(RasaEvent.id)
            ).all()
            moved = max((row.timestamp or 0 for row in rows), default=0)
            take_in(session, sender_id, [parsed(row.data) for row in rows])
            conversation = session.scalars(select(Conversation).where(Conversation.sender_id == sender_id)).one()
            conversation.updated_at = datetime.fromtimestamp(moved, UTC)
    return len(senders)


def _row(session: Session, sender_id: str, channel: str | None) -> Row:
    found = session.execute(TOLD, {"of": sender_id}).first()
    if found is None:
        session.execute(NEW, {"sender_id": sender_id, "channel": channel or sender_id.partition("-")[0]})
        found = session.execute(TOLD, {"of": sender_id}).one()
    return found


# Each statement is put together once, since that takes longer than running it.
KEPT = ("messages", "questions", "preview", "crisis", "fell_back", "not_understood", "thumbs_down", "answered_at")
table = Conversation.__table__
TOLD = select(table.c.id, *(table.c[name] for name in KEPT)).where(table.c.sender_id == bindparam("of"))
TELL = (
    update(table)
    .where(table.c.id == bindparam("of"))
    .values({name: bindparam(f"to_{name}") for name in (*KEPT, "updated_at")})
)
NEW = insert(table)


def _channel_in(events: Sequence[Plain]) -> str | None:
    return next((str(event["input_channel"]) for event in events if event.get("input_channel")), None)


def _preview(texts: Sequence[str]) -> str | None:
    """The first words that tell something."""
    told = [words for text in texts if len(words := text.split()) >= FEWEST_WORDS_OF_A_STORY]
    return " ".join(told[0])[:PREVIEW] if told else None


def _custom(event: Plain) -> Plain:
    return mapping(mapping(event.get("data")).get("custom")) if event.get("event") == "bot" else {}


def _asked_before_an_answer(events: Sequence[Plain]) -> int:
    unanswered = takewhile(lambda event: not _assessment(event), events)
    return sum(1 for event in unanswered if _custom(event).get("asks"))


def _is_private(event: Plain) -> bool:
    """Whether it tells a name or a number for a call, which nobody tries to understand."""
    return mapping(event.get("metadata")).get(PRIVATE) is True


def _card_kind(event: Plain) -> str | None:
    return mapping(_custom(event).get("card")).get("kind")


def _assessment(event: Plain) -> bool:
    """Whether it is an answer; to be told to get help at once is none yet."""
    return bool(_custom(event).get("assessment")) and _card_kind(event) != "crisis"


def _intent(event: Plain) -> str | None:
    return mapping(mapping(event.get("parse_data")).get("intent")).get("name")


def _was_not_understood(event: Plain) -> bool:
    """Whether the memory counts an answer that was not understood."""
    if event.get("event") != "slot" or event.get("name") != SLOT:
        return False
    return bool(mapping(event.get("value")).get("tries"))


def _says_not_helped(event: Plain) -> bool:
    entities = mappings(mapping(event.get("parse_data")), "entities")
    said = {str(one.get("value")) for one in entities if one.get("entity") in ("choice", "wish")}
    return event.get("event") == "user" and bool(said & {NOT_HELPED, NOT_HELPED.partition("=")[2]})
