"""Cards: an answer, or help in danger, in parts that a page can lay out; other channels use the message's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actions import answering
from actions.words import phrase, words
from imr_logic import Assessment, CaseFacts, Deadline
from imr_logic.answer import Contact
from imr_logic.language import capital, days_left, say_day

Card = dict[str, Any]
# The kinds of dates before which a word stands: by, until.
LED = frozenset({"file_by", "legal_last_day"})


def answer_card(facts: CaseFacts, found: Assessment, before: str = "", after: str = "") -> Card:
    """An assessment as a card: `title` and `summary` of the path, the `first` step, `dates` each with `lead` ("by"),
    `day` in words, `iso`, `left` ("in 130 days"), `basis`, `note` and `law`, what nobody may overlook `beside` them,
    and `sections` (key, title, items) for those who want more. `before` and `after` are said around it."""
    return {
        "kind": "answer",
        "before": before,
        "after": after,
        "title": found.title,
        "summary": answering.summary(found),
        "first": {"title": _title("first"), "text": found.steps[0].text} if found.steps else None,
        "dates": {"title": _title("dates"), "items": [_date(one, found) for one in found.shown_deadlines]},
        "beside": answering.beside_the_dates(facts, found),
        "sections": [section for section in _sections(facts, found) if section["items"]],
    }


def crisis_card(text: str) -> Card:
    """Help in danger: what is said, and the numbers to tap."""
    calls = [
        {"title": phrase("card", "calls", key), "href": phrase("card", "call_links", key)}
        for key in words()["card"]["calls"]
    ]
    return {"kind": "crisis", "title": phrase("card", "crisis"), "before": text, "after": "", "calls": calls}


def _title(key: str) -> str:
    return phrase("card", "titles", key)


def _date(deadline: Deadline, found: Assessment) -> dict[str, Any]:
    lead = "no_later" if deadline.approximate and deadline.kind == "file_by" else deadline.kind
    day = deadline.date
    return {
        "label": deadline.label,
        "lead": phrase("card", "leads", lead) if deadline.kind in LED and day else "",
        "day": say_day(day, weekday=True) if day else "",
        "iso": day.isoformat() if day else None,
        "left": days_left(day, found.today) if day and deadline.kind == "file_by" else "",
        "basis": f"{capital(deadline.basis)}.",
        "note": deadline.note or "",
        "law": f"{', '.join(deadline.citations)}." if deadline.citations else "",
    }


def _sections(facts: CaseFacts, found: Assessment) -> Iterator[dict[str, Any]]:
    yield _section("then", (step.text for step in found.steps[1:]))
    yield _section("gather", (one.text for one in found.documents))
    yield _section("why", (f"{one.text} {', '.join(one.citations)}".strip() for one in found.why))
    yield _section("change", (capital(answering.what_if(one)) for one in found.changes_if))
    yield _section("decider", filter(None, [answering.clinician(facts, found)]))
    yield _section("law", answering.rests_on(found))
    yield _section("reach", (_contact(one) for one in found.contacts))
    yield _section("also", answering.also(found))


def _section(key: str, items: Iterable[str]) -> dict[str, Any]:
    return {"key": key, "title": _title(key), "items": list(items)}


def _contact(contact: Contact) -> str:
    ways = [contact.phone, contact.url, contact.mail]
    fax = phrase("card", "fax", fax=contact.fax) if contact.fax else ""
    return ". ".join(part for part in (contact.name, *ways, fax) if part)
