"""A link gives the papers of its own conversation, for a time, and nothing to anybody else.

The papers are made by a room of the test's own: a calendar file from the real assessment, and a page.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import pytest
import sqlalchemy as sa
import time_machine
from starlette.testclient import TestClient

from imr_logic import Assessment, CaseFacts, assess
from records import cases, conversations, links, schema
from records.engine import transaction
from records.models import Case
from records.tokens import SessionTokens
from settings import Settings, signing_key
from web.app import create_app
from web.papers import disposition, page_policy
from web.wording import texts

SENDER = "web-0123456789abcdef0123456789abcdef"
OTHER = "web-ffffffffffffffffffffffffffffffff"
TODAY = date(2026, 11, 23)
FACTS = {
    "today": "2026-10-10",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}
BROWSER = {"Accept": "text/html"}
STYLE = "body { margin: 2em }"


class Sort(NamedTuple):
    """A kind of paper of this test."""

    id: str
    file: str


CALENDAR = Sort("calendar", "dates.ics")
PAGE = Sort("page", "Your case.html")


class Made(NamedTuple):
    """A paper of this test."""

    name: str
    media_type: str
    content: bytes


class Desk:
    """Makes a calendar, and a page for those who filed no grievance yet."""

    def papers_for(self, facts: CaseFacts, found: Assessment, sequences: Any = None) -> tuple[Sort, ...]:
        """The kinds there are."""
        return (CALENDAR, PAGE) if facts.get("grievance_status") == "not_filed" else (CALENDAR,)

    def make(
        self,
        kind: Sort,
        facts: CaseFacts,
        found: Assessment,
        *,
        case_id: str,
        practice: str | None,
        now: datetime,
        sequences: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Made:
        """One of them."""
        if kind == PAGE:
            return Made(kind.file, "text/html", f"<style>{STYLE}</style><p>{practice}, {found.today}".encode())
        calendar = icalendar.Calendar({"prodid": "-//test//", "version": "2.0"})
        for one in found.shown_deadlines:
            event = icalendar.Event({"uid": f"{one.code}-{one.kind}@{case_id}", "summary": "A date"})
            event.add("dtstart", one.date)
            event.add("dtstamp", now)
            event.add("sequence", (sequences or {})[f"{one.code}/{one.kind}"]["sequence"])
            calendar.add_component(event)
        return Made(kind.file, "text/calendar", calendar.to_ical())


@pytest.fixture
def current(tmp_path: Path) -> Settings:
    made = Settings(var_dir=tmp_path, today=TODAY, secret_key="k" * 32, practice_name="Example Practice")
    schema.upgrade(made.database_url)
    save(made, FACTS)
    return made


@pytest.fixture
def client(current: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(current, Desk())) as made:
        yield made


def save(current: Settings, facts: dict[str, Any], sender: str = SENDER) -> None:
    cases.save(sender, "web", facts, assess(facts), TODAY, url=current.database_url)


def link(current: Settings, name: str = "calendar", sender: str = SENDER, **how: Any) -> str:
    return links.path(links.mint(sender, current=current, **how), name)


def bearer(current: Settings, sender: str) -> dict[str, str]:
    token = SessionTokens(signing_key(current), current.session_hours).mint(sender)
    return {"Authorization": f"Bearer {token}"}


def events(client: TestClient, path: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(client.get(path).content).walk("VEVENT"))


def test_a_link_gives_the_dates_of_the_case(client: TestClient, current: Settings) -> None:
    found = events(client, link(current))
    assert date(2027, 4, 2) in [event["dtstart"].dt for event in found]


def test_a_paper_may_be_called_by_the_name_of_its_file(client: TestClient, current: Settings) -> None:
    assert client.get(link(current, "dates.ics")).headers["Content-Type"].startswith("text/calendar")


def test_a_paper_is_a_file_that_nobody_between_keeps(client: TestClient, current: Settings) -> None:
    answer = client.get(link(current))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dates.ics"'


def test_a_page_opens_in_the_browser_with_its_own_style_and_nothing_else(
    client: TestClient, current: Settings
) -> None:
    answer = client.get(link(current, "page"))
    assert answer.headers["Content-Disposition"].startswith('inline; filename="Your-case.html"')
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_case_is_assessed_on_the_day_of_the_request_not_when_it_was_told(
    client: TestClient, current: Settings
) -> None:
    assert "Example Practice, 2026-11-23" in client.get(link(current, "page")).text


def test_the_number_on_the_paper_is_the_public_one(client: TestClient, current: Settings) -> None:
    text = client.get(link(current)).text.replace("\r\n ", "")
    assert links.case_id(SENDER, current=current) in text
    assert SENDER not in text


def test_a_date_that_changed_has_a_higher_sequence(client: TestClient, current: Settings) -> None:
    assert {event["sequence"] for event in events(client, link(current))} == {0}
    save(current, {**FACTS, "denial_letter_date": "2026-10-08"})
    assert {event["sequence"] for event in events(client, link(current))} == {1}


def test_the_papers_are_those_of_this_case(client: TestClient, current: Settings) -> None:
    save(current, {**FACTS, "grievance_status": "pending", "grievance_filed_date": "2026-11-01"})
    assert client.get(link(current, "page")).status_code == 404
    assert client.get(link(current)).status_code == 200


@pytest.mark.parametrize(
    "name", ["letter", "Calendar", "dates.pdf", "%20", "..%2f..%2fsecret.key", "calendar/more", ""]
)
def test_a_paper_that_does_not_exist_is_a_404(name: str, client: TestClient, current: Settings) -> None:
    assert client.get(link(current, name)).status_code == 404


@pytest.mark.parametrize("token", ["x", "forged.token", "e30.abc", "%00", "a" * 5000])
def test_a_forged_link_is_a_404(token: str, client: TestClient) -> None:
    assert client.get(f"/papers/{token}/calendar").status_code == 404


def test_a_link_of_another_key_is_a_404(client: TestClient, current: Settings) -> None:
    assert client.get(link(current.model_copy(update={"secret_key": None}))).status_code == 404


@pytest.mark.parametrize(("hours", "status"), [(47, 200), (49, 404)])
def test_a_link_ends(hours: int, status: int, client: TestClient, current: Settings) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    with transaction(current.database_url) as session:
        session.execute(sa.update(Case).values(begun_at=long_ago))
    path = link(current, now=datetime.now(UTC) - timedelta(hours=hours))
    assert client.get(path).status_code == status


def test_a_conversation_without_a_case_has_no_papers(client: TestClient, current: Settings) -> None:
    conversations.start(OTHER, "web", url=current.database_url)
    assert client.get(link(current, sender=OTHER)).status_code == 404
    assert client.get(link(current, sender="web-unknown")).status_code == 404


def test_an_erased_case_has_no_papers(client: TestClient, current: Settings) -> None:
    cases.erase(SENDER, url=current.database_url)
    assert client.get(link(current)).status_code == 404


def test_a_case_of_facts_that_are_known_no_more_has_no_papers(client: TestClient, current: Settings) -> None:
    cases.save(SENDER, "web", {"no_such_fact": 1}, {}, TODAY, url=current.database_url)
    assert client.get(link(current)).status_code == 404


def test_the_conversation_itself_may_send_its_token(client: TestClient, current: Settings) -> None:
    assert client.get(link(current), headers=bearer(current, SENDER)).status_code == 200


def test_a_link_out_of_another_conversation_is_a_404(client: TestClient, current: Settings) -> None:
    save(current, FACTS, OTHER)
    assert client.get(link(current), headers=bearer(current, OTHER)).status_code == 404


def test_a_session_that_has_ended_or_is_forged_opens_nothing(client: TestClient, current: Settings) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=13)):
        old = bearer(current, SENDER)
    assert client.get(link(current), headers=old).status_code == 404
    assert client.get(link(current), headers={"Authorization": "Bearer forged"}).status_code == 404


@pytest.mark.parametrize("header", ["", "Basic bWU6cHc=", "Bearer"])
def test_a_header_without_a_session_is_no_other_conversation(
    header: str, client: TestClient, current: Settings
) -> None:
    assert client.get(link(current), headers={"Authorization": header}).status_code == 200


def test_a_link_that_is_no_more_is_a_page_for_people(client: TestClient, current: Settings) -> None:
    answer = client.get("/papers/forged/calendar", headers=BROWSER)
    assert answer.status_code == 404
    assert texts()["site"]["not_found"] in answer.text


def test_every_404_is_the_same_so_that_nobody_learns_which_links_exist(client: TestClient, current: Settings) -> None:
    paths = [link(current, "letter"), link(current, sender=OTHER), "/papers/forged/calendar", "/nothing"]
    assert len({client.get(path, headers=BROWSER).text for path in paths}) == 1


def test_papers_are_only_read(client: TestClient, current: Settings) -> None:
    assert client.post(link(current)).status_code == 405


def test_without_a_room_that_makes_papers_there_are_none(current: Settings) -> None:
    with TestClient(create_app(current)) as client:
        assert client.get(link(current)).status_code == 404


def test_the_log_of_a_paper_names_the_paper_and_not_the_link(
    client: TestClient, current: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")
    path = link(current)
    client.get(path)
    lines = [one.getMessage() for one in caplog.records if one.name == "web.access"]
    assert lines[0].startswith("GET /papers/…/calendar 200 ")
    assert path.split("/")[2] not in "".join(lines)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("dates.ics", 'inline; filename="dates.ics"'),
        ("a b.pdf", "inline; filename=\"a-b.pdf\"; filename*=UTF-8''a%20b.pdf"),
        (
            'x".pdf\r\nSet-Cookie: a',
            "inline; filename=\"x-.pdf-Set-Cookie-a\"; filename*=UTF-8''x%22.pdf%0D%0ASet-Cookie%3A%20a",
        ),
        ("../../etc", 'inline; filename="etc"'),
        ("resumé.pdf", "inline; filename=\"resum-.pdf\"; filename*=UTF-8''resum%C3%A9.pdf"),
        ("...", "inline; filename=\"paper\"; filename*=UTF-8''..."),
        ("", "inline; filename=\"paper\"; filename*=UTF-8''"),
    ],
)
def test_the_name_of_a_file_is_safe_in_a_header(name: str, header: str) -> None:
    assert disposition("inline", name) == header


def test_a_page_without_style_of_its_own_may_use_our_files() -> None:
    assert "style-src 'self';" in page_policy(b"<p>Hello.</p>")
