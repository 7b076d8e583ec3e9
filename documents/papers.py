"""The kinds of papers, which of them fit a case, and how each is made."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from documents.blocks import Document
from documents.calendar import Sequences, calendar_file, has_dates
from documents.choosing import letter_to_plan, statement, wants_doctor_letter
from documents.letters import letter
from documents.outlines import doctor_paper, evidence_paper
from documents.setting import as_page, as_pdf, as_text
from documents.summary import case_summary
from documents.wording import words
from imr_logic import Assessment, CaseFacts
from imr_logic.language import DEFAULT

PDF = "application/pdf"
TEXT = "text/plain; charset=utf-8"
PAGE = "text/html; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
STYLESHEET = "/static/print.css"


class PaperKind(NamedTuple):
    """A kind of paper: its id, the name of its file, its media type."""

    id: str
    file: str
    media_type: str

    def title(self, language: str = DEFAULT) -> str:
        """What the paper is called in a language."""
        return str(words(language)["papers"][self.id]["title"])


class Paper(NamedTuple):
    """One paper, made: the name of its file, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


PAPERS: dict[str, PaperKind] = {
    kind.id: kind
    for kind in (
        PaperKind("case_summary", "case-summary.pdf", PDF),
        PaperKind("case_summary_page", "case-summary.html", PAGE),
        PaperKind("calendar", "dates.ics", CALENDAR),
        PaperKind("evidence_checklist", "what-to-gather.pdf", PDF),
        PaperKind("letter_to_plan", "letter-to-plan.pdf", PDF),
        PaperKind("letter_to_plan_text", "letter-to-plan.txt", TEXT),
        PaperKind("statement", "statement-to-agency.pdf", PDF),
        PaperKind("statement_text", "statement-to-agency.txt", TEXT),
        PaperKind("doctor_letter", "doctor-letter-outline.pdf", PDF),
    )
}


def papers_for(facts: CaseFacts, found: Assessment, sequences: Sequences | None = None) -> tuple[PaperKind, ...]:
    """The papers that fit a case, most useful first. An emergency gets none: help comes before paper.
    `sequences` is what is known of the dates given out before: the calendar file also fits when no date is ahead
    but calendars hold some that must be cancelled or moved."""
    if found.route == "emergency":
        return ()
    to_plan, to_agency = letter_to_plan(facts, found) is not None, statement(facts, found) is not None
    fits = {
        "case_summary": True,
        "case_summary_page": True,
        "calendar": has_dates(found, sequences),
        "evidence_checklist": True,
        **dict.fromkeys(("letter_to_plan", "letter_to_plan_text"), to_plan),
        **dict.fromkeys(("statement", "statement_text"), to_agency),
        "doctor_letter": wants_doctor_letter(facts, found),
    }
    return tuple(kind for name, kind in PAPERS.items() if fits[name])


def make(
    kind: PaperKind | str,
    facts: CaseFacts,
    found: Assessment,
    *,
    case_id: str,
    practice: str | None = None,
    now: datetime,
    sequences: Sequences | None = None,
    stylesheet: str = STYLESHEET,
    language: str = DEFAULT,
) -> Paper:
    """One paper of a case. `now` (with a time zone) stamps the file; dates on it are of `found.today`.
    `sequences` is what is known of the dates given out before (see `documents.calendar.Sequences`); `stylesheet`
    is where the HTML page finds its look. Raises KeyError for a kind that is not of PAPERS, ValueError for a paper
    that does not fit the case.
    """
    wanted = PAPERS[kind] if isinstance(kind, str) else kind
    if wanted.id == "calendar":
        content = calendar_file(found, case_id=case_id, sequences=sequences, now=now, language=language)
        return Paper(wanted.file, wanted.media_type, content)
    paper = _written(wanted, facts, found, practice, language)
    if wanted.media_type == PDF:
        return Paper(wanted.file, wanted.media_type, as_pdf(paper, now))
    content = as_text(paper) if wanted.media_type == TEXT else as_page(paper, stylesheet)
    return Paper(wanted.file, wanted.media_type, content)


def _written(kind: PaperKind, facts: CaseFacts, found: Assessment, practice: str | None, language: str) -> Document:
    match kind.id:
        case "case_summary" | "case_summary_page":
            return case_summary(facts, found, practice, language)
        case "evidence_checklist":
            return evidence_paper(facts, found, practice, language)
        case "doctor_letter":
            return doctor_paper(facts, found, practice, language)
    chosen = (letter_to_plan if kind.id.startswith("letter_to_plan") else statement)(facts, found)
    if chosen is None:
        raise ValueError(f"{kind.id}: does not fit this case; allowed: what papers_for gives")
    title = PAPERS[kind.id.removesuffix("_text")].title(language)
    return letter(chosen, facts, found, title, language)
