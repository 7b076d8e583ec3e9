"""The case summary: where the case stands, dates with their law, steps, papers, contacts, what was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from documents.blocks import Block, Box, Document, Heading, Items, Paragraph, Table, one_line_items
from documents.framing import framed, made
from documents.wording import phrase, words
from imr_logic import Assessment, CaseFacts, Deadline
from imr_logic.answer import Contact, WhatIf
from imr_logic.language import capital, days_left, say_day
from imr_logic.language import words as law_words
from imr_logic.language.saying import in_order, say_value

MOST_STILL_OPEN = 3


def case_summary(facts: CaseFacts, found: Assessment, practice: str | None, language: str) -> Document:
    """The whole summary as a paper."""
    blocks = [
        *_stand(found, language),
        *_dates(found, language),
        *_steps(found, language),
        *_gather(found, language),
        *_contacts(found, language),
        *_told(facts, language),
        *_changes(found, language),
    ]
    title = words(language)["papers"]["case_summary"]["title"]
    under_title = made(found.today, practice, language)
    return framed(title, blocks, language, under_title=under_title)


def _stand(found: Assessment, language: str) -> Iterator[Block]:
    say = partial(phrase, language, "summary")
    yield Heading(say("stand"))
    yield Paragraph(found.title, "strong")
    yield Paragraph(found.summary)
    first = [say("first", step=found.steps[0].text)] if found.steps else []
    yield Box("", (*first, *_main_dates(found, language)))
    if found.contradictions:
        yield Paragraph(say("contradictions"))
        yield one_line_items(one.text for one in found.contradictions)
    yield Heading(say("why"))
    yield Items(tuple((one.text, ", ".join(one.citations)) for one in found.why))
    if found.also:
        titles = [law_words(language)["routes"][route]["title"] for route in found.also]
        yield Paragraph(say("also", routes="; ".join(titles)))
    if found.confidence != "high":
        yield Paragraph(say("unsettled"))


def _main_dates(found: Assessment, language: str) -> list[str]:
    """The dates to act by, the nearest first; where all have gone by, the last of them."""
    say = partial(phrase, language, "summary")
    dated = sorted((one.date, one.label) for one in found.deadlines if one.kind == "file_by" and one.date)
    if not dated:
        return [say("by_open")] if any(one.date is None for one in found.deadlines) else []
    ahead = [(day, label) for day, label in dated if day >= found.today]
    last = found.last_day_still_open
    key, shown = ("by", ahead) if ahead else ("late_still" if last else "late", dated[-1:])
    day_said = partial(say_day, language=language, weekday=True)
    until = day_said(last) if last else ""
    return [
        say(key, label=label, day=day_said(day), left=days_left(day, found.today, language), last=until)
        for day, label in shown
    ]


def _dates(found: Assessment, language: str) -> Iterator[Block]:
    say = partial(phrase, language, "summary")
    yield Heading(say("dates"))
    if not found.deadlines:
        yield Paragraph(say("no_dates"))
        return
    columns = tuple(words(language)["summary"]["dates_columns"])
    by_day = sorted(found.shown_deadlines, key=lambda one: one.date or date.max)
    rows = tuple(_date_row(one, found, language) for one in by_day)
    yield Table(say("dates"), columns, rows, (27, 33, 40))


def _date_row(one: Deadline, found: Assessment, language: str) -> tuple[tuple[str, ...], ...]:
    say = partial(phrase, language, "summary")
    notes = (one.note,) if one.note else ()
    counted = (capital(say("counted", basis=one.basis)), *notes, say("law_line", citations=", ".join(one.citations)))
    if one.date is None:
        return (one.label,), (say("read_off"),), counted
    day = say_day(one.date, language, weekday=True)
    key = "until" if one.kind == "legal_last_day" else "no_later" if one.approximate else ""
    shown = say(key, day=day) if key else day
    return (one.label,), (shown, days_left(one.date, found.today, language)), counted


def _steps(found: Assessment, language: str) -> Iterator[Block]:
    if found.steps:
        yield Heading(phrase(language, "summary", "steps"))
        yield one_line_items((step.text for step in found.steps), "numbers")


def _gather(found: Assessment, language: str) -> Iterator[Block]:
    if found.documents:
        yield Heading(phrase(language, "summary", "gather"))
        yield Paragraph(phrase(language, "summary", "gather_note"))
        yield one_line_items((document.text for document in found.documents), "boxes")


def _contacts(found: Assessment, language: str) -> Iterator[Block]:
    if found.contacts:
        say = partial(phrase, language, "summary")
        columns = tuple(words(language)["summary"]["contact_columns"])
        rows = tuple(((one.name,), _ways(one, language)) for one in found.contacts)
        yield Heading(say("contacts"))
        yield Table(say("contacts"), columns, rows, (42, 58))


def _ways(one: Contact, language: str) -> tuple[str, ...]:
    tdd = phrase(language, "summary", "tdd", value=one.tdd) if one.tdd else None
    fax = phrase(language, "summary", "fax", value=one.fax) if one.fax else None
    return tuple(way for way in (one.phone, tdd, fax, one.url, one.mail) if way)


def _told(facts: CaseFacts, language: str) -> Iterator[Block]:
    say = partial(phrase, language, "summary")
    yield Heading(say("told"))
    rows = tuple(row for name in in_order(facts.known) if (row := _told_row(name, facts, language)))
    if not rows:
        yield Paragraph(say("told_nothing"))
        return
    yield Table(say("told"), tuple(words(language)["summary"]["told_columns"]), rows, (46, 54))
    yield Paragraph(phrase(language, "nothing_kept"))


def _told_row(name: str, facts: CaseFacts, language: str) -> tuple[tuple[str, ...], ...]:
    value = facts.get(name)
    said = phrase(language, "summary", "not_sure") if value is None else say_value(name, value, language)
    return ((capital(law_words(language)["facts"][name]),), (capital(said),)) if said else ()


def _changes(found: Assessment, language: str) -> Iterator[Block]:
    lines = [line for one in found.changes_if if (line := _change(one, language))]
    if found.missing:
        names = [law_words(language)["facts"][name] for name in found.missing[:MOST_STILL_OPEN]]
        joiner = words(language)["summary"]["joiner"]
        lines.append(phrase(language, "summary", "still_open", facts=joiner.join(names)))
    if lines:
        yield Heading(phrase(language, "summary", "changes"))
        yield one_line_items(lines)


def _change(one: WhatIf, language: str) -> str:
    said = say_value(one.fact, one.value, language)
    if not said:
        return ""
    day = phrase(language, "summary", "change_date", day=say_day(one.date, language)) if one.date else ""
    route = law_words(language)["routes"][one.route]["title"]
    fact = capital(law_words(language)["facts"][one.fact])
    return phrase(language, "summary", "change", fact=fact, said=said.strip('"'), route=route, date=day)
