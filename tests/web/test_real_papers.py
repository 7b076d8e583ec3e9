"""The papers of a kept case behind their links, made by the real room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import documents
from imr_logic import CaseFacts, assess
from records import cases, links, schema
from settings import Settings
from web.app import create_app

SENDER = "web-0123456789abcdef0123456789abcdef"
TODAY = date(2026, 11, 23)
FACTS = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}
STARTS = {"pdf": b"%PDF", "ics": b"BEGIN:VCALENDAR\r\n", "html": b"<!doctype html>", "txt": b"DRAFT OF"}


@pytest.fixture
def current(tmp_path: Path) -> Settings:
    made = Settings(var_dir=tmp_path, today=TODAY, secret_key="k" * 32, practice_name="Example Practice")  # type: ignore[arg-type]
    schema.upgrade(made.database_url)
    keep(made, FACTS)
    return made


@pytest.fixture
def client(current: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(current, documents)) as made:
        yield made


def keep(current: Settings, facts: dict[str, Any]) -> None:
    cases.save(SENDER, "web", facts, assess(facts), TODAY, url=current.database_url)


def on_day(current: Settings, today: date) -> Settings:
    """The same practice on another day."""
    return current.model_copy(update={"today": today})


def address(current: Settings, name: str) -> str:
    return links.path(links.mint(SENDER, current=current), name)


def test_every_paper_that_fits_opens_at_its_link(client: TestClient, current: Settings) -> None:
    facts = CaseFacts.model_validate(FACTS)
    for kind in documents.papers_for(facts, assess(facts)):
        answer = client.get(address(current, kind.file))
        assert answer.status_code == 200
        assert answer.content.startswith(STARTS[kind.file.rsplit(".", 1)[1]])


def test_the_page_finds_its_look_and_names_the_practice(client: TestClient, current: Settings) -> None:
    page = client.get(address(current, "case-summary.html")).text
    assert 'href="/static/print.css"' in page
    assert "by Example Practice" in page
    assert client.get("/static/print.css").headers["Content-Type"].startswith("text/css")


def test_a_paper_that_does_not_fit_is_a_404(client: TestClient, current: Settings) -> None:
    assert client.get(address(current, "statement-to-agency.pdf")).status_code == 404


def test_a_date_that_changed_in_the_talk_has_a_higher_number_in_the_calendar(
    client: TestClient, current: Settings
) -> None:
    first = documents.read_sequences(client.get(address(current, "dates.ics")).content)
    keep(current, {**FACTS, "denial_letter_date": "2026-09-01"})
    second = documents.read_sequences(client.get(address(current, "dates.ics")).content)
    assert {one["sequence"] for one in first.values()} == {0}
    assert {one["sequence"] for one in second.values()} == {1}


ANSWERED = {
    **FACTS,
    "grievance_status": "upheld",
    "grievance_filed_date": "2026-10-12",
    "grievance_decision_date": "2026-11-02",
}
WON = {**FACTS, "grievance_status": "overturned", "grievance_filed_date": "2026-10-12"}


def dates_of(client: TestClient, current: Settings) -> dict[str, dict[str, Any]]:
    """What the calendar file that is given out now holds."""
    answer = client.get(address(current, "dates.ics"))
    assert answer.status_code == 200
    return documents.read_sequences(answer.content)


def test_a_date_that_went_away_in_the_talk_is_cancelled_in_the_calendar(
    client: TestClient, current: Settings
) -> None:
    dates_of(client, current)
    keep(current, ANSWERED)
    gone = {name.split("/")[0] for name, one in dates_of(client, current).items() if one["gone"]}
    assert gone == {"plan_grievance"}


def test_what_no_calendar_holds_is_not_cancelled_in_it(client: TestClient, current: Settings) -> None:
    keep(current, ANSWERED)
    assert not [name for name, one in dates_of(client, current).items() if one["gone"]]


def test_a_plan_that_gives_in_cancels_what_calendars_hold_though_no_date_is_ahead(
    client: TestClient, current: Settings
) -> None:
    first = dates_of(client, current)
    keep(current, WON)
    second = dates_of(client, current)
    assert {one["gone"] for one in second.values()} == {True}
    assert second.keys() == first.keys()


def test_a_plan_that_gives_in_before_any_calendar_was_given_out_leaves_none_to_get(
    client: TestClient, current: Settings
) -> None:
    keep(current, WON)
    assert client.get(address(current, "dates.ics")).status_code == 404


def test_a_date_that_moves_because_time_goes_by_counts_each_move(client: TestClient, current: Settings) -> None:
    """The plan must answer an urgent grievance within days of its filing: of today, while it is not filed yet."""
    keep(current, {**FACTS, "urgent": True})
    numbers = []
    for today in (TODAY, date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 25)):
        with TestClient(create_app(on_day(current, today), documents)) as that_day:
            numbers.append(dates_of(that_day, current)["plan_grievance_decision/decision_due"]["sequence"])
    assert numbers == [0, 1, 1, 2]


def test_looking_at_other_papers_gives_out_no_calendar(client: TestClient, current: Settings) -> None:
    client.get(address(current, "case-summary.html"))
    kept = cases.load(SENDER, url=current.database_url)
    assert kept
    assert not [one for one in kept.revisions.values() if one.get("given")]


def test_a_link_from_before_all_was_erased_leads_to_no_new_case(client: TestClient, current: Settings) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    old = links.path(links.mint(SENDER, now=an_hour_ago, current=current), "case-summary.pdf")
    assert client.get(old).status_code == 404, "the case was kept only now"
    cases.erase(SENDER, url=current.database_url)
    keep(current, FACTS)
    assert client.get(old).status_code == 404
    assert client.get(address(current, "case-summary.pdf")).status_code == 200


def test_a_link_stays_good_while_its_case_goes_on(client: TestClient, current: Settings) -> None:
    link = address(current, "case-summary.pdf")
    keep(current, {**FACTS, "urgent": True})
    assert client.get(link).status_code == 200
