"""The outline of a doctor's letter: headings and prompts by reason and kind of care; all medical content blank."""

from __future__ import annotations

from typing import Any, NamedTuple

from imr_logic.answer import Assessment
from imr_logic.facts import CaseFacts
from imr_logic.guidance.whose_law import law_of, may_be_california
from imr_logic.language import DEFAULT, say_day, words
from imr_logic.language.saying import say_value
from imr_logic.law import load


class LetterSection(NamedTuple):
    """One heading with its prompts. `boxes`: statements to tick; `lines`: how many empty lines to leave; `columns`
    and `rows`: an empty table (no columns: none)."""

    id: str
    heading: str
    points: tuple[str, ...]
    boxes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int
    lines: int
    citations: tuple[str, ...]


class LetterOutline(NamedTuple):
    """The outline: a title, a note to the doctor, sections in order."""

    title: str
    note: str
    sections: tuple[LetterSection, ...]

    @property
    def citations(self) -> tuple[str, ...]:
        """The law of all sections, each once."""
        return tuple(dict.fromkeys(line for section in self.sections for line in section.citations))


def is_clinical(facts: CaseFacts) -> bool:
    """Whether a doctor's letter can bear on the case: not for a bill, a cancellation or a long wait alone."""
    table = load("gathering")["not_clinical"]
    reasons = set(facts.get("denial_reasons") or ())
    if reasons:
        return not reasons <= set(table["reasons"])
    return facts.get("service_category") not in set(table["services"])


def doctor_letter(facts: CaseFacts, found: Assessment, language: str = DEFAULT) -> LetterOutline:
    """What the doctor's letter has to hold: by the reasons, the kind of care and the urgency of a case, and by
    when it is needed."""
    said = words(language, "gathering")["letter"]
    sections = load("gathering")["letter"]
    kept = [name for name, section in sections.items() if _applies(section.get("when"), facts)]
    filled = _filled(facts, found, language)
    return LetterOutline(
        said["title"], said["note"], tuple(_section(name, sections[name], facts, filled, language) for name in kept)
    )


def _applies(when: str | None, facts: CaseFacts) -> bool:
    experimental = "experimental" in (facts.get("denial_reasons") or ()) and may_be_california(facts)
    cases: dict[str | None, bool] = {
        None: True,
        "experimental": experimental,
        "not_experimental": not experimental,
        "mental_health": facts.get("service_category") == "mental_health",
        "urgent": facts.cannot_wait,
    }
    return cases[when]


def _section(
    name: str, shape: dict[str, Any], facts: CaseFacts, filled: dict[str, str], language: str
) -> LetterSection:
    said = words(language, "gathering")["letter"][name]
    points = [point.format(**filled) for point in said["points"]]
    return LetterSection(
        name,
        said["heading"],
        (*points, *_more_points(name, facts, language)),
        tuple(said.get("boxes", ())),
        tuple(said.get("columns", ())),
        shape.get("rows", 0),
        shape.get("lines", 0),
        law_of("evidence", shape["law"], facts) if "law" in shape else (),
    )


def _more_points(name: str, facts: CaseFacts, language: str) -> tuple[str, ...]:
    said = words(language, "gathering")
    if name == "criterion":
        return tuple(said["criterion_by_reason"][reason] for reason in facts.get("denial_reasons") or ("unknown",))
    service = facts.get("service_category")
    return (said["care_by_service"][service],) if name == "why_this_care" and service else ()


def _told_reasons(facts: CaseFacts, language: str) -> str:
    """The reasons that the plan gave; empty while none is known."""
    return "" if facts.get("denial_reasons") == ("unknown",) else _value("denial_reasons", facts, language)


def _filled(facts: CaseFacts, found: Assessment, language: str) -> dict[str, str]:
    said = words(language, "gathering")
    return {
        "service": _value("service_category", facts, language) or said["blank_service"],
        "reasons": _told_reasons(facts, language) or said["blank_reasons"],
        "letter_date": _value("denial_letter_date", facts, language) or said["blank_date"],
        "request_date": _value("request_date", facts, language) or said["blank_date"],
        "needed_by": _needed_by(facts, found, language),
    }


def _needed_by(facts: CaseFacts, found: Assessment, language: str) -> str:
    """Today where waiting is risky, else the date to act by when it is still ahead, else a blank."""
    said = words(language, "gathering")
    if _applies("urgent", facts):
        return str(said["needed_today"])
    main = found.main_deadline
    if main is None or main.kind != "file_by" or main.date is None or main.date < found.today:
        return str(said["blank_date"])
    return say_day(main.date, language)


def _value(fact: str, facts: CaseFacts, language: str) -> str:
    return say_value(fact, facts.get(fact), language)
