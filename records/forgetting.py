"""Forgetting: all that was kept of a person's conversation goes, in every place where something of it can be, and a
receipt says how much there was in each. A row without content stays for counting.

`forget` is at once and for good; `purge` does the same to conversations that nobody touched for a while, and keeps
what is counted (route, flags, how many messages). Doing either twice changes nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, not_, or_, select
from sqlalchemy.orm import Session

import settings
from records import audit, links, texters
from records.console_models import ConversationWord, Correction, Forgotten, Note
from records.engine import clear_traces, transaction
from records.models import FLAGS, Case, Consultation, Conversation, RasaEvent, now
from records.reach import Reach, as_reach
from records.sealing import SealError, fingerprint, unseal
from records.text_models import Reminder, ShortLink, TextIn, TextOut
from records.writing import changed, gone

FORGOTTEN = "imr-triage/forgotten/1"
FILE = "forgotten.jsonl"
AT_ONCE = 100
# Every place where something of a conversation can be, in the order of the receipt.
STORES = (
    "messages",
    "case",
    "search_words",
    "consultations",
    "notes",
    "corrections",
    "reminders",
    "texts",
    "links",
)


class Receipt(NamedTuple):
    """What was erased: how many rows in each store. Empty counts say that nothing was there (any more)."""

    erased: Mapping[str, int]

    @property
    def anything(self) -> bool:
        """Whether anything was there."""
        return any(self.erased.values())


NOTHING = Receipt(dict.fromkeys(STORES, 0))


def forget(sender_id: str, *, by: str, url: str | None = None) -> Receipt:
    """Erase all that is kept of a conversation, and make its row one that leads to nobody.

    That somebody said STOP stays, by law, and so does which text messages came, so that none is answered twice. `by`
    is who did it, for the log: "the person", a member of staff, "command line".
    """
    with transaction(url) as session:
        receipt, numbers = _erase(session, sender_id)
        for number in numbers:
            _make_anonymous(session, number, keep_counts=False)
        if receipt.anything:
            subject = f"conversation {numbers[0]}" if numbers else "conversation"
            audit.append(session, by, "forget", subject, dict(receipt.erased))
            _remember_to_forget(session, [sender_id], "forget")
    if receipt.anything:
        clear_traces(url)
    return receipt


def purge(before: datetime, *, by: str, url: str | None = None) -> int:
    """Erase the content of every conversation that nothing happened in since `before`. Returns how many."""
    done = 0
    while True:
        with transaction(url) as session:
            some = list(session.scalars(_stale(before).limit(AT_ONCE)))
            for sender_id in some:
                _, numbers = _erase(session, sender_id)
                for number in numbers:
                    _make_anonymous(session, number, keep_counts=True)
                    audit.append(session, by, "purge", f"conversation {number}")
            _remember_to_forget(session, some, "purge")
        if not some:
            break
        done += len(some)
    if done:
        clear_traces(url)
    return done


def by_case_number(number: str, *, url: str | None = None) -> str | None:
    """The conversation whose papers have this case number; None when there is none."""
    wanted = number.strip().lower()
    with transaction(url) as session:
        senders = session.scalars(select(Conversation.sender_id).where(Conversation.purged_at.is_(None)))
        return next((sender for sender in senders if links.case_id(sender) == wanted), None)


def of_number(conversation_id: int, *, url: str | None = None) -> str | None:
    """The conversation with a number of the console, unless its content is gone."""
    with transaction(url) as session:
        row = session.get(Conversation, conversation_id)
        return None if row is None or row.purged_at else str(row.sender_id)


def of_phone(e164: str, *, url: str | None = None) -> list[str]:
    """The conversations of a phone number: the one by text message, those whose reminders go to it, and those in
    which it was told for a call."""
    texter, wanted = texters.texter_id(e164), as_reach(e164)
    asked = (
        select(Conversation.sender_id, Consultation.reach).join(Consultation).where(Consultation.reach.is_not(None))
    )
    with transaction(url) as session:
        reminded = list(session.scalars(select(Reminder.sender_id).where(Reminder.texter_id == texter)))
        told = [sender for sender, sealed in session.execute(asked) if wanted and _reach(sealed) == wanted]
    return list(dict.fromkeys([texter, *reminded, *told]))


def _reach(sealed: str) -> Reach | None:
    try:
        return as_reach(unseal(sealed))
    except SealError:
        return None


def number_of(sender_id: str, *, url: str | None = None) -> int | None:
    """The number that a conversation has in the console."""
    with transaction(url) as session:
        return session.scalar(select(Conversation.id).where(Conversation.sender_id == sender_id))


def due(before: datetime, *, url: str | None = None) -> int:
    """How many conversations `purge` would empty."""
    with transaction(url) as session:
        return int(session.scalar(select(func.count()).select_from(_stale(before).subquery())) or 0)


def marks(url: str | None = None) -> dict[str, datetime]:
    """What a database knows of who was forgotten, by any process that writes to it, and when."""
    with transaction(url) as session:
        return _marks(session)


def remember(marks: Mapping[str, datetime]) -> None:
    """Keep these marks in the var folder too, where no restore of a database changes them."""
    new = _newer(marks, _forgotten())
    _write({"mark": mark, "at": at.isoformat(), "why": "restore"} for mark, at in new.items())


def forget_again(*, url: str | None = None) -> int:
    """After a backup was put back: erase once more what was forgotten or purged since, and let the database know, for
    other processes, who that is. Returns how many conversations."""
    forgotten = _forgotten()
    with transaction(url) as session:
        for mark, at in _newer(forgotten, _marks(session)).items():
            session.merge(Forgotten(mark=mark, at=at))
        wanted = select(Conversation.sender_id, Conversation.created_at).where(Conversation.purged_at.is_(None))
        kept = session.execute(wanted).all()
    # Who wrote again afterwards, as people who text do from the same number, is not forgotten for that.
    long_ago = datetime.min.replace(tzinfo=UTC)
    again = [one for one, begun in kept if begun <= forgotten.get(fingerprint(one, FORGOTTEN), long_ago)]
    return sum(forget(sender, by="restore", url=url).anything for sender in again)


def was_forgotten_since(session: Session, sender_id: str, moment: datetime) -> bool:
    """Whether a conversation was forgotten at or after a moment: what a turn that was under way then still holds must
    not be stored."""
    at = session.scalar(FORGOTTEN_AT, {"mark": fingerprint(sender_id, FORGOTTEN)})
    return at is not None and at >= moment


FORGOTTEN_AT = select(Forgotten.at).where(Forgotten.mark == bindparam("mark"))


def erase_again(session: Session, sender_id: str) -> None:
    """What a turn wrote that was under way when its conversation was forgotten."""
    _, numbers = _erase(session, sender_id)
    for number in numbers:
        _make_anonymous(session, number, keep_counts=False)


def _erase(session: Session, sender_id: str) -> tuple[Receipt, list[int]]:
    # Held, so that a turn that is being stored is stored before, and erased with the rest.
    held = select(Conversation.id).where(Conversation.sender_id == sender_id).with_for_update()
    numbers = list(session.scalars(held))
    counts = {
        "messages": _messages(session, sender_id),
        "notes": gone(session, Note, Note.conversation_id.in_(numbers)),
        "corrections": gone(session, Correction, Correction.conversation_id.in_(numbers)),
        "search_words": gone(session, ConversationWord, ConversationWord.conversation_id.in_(numbers)),
        "case": gone(session, Case, Case.conversation_id.in_(numbers)),
        "consultations": gone(session, Consultation, Consultation.conversation_id.in_(numbers)),
        "texts": _texts(session, sender_id),
        "links": gone(session, ShortLink, ShortLink.sender_id == sender_id),
        "reminders": _count(session, Reminder, Reminder.sender_id == sender_id),
    }
    counts["texts"] += texters.erase_in(session, sender_id)
    return Receipt({store: counts[store] for store in STORES}), numbers


def _messages(session: Session, sender_id: str) -> int:
    """Erases all that Rasa stored. Returns how many messages there were, of either side; at least one if anything was
    there."""
    of_it = RasaEvent.sender_id == sender_id
    said = _count(session, RasaEvent, of_it, RasaEvent.type_name.in_(("user", "bot")))
    return max(said, min(gone(session, RasaEvent, of_it), 1))


def _texts(session: Session, sender_id: str) -> int:
    """The words and numbers of text messages that still lie sealed. What is on its way in this very turn stays: its
    answer is the receipt."""
    waiting = (TextIn.texter_id == sender_id, TextIn.sealed.is_not(None), TextIn.claimed_by.is_(None))
    of_it = (TextOut.texter_id == sender_id, TextOut.sealed.is_not(None))
    on_its_way = and_(TextOut.kind.in_(("answer", "danger")), TextOut.state.in_(texters.OWED))
    dropped = changed(session, TextIn, *waiting, sealed=None, state="done")
    return dropped + changed(session, TextOut, *of_it, not_(on_its_way), sealed=None, state="dropped")


def _make_anonymous(session: Session, number: int, keep_counts: bool) -> None:
    values: dict[str, Any] = {"sender_id": f"gone-{number}", "preview": None, "next_date": None, "purged_at": now()}
    values |= {"assigned_to": None, "status": "done", "updated_at": Conversation.updated_at}
    if not keep_counts:
        values |= {"route": None, **dict.fromkeys(FLAGS, False)}
    changed(session, Conversation, Conversation.id == number, Conversation.purged_at.is_(None), **values)


def _stale(before: datetime) -> Any:
    """Conversations of which neither the person nor staff did anything since, and in which nothing is to come: a
    request for a call that staff work on is a sign of life, a call with a time or a reminder is a promise."""
    at_work = (
        select(func.max(Consultation.updated_at))
        .where(Consultation.conversation_id == Conversation.id)
        .scalar_subquery()
    )
    of_it = Consultation.conversation_id == Conversation.id
    booked = exists().where(of_it, Consultation.state == "booked", Consultation.booked_for >= now())
    reminded = exists().where(Reminder.sender_id == Conversation.sender_id, Reminder.state == "on")
    return (
        select(Conversation.sender_id)
        .where(Conversation.purged_at.is_(None), Conversation.updated_at < before)
        .where(or_(at_work.is_(None), at_work < before), not_(booked), not_(reminded))
        .order_by(Conversation.id)
    )


def _count(session: Session, table: Any, *conditions: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


def _remember_to_forget(session: Session, senders: Collection[str], why: str) -> None:
    """In the database, for turns that are under way; and outside of it, so that a backup that is put back does not
    bring back what was forgotten. Only marks: they lead to nobody without the signing key. Written before the erasing
    is final, so that nothing is erased that a backup could bring back."""
    if not senders:
        return
    moment = now()
    for sender in senders:
        session.merge(Forgotten(mark=fingerprint(sender, FORGOTTEN), at=moment))
    session.flush()
    _write({"mark": fingerprint(one, FORGOTTEN), "at": moment.isoformat(), "why": why} for one in senders)


def _marks(session: Session) -> dict[str, datetime]:
    return {row.mark: row.at for row in session.scalars(select(Forgotten))}


def _newer(marks: Mapping[str, datetime], known: Mapping[str, datetime]) -> dict[str, datetime]:
    return {mark: at for mark, at in marks.items() if mark not in known or known[mark] < at}


def _write(lines: Iterable[dict[str, str]]) -> None:
    path = settings.settings().var_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with _owned(path) as file:
        file.write("".join(f"{json.dumps(line)}\n" for line in lines))


def _forgotten() -> dict[str, datetime]:
    """When each mark was forgotten last, as the var folder knows it."""
    found: dict[str, datetime] = {}
    for line in _remembered():
        at = datetime.fromisoformat(line["at"])
        found[line["mark"]] = max(at, found.get(line["mark"], at))
    return found


def _owned(path: Path) -> Any:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "a", encoding="ascii")


def _remembered() -> list[dict[str, str]]:
    path = settings.settings().var_dir / FILE
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
