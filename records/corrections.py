"""What staff say was misread: collected, looked at by a second person, and handed out as a change to commit.

Nothing trains by itself. The words of a correction are those of the message, from which identifiers were taken at the
door, and who proposes may put placeholders in place of names; they are erased with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from imr_logic import BadFact, parse_fact, vocabulary
from records import audit, conversations
from records.console_models import Correction, StaffMember
from records.engine import transaction
from records.models import now
from records.writing import changed

Kind = Literal["intent", "fact", "good", "misunderstood"]
State = Literal["proposed", "approved", "refused", "exported"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: tuple[State, ...] = get_args(State)
LONGEST_TEXT = 4000
OPEN: tuple[State, ...] = ("proposed", "approved")


class CorrectionError(ValueError):
    """A correction that cannot be kept or decided so; `code` says why, `detail` names what was wrong."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to correct in one message. `span`: where the fact stands in `text` (its words), or empty;
    `right` is None for a fact that was not told."""

    event_id: int
    kind: str
    text: str
    said_on: date
    expecting: str | None = None
    fact: str | None = None
    was: Any = None
    right: Any = None
    span: str = ""


@dataclass(frozen=True)
class Proposed:
    """A correction as it is kept."""

    id: int
    conversation_id: int
    event_id: int
    kind: Kind
    fact: str | None
    was: Any
    right: Any
    start: int | None
    end: int | None
    text: str
    expecting: str | None
    said_on: date
    state: State
    author: str
    author_id: int
    decider: str | None

    @property
    def span(self) -> str:
        """The words that the fact stands in."""
        return self.text[self.start : self.end] if self.start is not None else ""


def propose(
    conversation_id: int, wanted: Proposal, staff_id: int, *, by: str, intents: Iterable[str], url: str | None = None
) -> int:
    """Keep a correction. Raises CorrectionError ("bad_kind", "bad_intent", "bad_fact", "bad_value", "bad_span",
    "no_text", "long_text", "same_intent", "to_come", "twice", "not_there"). Returns its number."""
    start, end = _checked(wanted, frozenset(intents))
    row = Correction(
        conversation_id=conversation_id,
        event_id=wanted.event_id,
        kind=wanted.kind,
        fact=wanted.fact if wanted.kind == "fact" else None,
        was=wanted.was,
        right=wanted.right,
        start=start,
        end=end,
        text=wanted.text.strip(),
        expecting=wanted.expecting,
        said_on=wanted.said_on,
        author_id=staff_id,
    )
    with transaction(url) as session:
        if not conversations.hold(session, conversation_id):
            raise CorrectionError("not_there")
        if _is_there_already(session, row):
            raise CorrectionError("twice")
        session.add(row)
        session.flush()
        details = {"correction": row.id, "kind": row.kind, "fact": row.fact}
        audit.append(session, by, "correction.propose", f"conversation {conversation_id}", details)
        return int(row.id)


def decide(correction_id: int, approve: bool, staff_id: int, *, by: str, url: str | None = None) -> None:
    """Approve or refuse a correction, which the one who proposed it cannot approve. Raises CorrectionError
    ("not_there" | "own_correction" | "decided")."""
    with transaction(url) as session:
        row = session.get(Correction, correction_id)
        if row is None:
            raise CorrectionError("not_there")
        if row.state != "proposed":
            raise CorrectionError("decided")
        if approve and row.author_id == staff_id:
            raise CorrectionError("own_correction")
        decided = {"state": "approved" if approve else "refused", "decided_by": staff_id, "decided_at": now()}
        is_open = (Correction.id == correction_id, Correction.state == "proposed")
        if not changed(session, Correction, *is_open, **decided):  # somebody else was a moment earlier
            raise CorrectionError("decided")
        action = "correction.approve" if approve else "correction.refuse"
        audit.append(session, by, action, f"conversation {row.conversation_id}", {"correction": row.id})


def listed(state: str | None, limit: int, *, before: int | None = None, url: str | None = None) -> list[Proposed]:
    """The newest corrections first, those before a number."""
    wanted = _select().order_by(Correction.id.desc()).limit(limit)
    wanted = wanted.where(Correction.state == state) if state else wanted
    return _read(wanted.where(Correction.id < before) if before else wanted, url)


def of(conversation_id: int, *, url: str | None = None) -> list[Proposed]:
    """The corrections of a conversation, the oldest first."""
    return _read(_select().where(Correction.conversation_id == conversation_id).order_by(Correction.id), url)


def approved(*, url: str | None = None) -> list[Proposed]:
    """The corrections to hand out, the oldest first."""
    return _read(_select().where(Correction.state == "approved").order_by(Correction.id), url)


def exported(numbers: Collection[int], *, by: str, url: str | None = None) -> None:
    """Note which corrections were handed out."""
    with transaction(url) as session:
        changed(session, Correction, Correction.id.in_(numbers), Correction.state == "approved", state="exported")
        audit.append(session, by, "correction.export", "corrections", {"corrections": sorted(numbers)})


def waiting(*, url: str | None = None) -> int:
    """How many wait for a second person."""
    with transaction(url) as session:
        return len(session.scalars(select(Correction.id).where(Correction.state == "proposed")).all())


def _checked(wanted: Proposal, intents: frozenset[str]) -> tuple[int | None, int | None]:
    """Where the fact stands in the text. Raises CorrectionError."""
    if wanted.kind not in KINDS:
        raise CorrectionError("bad_kind", wanted.kind)
    if not wanted.text.strip():
        raise CorrectionError("no_text")
    if len(wanted.text) > LONGEST_TEXT:
        raise CorrectionError("long_text")
    if wanted.kind == "intent" and wanted.right not in intents:
        raise CorrectionError("bad_intent", str(wanted.right))
    if wanted.kind == "intent" and wanted.right == wanted.was:
        raise CorrectionError("same_intent", str(wanted.right))
    return _checked_fact(wanted) if wanted.kind == "fact" else (None, None)


def _checked_fact(wanted: Proposal) -> tuple[int | None, int | None]:
    if wanted.fact not in vocabulary():
        raise CorrectionError("bad_fact", str(wanted.fact))
    try:
        if wanted.right is not None:
            parse_fact(str(wanted.fact), wanted.right)
    except BadFact as error:
        raise CorrectionError("bad_value", str(error)) from None
    if _is_to_come(wanted):
        raise CorrectionError("to_come", str(wanted.fact))
    if not wanted.span.strip():
        return None, None
    found = re.search(re.escape(wanted.span.strip()), wanted.text.strip(), re.IGNORECASE)
    if found is None:
        raise CorrectionError("bad_span", wanted.span)
    return found.span()


def _is_to_come(wanted: Proposal) -> bool:
    """Whether something that has happened is said to be after the day of the message."""
    spec = vocabulary()[str(wanted.fact)]
    if wanted.right is None or spec.kind != "day" or not spec.past:
        return False
    return bool(parse_fact(spec.name, wanted.right).earliest > wanted.said_on)


def _is_there_already(session: Session, row: Correction) -> bool:
    """Whether somebody said of this message what cannot stand beside it: the same, or the same fact otherwise."""
    same = (Correction.event_id == row.event_id, Correction.kind == row.kind, Correction.state.in_(OPEN))
    wanted = select(Correction.id).where(Correction.conversation_id == row.conversation_id, *same)
    wanted = wanted.where(Correction.fact == row.fact) if row.fact else wanted
    return session.scalar(wanted.limit(1)) is not None


def _select() -> Any:
    author, decider = aliased(StaffMember), aliased(StaffMember)
    return (
        select(Correction, author.name, decider.name)
        .join(author, author.id == Correction.author_id)
        .outerjoin(decider, decider.id == Correction.decided_by)
    )


def _read(wanted: Any, url: str | None) -> list[Proposed]:
    with transaction(url) as session:
        return [_proposed(*row) for row in session.execute(wanted)]


def _proposed(row: Correction, author: str, decider: str | None) -> Proposed:
    return Proposed(
        id=row.id,
        conversation_id=row.conversation_id,
        event_id=row.event_id,
        kind=row.kind,
        fact=row.fact,
        was=row.was,
        right=row.right,
        start=row.start,
        end=row.end,
        text=row.text,
        expecting=row.expecting,
        said_on=row.said_on,
        state=row.state,
        author=author,
        author_id=row.author_id,
        decider=decider,
    )
