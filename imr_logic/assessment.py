"""Assessing a case: `assess` turns facts into an answer.

`assess` is pure: no clock, no input or output, no chance. The same facts on the same day give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from imr_logic import law
from imr_logic.answer import (
    Assessment,
    Contact,
    Deadline,
    Document,
    FoundContradiction,
    Reason,
    Step,
    WhatIf,
)
from imr_logic.case import Case, find_contradictions
from imr_logic.changes import changes
from imr_logic.deadlines import Due
from imr_logic.facts import CaseFacts, Span, plain_value
from imr_logic.language import DEFAULT, say_day, say_facts, say_period, step_text, words
from imr_logic.law import Confidence
from imr_logic.outcome import Outcome
from imr_logic.questions import missing_facts
from imr_logic.regulator import regulator_of
from imr_logic.triage import decide


def assess(
    facts: CaseFacts | Mapping[str, Any],
    *,
    today: date | None = None,
    look_ahead: bool = True,
    language: str = DEFAULT,
) -> Assessment:
    """Assess a case. `today` overrides the day in the facts. Without `look_ahead` the answer holds neither
    `missing` nor `changes_if`, which cost most of the time.

    Raises pydantic.ValidationError for a fact that the vocabulary does not know; never anything else.
    """
    case_facts = _as_facts(facts, today)
    day = today or case_facts.today
    found, case = decide(case_facts.known, day)
    missing, what_ifs = _look_ahead(found, case) if look_ahead else ((), ())
    return Assessment.model_construct(
        route=found.route,
        title=words(language)["routes"][found.route]["title"],
        summary=words(language)["routes"][found.route]["summary"],
        also=found.also,
        deadlines=tuple(_deadline(due, case, language) for due in found.dues),
        authority=_authority(found, case),
        missing=missing,
        steps=_steps(found, day, language),
        documents=_documents(found.route, language),
        contacts=_contacts(found.route, case.volunteered("plan_type")),
        why=_why(found, case, language),
        changes_if=what_ifs,
        contradictions=_contradictions(case_facts.known, day, language),
        confidence=_confidence(found, case),
        today=day,
    )


def _as_facts(facts: CaseFacts | Mapping[str, Any], today: date | None) -> CaseFacts:
    if isinstance(facts, CaseFacts):
        return facts
    return CaseFacts.model_validate({**facts, **({"today": today} if today else {})})


def _look_ahead(found: Outcome, case: Case) -> tuple[tuple[str, ...], tuple[WhatIf, ...]]:
    known = tuple(sorted(case.known.items()))
    missing, what_ifs = _looked_ahead(known, case.today)
    return missing, what_ifs


@lru_cache(maxsize=2048)
def _looked_ahead(
    known_items: tuple[tuple[str, Any], ...], today: date
) -> tuple[tuple[str, ...], tuple[WhatIf, ...]]:
    known = dict(known_items)
    found, case = decide(known, today)
    what_ifs = tuple(
        WhatIf.model_construct(fact=c.fact, value=plain_value(c.value), route=c.route, date=c.date)
        for c in changes(known, today, found, case)
    )
    return tuple(missing_facts(known, today)), what_ifs


def forget_look_aheads() -> None:
    """Empties what was remembered of cases looked ahead before, so that a benchmark measures the work."""
    _looked_ahead.cache_clear()


def _deadline(due: Due, case: Case, language: str) -> Deadline:
    start = case.known.get(due.counted_from)
    vague = isinstance(start, Span) and start.earliest != start.latest
    return Deadline.model_construct(
        code=due.code,
        kind=due.kind,
        date=due.date,
        label=words(language)["deadlines"][due.code][due.kind],
        basis=_basis(due, language),
        note=_note(due, vague, language),
        citations=due.period.authority,
        counted_from=due.counted_from,
        start=due.start,
        approximate=vague,
        confidence=due.period.confidence,
    )


def _basis(due: Due, language: str) -> str:
    said = words(language)
    templates = said["moved"] if due.moved else said["kinds"]
    template: str = said["bases"].get(due.code) or templates[due.kind]
    return template.format(
        period=say_period(due.period.value, due.period.unit, language),
        counted_from=said["counted_from"][due.counted_from],
        start=say_day(due.start, language) if due.start else "",
    )


def _note(due: Due, vague: bool, language: str) -> str | None:
    notes = words(language)["notes"]
    day = say_day(due.note_day, language) if due.note_day else ""
    said = [notes[due.note].format(day=day)] if due.note else []
    said += [notes["span"]] if vague else []
    return " ".join(said) or None


@lru_cache(maxsize=1024)
def _rule_citations(rule: str) -> tuple[str, ...]:
    return law.rule(rule).authority


def _why(found: Outcome, case: Case, language: str) -> tuple[Reason, ...]:
    links = [*_links(found), *_inferred_regulator(case)]
    texts = words(language)["rules"]
    return tuple(
        Reason.model_construct(rule=rule, facts=facts, text=texts[rule], citations=_rule_citations(rule))
        for rule, facts in links
    )


def _links(found: Outcome) -> list[tuple[str, tuple[str, ...]]]:
    """The rules applied, with those on counting where they mattered."""
    links = [(because.rule, because.facts) for because in found.because]
    if any(due.counted_from == "day_30" for due in found.dues):
        links.append(("clock_from_day_30", ("grievance_filed_date",)))
    if any(due.moved for due in found.dues):
        links.append(("counting_of_days", ()))
    return links


def _inferred_regulator(case: Case) -> list[tuple[str, tuple[str, ...]]]:
    if not {"product", "carrier"} & case.known.keys() or "plan_type" not in case.known:
        return []
    who = regulator_of(case)
    return [(who.rule, (who.fact,))] if who.rule else []


def _authority(found: Outcome, case: Case) -> tuple[str, ...]:
    """The law of the rules applied, of the reasons given, of the kind of care and of the dates."""
    lines = [line for rule, _ in _links(found) for line in _rule_citations(rule)]
    if found.route not in ("emergency", "more_information") or not found.contradicted:
        lines += _law_of_the_denial(case)
    lines += [line for due in found.dues for line in due.period.authority]
    return tuple(dict.fromkeys(lines))


def _law_of_the_denial(case: Case) -> list[str]:
    if case.volunteered("plan_type") not in (
        "commercial",
        "dental",
        "student",
        "medi_cal_managed_care",
        "calpers_hmo",
    ):
        return []
    if case.volunteered("regulator") == "cdi":
        return []
    given = case.volunteered("denial_reasons") or ()
    lines = [line for reason in given for line in law.load("reasons").get(reason, {}).get("authority", ())]
    return lines + _law_of_the_service(case, given)


def _law_of_the_service(case: Case, reasons: tuple[str, ...]) -> list[str]:
    service = law.load("services").get(case.volunteered("service_category") or "", {})
    if "when" in service and not set(service["when"]) & set(reasons):
        return []
    started = case.day("denial_letter_date") if "denial_letter_date" in case.known else None
    if "from" in service and started and started < service["from"]:
        return []
    return list(service.get("authority", ()))


@lru_cache(maxsize=1024)
def _steps_by_id(ids: tuple[str, ...], on: date, language: str) -> tuple[Step, ...]:
    return tuple(Step(id=step, text=step_text(step, on, language)) for step in ids)


def _steps(found: Outcome, on: date, language: str) -> tuple[Step, ...]:
    ids = dict.fromkeys((*found.first_steps, *law.load("routes")[found.route]["steps"]))
    return _steps_by_id(tuple(ids), on, language)


@lru_cache(maxsize=256)
def _documents(route: str, language: str) -> tuple[Document, ...]:
    texts = words(language)["documents"]
    return tuple(Document(id=name, text=texts[name]) for name in law.load("routes")[route]["documents"])


@lru_cache(maxsize=512)
def _contacts(route: str, plan_type: str | None) -> tuple[Contact, ...]:
    routes = law.load("routes")
    ids = dict.fromkeys((*routes[route]["contacts"], *routes["programme_contacts"].get(plan_type, ())))
    book = law.load("contacts")
    fields = ("name", "phone", "tdd", "fax", "mail", "url")
    return tuple(Contact(id=name, **{key: book[name].get(key) for key in fields}) for name in ids)


def _contradictions(known: Mapping[str, Any], today: date, language: str) -> tuple[FoundContradiction, ...]:
    texts = words(language)["contradictions"]
    return tuple(
        FoundContradiction(facts=one.facts, text=texts[one.problem].format(facts=say_facts(one.facts, language)))
        for one in find_contradictions(known, today)
    )


def _confidence(found: Outcome, case: Case) -> Confidence:
    levels: list[Confidence] = [law.rule(because.rule).confidence for because in found.because]
    levels += [due.period.confidence for due in found.dues]
    levels += [law.rule(rule).confidence for rule, _ in _inferred_regulator(case)]
    if found.because[0].rule == "medical_judgement":
        levels += [law.load("reasons")[reason]["confidence"] for reason in case.reasons()]
    return law.weakest(levels)
