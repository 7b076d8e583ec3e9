"""The papers of a kept case behind their links, made by the real room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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


def test_a_date_that_went_away_in_the_talk_is_cancelled_in_the_calendar(
    client: TestClient, current: Settings
) -> None:
    keep(
        current,
        {
            **FACTS,
            "grievance_status": "upheld",
            "grievance_filed_date": "2026-10-12",
            "grievance_decision_date": "2026-11-02",
        },
    )
    read = documents.read_sequences(client.get(address(current, "dates.ics")).content)
    assert {name.split("/")[0] for name, one in read.items() if one["gone"]} == {"plan_grievance"}
