"""The links to papers that ride along with an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.papers import paper_links
from imr_logic import CaseFacts, assess
from records import cases, links
from tests.actions.situations import NEW_DENIAL, SENDER

pytestmark = pytest.mark.usefixtures("own_records")


def linked(every: bool = False, **changes: Any) -> list[dict[str, str]]:
    facts = CaseFacts.model_validate({**NEW_DENIAL, **changes})
    return paper_links(SENDER, facts, assess(facts), every)


def test_each_paper_that_fits_has_a_link_of_the_conversation() -> None:
    files = {link["url"].rsplit("/", 1)[1] for link in linked(every=True)}
    assert {"dates.ics", "case-summary.pdf", "case-summary.html", "letter-to-plan.pdf"} <= files
    for link in linked():
        assert link["title"]
        assert links.read(link["url"].split("/")[2]) == SENDER


def test_in_an_emergency_there_is_no_paper() -> None:
    assert linked(immediate_danger=True) == []


def test_beside_an_answer_each_paper_stands_once() -> None:
    files = [link["url"].rsplit("/", 1)[1] for link in linked()]
    assert "case-summary.pdf" in files
    assert not [file for file in files if file.endswith((".txt", ".html"))]


def test_dates_that_calendars_hold_can_still_be_got_when_the_plan_gives_in() -> None:
    won = {"grievance_status": "overturned", "grievance_filed_date": "2026-10-12"}
    assert not [one for one in linked(**won) if one["url"].endswith("dates.ics")]
    today = date(2026, 11, 23)
    cases.save(SENDER, "web", NEW_DENIAL, assess(NEW_DENIAL), today)
    cases.give_out(SENDER, assess(NEW_DENIAL), today)
    cases.save(SENDER, "web", {**NEW_DENIAL, **won}, assess({**NEW_DENIAL, **won}), today)
    assert [one for one in linked(**won) if one["url"].endswith("dates.ics")]
