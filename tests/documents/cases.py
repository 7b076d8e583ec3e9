"""Cases for papers: an ordinary one to be changed, and short ways to make a paper and read it back."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from pypdf import PdfReader

from documents import Paper, make
from imr_logic import Assessment, CaseFacts, assess

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ORDINARY: dict[str, Any] = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "carrier": "kaiser",
    "denial_reasons": ["medical_necessity"],
    "decision": "denied",
    "service_category": "imaging",
    "care_status": "future",
    "provider_support": "in_plan_recommended",
    "immediate_danger": False,
    "urgent": False,
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}
ANSWERED = {
    "grievance_status": "upheld",
    "grievance_filed_date": "2026-10-12",
    "grievance_decision_date": "2026-11-02",
}
# The safe count runs from the day by which the plan had to answer; the law may count from its late answer.
PAST_THE_CAREFUL_DATE = {
    "today": "2026-11-25",
    "denial_letter_date": "2026-03-03",
    "grievance_status": "upheld",
    "grievance_filed_date": "2026-03-10",
    "grievance_decision_date": "2026-05-27",
}


def case(**changes: Any) -> tuple[CaseFacts, Assessment]:
    """The ordinary case with some facts changed, and its assessment."""
    facts = CaseFacts.model_validate({**ORDINARY, **changes})
    return facts, assess(facts)


def paper(kind: str, practice: str | None = None, **changes: Any) -> Paper:
    """One paper of the ordinary case with some facts changed."""
    facts, found = case(**changes)
    return make(kind, facts, found, case_id="a-case", practice=practice, now=NOW)


def read_pdf(made: Paper) -> PdfReader:
    return PdfReader(io.BytesIO(made.content))


def text_of(made: Paper) -> str:
    """What a PDF says, in one line: where lines break does not matter."""
    return " ".join(" ".join(page.extract_text() for page in read_pdf(made).pages).split())


def plain(made: Paper) -> str:
    """What a text draft says, in one line."""
    return " ".join(made.content.decode().split())
