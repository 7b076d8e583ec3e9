"""The answer: route, first step, dates with their law; then, for those who ask, why and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from actions.asking import wish_button
from actions.paging import BREAK
from actions.words import phrase
from imr_logic import Assessment, CaseFacts, Deadline
from imr_logic.answer import WhatIf
from imr_logic.guidance import tell
from imr_logic.language import capital, days_left, say_day
from imr_logic.language import words as law_words
from imr_logic.language.saying import say_fact

MOST_CONTACTS = 2
MOST_ALSO = 2
MOST_CITATIONS = 3


def answer_blocks(facts: CaseFacts, found: Assessment) -> list[str]:
    """An assessment in blocks, the most needed first."""
    beside = beside_the_dates(facts, found)
    stands = phrase("where_you_stand", title=found.title, summary=summary(found)).strip()
    at_once = [stands, first_step(found), dates(found), beside, law(rests_on(found)), contacts(found)]
    later = [_further_steps(found), clinician(facts, found), why(found), what_would_change(found), _also(found)]
    return [block for block in (*at_once, BREAK, *later) if block]


def summary(found: Assessment) -> str:
    """What the path is; empty where the date has passed, since what still goes is worth more room."""
    return "" if found.is_past_the_careful_date else found.summary


def first_step(found: Assessment) -> str:
    """What to do first."""
    return phrase("first_step", step=found.steps[0].text) if found.steps else ""


def dates(found: Assessment) -> str:
    """Every date, one a line: how the main one is counted, and the law of each."""
    main = found.main_deadline
    lines = [date_line(one, found.today, counted=one is main) for one in found.shown_deadlines]
    return "\n".join([phrase("dates"), *lines]) if lines else ""


def beside_the_dates(facts: CaseFacts, found: Assessment) -> str:
    """What nobody may overlook beside the dates: that a careful one has passed and what still goes, or that an
    urgent case should not wait for them."""
    main = found.main_deadline
    if main is None or main.date is None or found.route == "emergency":
        return ""
    if found.is_past_the_careful_date:
        last = found.last_day_still_open
        return phrase("late_still", day=say_day(last)) if last else phrase("late_apply")
    return phrase("do_not_wait") if facts.cannot_wait else ""


def date_line(deadline: Deadline, today: date, counted: bool = True) -> str:
    """One deadline as one line with the law, and with how it is counted if wanted."""
    basis = f" {capital(deadline.basis)}." if counted else ""
    values = {"label": deadline.label, "law": ", ".join(deadline.citations[:2]), "basis": basis}
    if deadline.date is None:
        return phrase("date_line_open", **values)
    values["day"] = say_day(deadline.date, weekday=counted)
    if deadline.kind == "file_by":
        key = "date_line_approximate" if deadline.approximate else "date_line"
        line = phrase(key, left=days_left(deadline.date, today), **values)
    else:
        line = phrase("date_line_last" if deadline.kind == "legal_last_day" else "date_line_other", **values)
    return f"{line} {deadline.note}" if deadline.note and not deadline.approximate else line


def rests_on(found: Assessment) -> tuple[str, ...]:
    """The law of an answer: of its route, else of the reasons that led to it."""
    return found.authority or tuple(dict.fromkeys(law for one in found.why for law in one.citations))


def law(citations: tuple[str, ...]) -> str:
    """What an answer rests on, in one line."""
    return phrase("law", citations=", ".join(citations[:MOST_CITATIONS])) if citations else ""


def contacts(found: Assessment) -> str:
    """Whom to reach, in one line."""
    listed = [one for one in found.contacts if one.phone or one.fax][:MOST_CONTACTS]
    said = [phrase("contact_line", name=one.name, phone=one.phone or one.fax) for one in listed]
    return phrase("contacts", contacts=", ".join(said)) if said else ""


def _further_steps(found: Assessment) -> str:
    lines = [phrase("bullet", text=step.text) for step in found.steps[1:]]
    return "\n".join([phrase("then"), *lines]) if lines else ""


def clinician(facts: CaseFacts, found: Assessment) -> str:
    """That a licensed clinician must have decided, where the plan judged the medical need."""
    return " ".join(point.text for point in tell("clinician", facts, found))


def why(found: Assessment) -> str:
    """The chain of reasons, each with its law."""
    lines = [phrase("why_line", text=one.text, law=", ".join(one.citations[:2])) for one in found.why]
    return "\n".join([phrase("why"), *lines]) if lines else ""


def what_would_change(found: Assessment) -> str:
    """The one or two facts that would move the answer, and where to."""
    lines = [phrase("bullet", text=what_if(one)) for one in found.changes_if]
    return "\n".join([phrase("what_if"), *lines]) if lines else ""


def what_if(one: WhatIf) -> str:
    """A fact that would move the answer, and where to."""
    route = law_words()["routes"][one.route]["title"]
    line = phrase("what_if_line", said=say_fact(one.fact, one.value), route=route)
    return line + (phrase("what_if_date", day=say_day(one.date)) if one.date else "") + "."


def also(found: Assessment) -> list[str]:
    """The other paths worth knowing, by their titles."""
    return [law_words()["routes"][route]["title"] for route in found.also[:MOST_ALSO]]


def _also(found: Assessment) -> str:
    return phrase("also", routes="; ".join(also(found))) if found.also else ""


def days_of(found: Assessment) -> dict[str, str]:
    """Every day of an answer by its code and kind."""
    return {key_of(one): one.date.isoformat() for one in found.deadlines if one.date}


def key_of(deadline: Deadline) -> str:
    """What a date is known by from one answer to the next."""
    return f"{deadline.code}/{deadline.kind}"


def what_changed(found: Assessment, route: str | None, before: Mapping[str, str], unlike: str = "") -> str:
    """What new facts did to the answer given before: "That moves your last day from ... to ..."."""
    if route is None:
        return ""
    parts = [phrase("changed_route")] if route != found.route else []
    return " ".join([*parts, *_moved(found, before)]) or phrase("same", unlike=unlike)


def _moved(found: Assessment, before: Mapping[str, str]) -> Iterator[str]:
    """The main date that moved, from where to where; else the first other one that did. Another path
    has days of its own: both are named."""
    main = found.main_deadline
    was = before.get(key_of(main)) if main else None
    if main and main.date and was and was != main.date.isoformat():
        yield phrase("moved", before=_said_day(was), after=say_day(main.date))
        return
    if main and main.date and before and was is None:
        yield phrase("moved_path", before=say_day(_first_day(before)), after=say_day(main.date))
        return
    for one in found.deadlines:
        earlier = before.get(key_of(one))
        if one.date and earlier and earlier != one.date.isoformat():
            yield phrase("moved_other", label=one.label, before=_said_day(earlier), after=say_day(one.date))
            return


def keeps_main_day(found: Assessment, before: Mapping[str, str]) -> bool:
    """Whether the main date is the one of the answer given before."""
    main = found.main_deadline
    return main is None or main.date is None or before.get(key_of(main)) == main.date.isoformat()


def _first_day(before: Mapping[str, str]) -> date:
    """The main date of an answer given before: the first to file by, else the first."""
    filed = [day for key, day in before.items() if key.endswith("/file_by")]
    return date.fromisoformat(next(iter([*filed, *before.values()])))


def _said_day(iso: str) -> str:
    return say_day(date.fromisoformat(iso))


def it_stays(found: Assessment) -> str:
    """The answer given before in a few words: the route, its date, the first step and the law."""
    main = found.main_deadline
    values = {
        "title": found.title,
        "step": found.steps[0].text.split(". ")[0].rstrip("."),
        "law": ", ".join(rests_on(found)[:MOST_CITATIONS]),
    }
    if main is None or main.date is None:
        return phrase("stays_undated", **values)
    last = found.last_day_still_open
    if main.date < found.today and last:
        return phrase("stays_late", day=say_day(last), left=days_left(last, found.today), **values)
    return phrase("stays", day=say_day(main.date), left=days_left(main.date, found.today), **values)


def more_button() -> dict[str, str]:
    """The button for the next page of an answer."""
    return wish_button(phrase("more_button"), "more")
