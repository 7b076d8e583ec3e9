"""The links to papers that ride along with an answer."""

from __future__ import annotations

from typing import Any

import pytest

from actions.papers import paper_links
from imr_logic import CaseFacts, assess
from records import links

FACTS = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}


def linked(every: bool = False, **changes: Any) -> list[dict[str, str]]:
    facts = CaseFacts.model_validate({**FACTS, **changes})
    return paper_links("web-someone", facts, assess(facts), every)


@pytest.mark.usefixtures("own_records")
def test_each_paper_that_fits_has_a_link_of_the_conversation() -> None:
    files = {link["url"].rsplit("/", 1)[1] for link in linked(every=True)}
    assert {"dates.ics", "case-summary.pdf", "case-summary.html", "letter-to-plan.pdf"} <= files
    for link in linked():
        assert link["title"]
        assert links.read(link["url"].split("/")[2]) == "web-someone"


@pytest.mark.usefixtures("own_records")
def test_in_an_emergency_there_is_no_paper() -> None:
    assert linked(immediate_danger=True) == []


@pytest.mark.usefixtures("own_records")
def test_beside_an_answer_each_paper_stands_once() -> None:
    files = [link["url"].rsplit("/", 1)[1] for link in linked()]
    assert "case-summary.pdf" in files
    assert not [file for file in files if file.endswith((".txt", ".html"))]
