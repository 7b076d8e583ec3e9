"""`/staff/consultations`: who wants a call, what became of it, and files to take away."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from documents.appointments import Appointment, appointments_calendar
from imr_logic.language import days_left
from records import audit, call_queue, cases, inbox, notes
from records.call_queue import STATES, Contact, QueueError, Waiting
from records.models import now
from records.notes import NoteError
from records.stored_events import mapping
from settings import CALIFORNIA
from web.staff.case_card import Card, as_kept
from web.staff.rendering import HEADERS, go_to, moment, route_title, show
from web.staff.sheets import as_csv
from web.staff.visit import BadField, NotThere, Visit
from web.staff.wording import problem, texts

LINES = 50
MOST_EXPORTED = 5000
A_YEAR = timedelta(days=366)
CONSULTATIONS = "/staff/consultations"


def show_queue(visit: Visit, status: int = 200, problem: str = "") -> Response:
    """`GET /staff/consultations`: the new ones first asked for, without a contact."""
    state = visit.asked("state", (*STATES, "all")) or "new"
    wanted = None if state == "all" else state
    found = call_queue.queue(wanted, LINES + 1, after=visit.asked_number("after"), url=visit.url)
    more = found[LINES - 1].id if len(found) > LINES else None
    return show(
        visit, "consultations", status, problem=problem, requests=found[:LINES], state=state, states=STATES, more=more
    )


def show_request(visit: Visit, status: int = 200, problem: str = "", contact: Contact | None = None) -> Response:
    """`GET /staff/consultations/{id}`: the request, its contact closed. Its notes may tell of the person, so that
    it was looked at is in the log."""
    request = _request(visit)
    audit.note(visit.me.name, "consultation.view", f"consultation {request.id}", url=visit.url)
    return show(
        visit,
        "consultation",
        status,
        problem=problem,
        request_=request,
        contact=contact,
        kept=visit.form if problem else {},
        card=_card(visit, request),
        following=call_queue.FOLLOWING[request.state],
        notes=notes.of(request.conversation_id, consultation_id=request.id, url=visit.url),
        left=days_left(request.next_date, visit.today) if request.next_date else "",
    )


def open_contact(visit: Visit) -> Response:
    """`POST /staff/consultations/{id}/contact`: shows it once; that it was opened is in the log."""
    try:
        contact = call_queue.open_contact(visit.number(), by=visit.me.name, url=visit.url)
    except QueueError:
        raise NotThere from None
    return show_request(visit, contact=contact)


def move(visit: Visit) -> Response:
    """`POST /staff/consultations/{id}/state`, with a note of the outcome if there is one."""
    request = _request(visit)
    state, note = visit.told("state", STATES), visit.told("note")
    try:
        note = notes.checked(note) if note else ""
        call_queue.move(request.id, state, by=visit.me.name, booked_for=_time(visit), url=visit.url)
        if note:
            _note_outcome(visit, request, note)
    except QueueError as error:
        return show_request(visit, 409, problem(error.code, allowed=", ".join(call_queue.FOLLOWING[request.state])))
    except NoteError as error:
        return show_request(visit, 400, problem(error.code))
    except BadField as bad:
        return show_request(visit, 400, problem("bad_field", name=bad.name, allowed=bad.allowed))
    return go_to(f"{CONSULTATIONS}/{request.id}")


def _note_outcome(visit: Visit, request: Waiting, note: str) -> None:
    of_it = request.conversation_id
    notes.add(of_it, visit.me.id, note, by=visit.me.name, consultation_id=request.id, url=visit.url)


def export_csv(visit: Visit) -> Response:
    """`POST /staff/consultations/export.csv`: the requests with their contacts, for a spreadsheet."""
    found = _exported(visit)
    contacts = call_queue.open_all(found, by=visit.me.name, what="csv", url=visit.url)
    outcomes = call_queue.outcomes((one.id for one in found), url=visit.url)
    columns = texts()["consultations"]["columns"]
    rows = [_row(one, contacts.get(one.id), outcomes.get(one.id, "")) for one in found]
    return _file(as_csv(list(columns.values()), rows), "text/csv; charset=utf-8", "consultations.csv")


def export_ics(visit: Visit) -> Response:
    """`POST /staff/consultations/export.ics`: the calls that have a time, without a word of whom or why."""
    booked = [one for one in _exported(visit) if one.booked_for]
    calls = [Appointment(one.id, one.booked_for, one.conversation_id) for one in booked if one.booked_for]
    return _file(appointments_calendar(calls, now()), "text/calendar; charset=utf-8", "consultations.ics")


def _card(visit: Visit, request: Waiting) -> Card | None:
    """The case of who asks, in short."""
    line = inbox.line(request.conversation_id, url=visit.url)
    case = cases.load(line.sender_id, url=visit.url) if line else None
    return as_kept(mapping(case.facts), mapping(case.assessment)) if case else None


def _request(visit: Visit) -> Waiting:
    found = call_queue.one(visit.number(), url=visit.url)
    if found is None:
        raise NotThere
    return found


def _exported(visit: Visit) -> list[Waiting]:
    state = visit.told("state", (*STATES, "all"))
    return call_queue.queue(state if state in STATES else None, MOST_EXPORTED, url=visit.url)


def _row(one: Waiting, contact: Contact | None, outcome: str) -> list[str]:
    contact = contact or Contact(None, None, None)
    return [
        str(one.id),
        one.state,
        moment(one.asked_at),
        contact.name or "",
        contact.reach or "",
        contact.best_time or "",
        route_title(one.route),
        one.next_date.isoformat() if one.next_date else "",
        one.channel,
        moment(one.booked_for),
        outcome,
    ]


def _time(visit: Visit) -> datetime | None:
    """The time of a booked call, in California. Raises BadField."""
    text = visit.told("booked_for")
    if not text:
        return None
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=CALIFORNIA)
    except ValueError:
        raise BadField("booked_for", "2026-12-01T14:30") from None
    if not visit.today <= found.date() <= visit.today + A_YEAR:
        raise BadField("booked_for", f"{visit.today} – {visit.today + A_YEAR}")
    return found


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=kind)
