"""`/staff/conversations/{id}`: what was said, what was understood, and what staff do with it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from imr_logic import vocabulary
from records import audit, call_queue, corrections, forgetting, inbox, notes, staff, transcripts
from records.corrections import Proposed
from records.inbox import STATUSES, Line
from records.links import case_id
from records.notes import NoteError
from records.transcripts import Answer, Turn
from settings import CALIFORNIA
from web.staff.case_card import Question, as_kept, corrected, why_asked
from web.staff.inbox import query_of, wanted_of
from web.staff.intents import intents
from web.staff.marking import Piece, pieces
from web.staff.rendering import go_to, show
from web.staff.visit import BadField, NotThere, Visit, without_nul
from web.staff.wording import problem

NOBODY = "0"


@dataclass(frozen=True)
class ShownTurn:
    """A turn with its text in pieces, and why each answer of it asked what it asked."""

    turn: Turn
    pieces: list[Piece]
    answers: list[tuple[Answer, Question | None]]


def show_transcript(visit: Visit, status: int = 200, problem: str = "") -> Response:
    """`GET /staff/conversations/{id}`: that it was looked at is in the log before it is shown."""
    line = _line(visit)
    audit.note(visit.me.name, "conversation.view", f"conversation {line.id}", url=visit.url)
    read = transcripts.read(line.id, url=visit.url)
    if read is None:
        raise NotThere
    chosen = query_of({name: without_nul(value) for name, value in visit.request.query_params.items()})
    proposed = corrections.of(line.id, url=visit.url)
    members = staff.members(url=visit.url)
    before, after = inbox.neighbours(line.id, wanted_of(chosen), url=visit.url)
    return show(
        visit,
        "transcript",
        status,
        problem=problem,
        kept=visit.form if problem else {},
        line=line,
        number=None if line.purged_at else case_id(line.sender_id, current=visit.current),
        opening=read.opening,
        turns=[_shown(turn) for turn in read.turns],
        card=as_kept(read.facts, read.assessment),
        corrected=corrected(read.facts, proposed, visit.today),
        corrections=_by_message(proposed),
        notes=notes.of(line.id, url=visit.url),
        requests=call_queue.of(line.id, url=visit.url),
        members=[one for one in members if one.ended_at is None],
        names={one.id: one.name for one in members},
        statuses=STATUSES,
        intents=intents(),
        facts=list(vocabulary()),
        before=before,
        after=after,
        query=urlencode(chosen),
    )


def set_status(visit: Visit) -> Response:
    """`POST /staff/conversations/{id}/status`."""
    status = visit.told("status", STATUSES)
    if not status:
        raise BadField("status", ", ".join(STATUSES))
    if not inbox.set_status(visit.number(), status, by=visit.me.name, url=visit.url):  # type: ignore[arg-type]
        raise NotThere
    return back(visit)


def assign(visit: Visit) -> Response:
    """`POST /staff/conversations/{id}/assign`: to an account that is open, or with 0 to nobody."""
    wanted = visit.told_number("to")
    who = staff.member(wanted, url=visit.url) if wanted else None
    if wanted is None or (wanted and (who is None or who.ended_at is not None)):
        raise BadField("to", ", ".join([NOBODY, *(str(one.id) for one in staff.members(url=visit.url))]))
    name = who.name if who else ""
    if not inbox.assign(visit.number(), who.id if who else None, name, by=visit.me.name, url=visit.url):
        raise NotThere
    return back(visit)


def write_note(visit: Visit) -> Response:
    """`POST /staff/conversations/{id}/notes`."""
    line = _line(visit)
    if line.purged_at:
        raise NotThere
    try:
        notes.add(line.id, visit.me.id, visit.told("text"), by=visit.me.name, url=visit.url)
    except NoteError as error:
        if error.code == "not_there":
            raise NotThere from None
        return show_transcript(visit, 400, problem(error.code))
    return back(visit)


def ask_to_forget(visit: Visit) -> Response:
    """`GET /staff/conversations/{id}/forget`: asks whether it is meant."""
    return show(visit, "forget", line=_line(visit), receipt=None)


def forget(visit: Visit) -> Response:
    """`POST /staff/conversations/{id}/forget`: erases it all, and shows the receipt."""
    line = _line(visit)
    sender = forgetting.of_number(line.id, url=visit.url)
    receipt = forgetting.forget(sender, by=visit.me.name, url=visit.url) if sender else forgetting.NOTHING
    return show(visit, "forget", line=line, receipt=receipt, days=visit.current.retention_days)


def _line(visit: Visit) -> Line:
    found = inbox.line(visit.number(), url=visit.url)
    if found is None:
        raise NotThere
    return found


def back(visit: Visit, at: int | None = None) -> Response:
    """The same page again, in the list it was opened from, at one of its messages."""
    query = urlencode(query_of(dict(visit.request.query_params)))
    path = f"/staff/conversations/{visit.number()}"
    return go_to(path + (f"?{query}" if query else "") + (f"#m{at}" if at else ""))


def _by_message(proposed: list[Proposed]) -> dict[int, list[Proposed]]:
    found: dict[int, list[Proposed]] = {}
    for one in proposed:
        found.setdefault(one.event_id, []).append(one)
    return found


def _shown(turn: Turn) -> ShownTurn:
    today = turn.at.astimezone(CALIFORNIA).date()
    answers = [
        (answer, why_asked(answer.asks, turn.facts, today) if answer.asks else None) for answer in turn.answers
    ]
    return ShownTurn(turn, pieces(turn.text, turn.found), answers)
