"""Corrections: proposed at a message, looked at by a second person in `/staff/corrections`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import Response

from imr_logic import FactSpec, vocabulary
from imr_logic.language.saying import say_value
from records import audit, corrections, transcripts
from records.corrections import STATES, CorrectionError, Proposal
from records.transcripts import Turn
from settings import CALIFORNIA
from web.staff.intents import intents
from web.staff.rendering import go_to, show
from web.staff.transcript import back, show_transcript
from web.staff.visit import BadField, NotThere, Visit
from web.staff.wording import problem, texts

LINES = 50
CORRECTIONS = "/staff/corrections"
DECISIONS = ("approve", "refuse")
SPAN_SIGN = ".."


def propose(visit: Visit) -> Response:
    """`POST /staff/conversations/{id}/corrections`: of the message whose number is in the form."""
    number, event = visit.number(), visit.told_number("message")
    turn = transcripts.message(number, event, url=visit.url) if event is not None else None
    if turn is None or turn.private or turn.chosen:
        raise NotThere
    try:
        wanted = _proposal(visit, turn)
        corrections.propose(number, wanted, visit.me.id, by=visit.me.name, intents=intents(), url=visit.url)
    except CorrectionError as error:
        if error.code == "not_there":
            raise NotThere from None
        return show_transcript(visit, 400, problem(error.code, detail=error.detail))
    return back(visit, turn.event_id)


def show_corrections(visit: Visit, status: int = 200, problem: str = "") -> Response:
    """`GET /staff/corrections`: those that wait first. They hold words of people: that they were looked at is in the
    log."""
    state = visit.asked("state", STATES) or "proposed"
    audit.note(visit.me.name, "corrections.view", "corrections", {"state": state}, url=visit.url)
    found = corrections.listed(state, LINES + 1, before=visit.asked_number("before"), url=visit.url)
    more = found[LINES - 1].id if len(found) > LINES else None
    return show(
        visit,
        "corrections",
        status,
        problem=problem,
        corrections=found[:LINES],
        state=state,
        states=STATES,
        more=more,
    )


def decide(visit: Visit) -> Response:
    """`POST /staff/corrections/{id}`: approve or refuse."""
    decision = visit.told("decision", DECISIONS)
    if not decision:
        raise BadField("decision", ", ".join(DECISIONS))
    try:
        corrections.decide(visit.number(), decision == "approve", visit.me.id, by=visit.me.name, url=visit.url)
    except CorrectionError as error:
        if error.code == "not_there":
            raise NotThere from None
        return show_corrections(visit, 409, problem(error.code, detail=error.detail))
    return go_to(CORRECTIONS)


def _proposal(visit: Visit, turn: Turn) -> Proposal:
    kind, fact = visit.told("kind"), visit.told("fact")
    was: Any = turn.intent
    right: Any = visit.told("intent")
    if kind == "fact":
        was = next((one.value for one in turn.found if one.name == fact), None)
        right = None if visit.told("not_told") else as_value(fact, visit.told("value"))
    return Proposal(
        event_id=turn.event_id,
        kind=kind,
        text=visit.told("text") or turn.text,
        said_on=turn.at.astimezone(CALIFORNIA).date(),
        expecting=turn.expecting,
        fact=fact or None,
        was=was,
        right=right if kind in ("intent", "fact") else None,
        span=visit.told("span"),
    )


def as_value(fact: str, text: str) -> Any:
    """What somebody typed as the value of a fact: "yes", "medical_necessity, experimental", "2026-10-05" or
    "2026-10-01..2026-10-07". What it is not, the vocabulary refuses later."""
    spec = vocabulary().get(fact)
    if spec is None:
        raise CorrectionError("bad_fact", fact)
    if not text:
        raise CorrectionError("bad_value", f"{fact}: {texts()['problems']['no_value']}")
    if spec.kind == "yes_no":
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), text)
    if spec.kind == "choices":
        return [_by_its_words(spec, part) for part in text.split(",") if part.strip()]
    if spec.kind == "day" and SPAN_SIGN in text:
        first, _, last = text.partition(SPAN_SIGN)
        return {"earliest": _as_iso(first), "latest": _as_iso(last)}
    return _as_iso(text) if spec.kind == "day" else _by_its_words(spec, text)


def _by_its_words(spec: FactSpec, text: str) -> str:
    """The value that these words of the pages stand for: "a Medi-Cal health plan"; else the text itself."""
    wanted = text.strip().casefold()
    found = (value for value in spec.values if say_value(spec.name, value).strip('"').casefold() == wanted)
    return next(found, text.strip())


def _as_iso(text: str) -> str:
    """A day as Americans write it, 10/7/2026, as an ISO day; any other text as it is."""
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date().isoformat()
    except ValueError:
        return text.strip()
