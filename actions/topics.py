"""What can be asked on the way, each answered from the facts of the case: blocks of text by the topic's name.

A topic's name is the intent that asks for it; `answer` is where the case stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actions import answering, practice
from actions.odds import odds
from actions.words import phrase, words
from imr_logic import Assessment, CaseFacts, vocabulary
from imr_logic.guidance import LetterSection, Point, doctor_letter, evidence_checklist, is_clinical, tell
from imr_logic.language import words as law_words

ANSWER = "answer"
CONTINUING = "continuing"
MOST_NEEDED = 2
OPEN = "more_information"
BLANK = "["


@dataclass(frozen=True)
class Asked:
    """A question about a case: its facts, where it stands, what was said a moment ago, its own words."""

    facts: CaseFacts
    found: Assessment
    unlike: str = ""
    text: str = ""


def blocks_of(topic: str, asked: Asked) -> list[str]:
    """The answer to a topic. Raises KeyError for what is none."""
    return [block for block in TOPICS[topic](asked) if block]


def _cited(points: tuple[Point, ...]) -> list[str]:
    return [phrase("bullet", text=phrase("cited", text=one.text, law=", ".join(one.citations))) for one in points]


def _points(topic: str, asked: Asked, of: str) -> list[str]:
    lines = _cited(tell(of, asked.facts, asked.found))  # type: ignore[arg-type]
    lead = words()["topics"][topic].get("lead")
    return [*([lead] if lead else []), *lines]


def _answer(asked: Asked) -> list[str]:
    return answering.answer_blocks(asked.facts, asked.found)


def _deadline(asked: Asked) -> list[str]:
    found = asked.found
    if not asked.facts.known:
        return [phrase("asides", "tell_first", unlike=asked.unlike)]
    late = answering.beside_the_dates(asked.facts, found)
    return [late, answering.dates(found) or _what_a_date_needs(found), _first_step(found)]


def _first_step(found: Assessment) -> str:
    """What to do first; nothing while the path is still open."""
    return "" if found.route == OPEN and found.missing else answering.first_step(found)


def _what_a_date_needs(found: Assessment) -> str:
    """What must be known before a day can be named."""
    names = _needed(found)
    return (
        phrase("topics", "ask_deadline", "depends", facts=names)
        if names
        else phrase("topics", "ask_deadline", "unknown")
    )


def _what_is_needed(found: Assessment) -> str:
    """What must be known before the path can be named."""
    return phrase("topics", "ask_eligibility", "depends", facts=_needed(found))


def _needed(found: Assessment) -> str:
    needed = [fact for fact in found.missing if vocabulary()[fact].group != "safety"][:MOST_NEEDED]
    return str(law_words()["joiner"]).join(law_words()["facts"][fact] for fact in needed or found.missing[:1])


def _eligibility(asked: Asked) -> list[str]:
    found = asked.found
    if not asked.facts.known:
        return [phrase("asides", "tell_first", unlike=asked.unlike)]
    stands = phrase("where_you_stand", title=found.title, summary=found.summary)
    if found.route == OPEN and found.missing:
        return [_what_is_needed(found), answering.why(found)]
    late = answering.beside_the_dates(asked.facts, found)
    return [stands, late, answering.why(found), answering.first_step(found)]


def _filing(asked: Asked) -> list[str]:
    return _points("ask_how_to_file", asked, "filing")


def _documents(asked: Asked) -> list[str]:
    items = evidence_checklist(asked.facts, asked.found)
    lines = [phrase("bullet", text=one.text) for one in items]
    lead = phrase("topics", "ask_documents", "lead")
    citations = tuple(dict.fromkeys(law for one in items for law in one.citations))
    points = tell("papers", asked.facts, asked.found)
    if not lines:
        return [answering.first_step(asked.found)]
    return [" ".join([lead, *(point.text for point in points)]), *lines, answering.law(citations)]


def _doctor_letter(asked: Asked) -> list[str]:
    if not is_clinical(asked.facts):
        return [phrase("topics", "ask_doctor_letter", "not_clinical")]
    outline = doctor_letter(asked.facts, asked.found)
    lines = [phrase("bullet", text=_heading(one)) for one in outline.sections]
    lead = phrase("topics", "ask_doctor_letter", "lead")
    return [
        "\n".join([lead, *lines]),
        answering.law(outline.citations),
        phrase("topics", "ask_doctor_letter", "paper"),
    ]


def _heading(section: LetterSection) -> str:
    """A heading of the letter with the first thing that stands under it, blanks left out."""
    first = next((point for point in section.points if BLANK not in point), "")
    return phrase("topics", "ask_doctor_letter", "heading", heading=section.heading, first=first).strip()


def _timeline(asked: Asked) -> list[str]:
    return _points("ask_timeline", asked, "timeline")


def _odds(asked: Asked) -> list[str]:
    return [odds(asked.facts, asked.found)]


def _after(asked: Asked) -> list[str]:
    """What follows a decision; who asks about a no hears of that first."""
    lead, *lines = _points("ask_after_decision", asked, "after")
    about_no = any(word in asked.text.lower() for word in words()["about_a_no"])
    return [lead, *sorted(lines, key=lambda line: not _is_of_a_no(line))] if about_no else [lead, *lines]


def _is_of_a_no(line: str) -> bool:
    return any(word in line for word in words()["of_a_no"])


def _cost(asked: Asked) -> list[str]:
    return [*_points("ask_cost", asked, "cost"), practice.prices()]


def _regulator(asked: Asked) -> list[str]:
    return _points("ask_regulator", asked, "regulator")


def _advice(asked: Asked) -> list[str]:
    return [*_points("ask_legal_advice", asked, "advice"), phrase("topics", "ask_legal_advice", "choose")]


def _continuing(asked: Asked) -> list[str]:
    return _points(CONTINUING, asked, "continuing")


TOPICS: Mapping[str, Callable[[Asked], list[str]]] = {
    ANSWER: _answer,
    "ask_deadline": _deadline,
    "ask_eligibility": _eligibility,
    "ask_how_to_file": _filing,
    "ask_documents": _documents,
    "ask_doctor_letter": _doctor_letter,
    "ask_timeline": _timeline,
    "ask_outcome_odds": _odds,
    "ask_after_decision": _after,
    "ask_cost": _cost,
    "ask_regulator": _regulator,
    "ask_legal_advice": _advice,
    CONTINUING: _continuing,
}
