"""The answer: route, what to do first, dates with their law, contacts, what else may apply."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.asking import Message
from actions.words import phrase, words
from imr_logic import Assessment, Deadline
from imr_logic.language import say_day
from imr_logic.language import words as law_words

MOST_CONTACTS = 2
MOST_ALSO = 2
MOST_CITATIONS = 3


def answer(found: Assessment, before: str = "") -> Message:
    """An assessment as one message; the whole of it rides along for the client."""
    blocks = [before, f"{found.title}. {found.summary}", _first_step(found), _dates(found), _law(found)]
    blocks += [_contacts(found), _also(found), phrase("not_advice")]
    return {
        "text": "\n".join(block for block in blocks if block),
        "buttons": [],
        "json_message": {"asks": None, "input": "text", "assessment": found.model_dump(mode="json")},
    }


def _first_step(found: Assessment) -> str:
    return phrase("first_step", step=found.steps[0].text) if found.steps else ""


def _dates(found: Assessment) -> str:
    lines = [date_line(deadline, found.today) for deadline in found.deadlines]
    return "\n".join([phrase("dates"), *lines]) if lines else ""


def date_line(deadline: Deadline, today: date) -> str:
    """One deadline as one line, with how it is counted and the law."""
    law = ", ".join(deadline.citations[:2])
    values = {"label": deadline.label, "law": law, "basis": _sentence(deadline.basis)}
    if deadline.date is None:
        return phrase("date_line_open", **values)
    values["day"] = say_day(deadline.date, weekday=True)
    if deadline.kind == "file_by":
        key = "date_line_approximate" if deadline.approximate else "date_line"
        line = phrase(key, left=days_left(deadline.date, today), **values)
    else:
        line = phrase("date_line_last" if deadline.kind == "legal_last_day" else "date_line_other", **values)
    return f"{line} {deadline.note}" if deadline.note and not deadline.approximate else line


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def days_left(day: date, today: date) -> str:
    """How far a day is away, in words."""
    days = (day - today).days
    key = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "past" if days < 0 else "soon")
    return phrase("left", key, days=abs(days))


def _law(found: Assessment) -> str:
    return phrase("law", citations=", ".join(found.authority[:MOST_CITATIONS])) if found.authority else ""


def _contacts(found: Assessment) -> str:
    listed = [one for one in found.contacts if one.phone or one.fax][:MOST_CONTACTS]
    said = [phrase("contact", name=one.name, phone=one.phone or one.fax) for one in listed]
    return phrase("contacts", contacts=", ".join(said)) if said else ""


def _also(found: Assessment) -> str:
    titles = [law_words()["routes"][route]["title"] for route in found.also[:MOST_ALSO]]
    return phrase("also", routes="; ".join(titles)) if titles else ""


def what_changed(found: Assessment, route: str | None, before: str | None) -> str:
    """What a correction did to the answer given before: "That moves your date from ... to ..."."""
    if route is None:
        return ""
    main = found.main_deadline
    after = main.date if main else None
    parts = [phrase("changed_route")] if route != found.route else []
    if before and after and before != after.isoformat():
        parts.append(phrase("moved", before=say_day(date.fromisoformat(before)), after=say_day(after)))
    return " ".join(parts) or phrase("same")


def emergency(found: Assessment, kind: str) -> Message:
    """911 and 988, before anything else."""
    known = kind if kind in words()["emergency"] else "medical_emergency"
    payload = "immediate_danger=false"
    buttons: list[dict[str, Any]] = [{"title": phrase("emergency", "safe_button"), "payload": payload}]
    custom = {"asks": None, "input": "choice", "assessment": found.model_dump(mode="json")}
    return {"text": phrase("emergency", known), "buttons": buttons, "json_message": custom}
