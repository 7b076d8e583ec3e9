"""The web app's part in text messages: the page of a short link, and taking messages in while Rasa is away."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from starlette.testclient import TestClient

import documents
import settings
from imr_logic import CaseFacts, assess
from records import cases, schema, short_links
from records.models import now
from settings import Settings
from tests.texting.people import ACCOUNT, form, posted, states
from texting.webhook import MESSAGES, STATUS
from web.app import create_app
from web.doorkeeper import noted

TODAY = date(2026, 11, 23)
SENDER = "sms-0123456789abcdef0123456789abcdef"
FACTS = {
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}


@pytest.fixture
def current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    values = {"VAR_DIR": tmp_path, "SECRET_KEY": "k" * 32, "TODAY": TODAY, "TWILIO_API_URL": "http://127.0.0.1:9"}
    for name, value in {**values, **ACCOUNT}.items():
        monkeypatch.setenv(f"IMR_{name}", str(value))
    monkeypatch.delenv("IMR_DATABASE_URL", raising=False)
    settings.clear_settings()
    made = settings.settings().model_copy(update={"rasa_port": 9})
    schema.upgrade(made.database_url)
    facts = CaseFacts.model_validate({**FACTS, "today": TODAY})
    cases.save(SENDER, "sms", facts.as_plain(), assess(facts), TODAY)
    yield made
    settings.clear_settings()


@pytest.fixture
def client(current: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(current, documents)) as made:
        yield made


def test_a_short_link_shows_the_papers_and_each_can_be_had(client: TestClient) -> None:
    page = client.get(short_links.path(short_links.mint(SENDER)))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "(PDF)" in page.text
    assert "(calendar)" in page.text
    links = re.findall(r'href="(/papers/[^"]+)"', page.text)
    assert len(links) >= 5
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_the_links_of_the_page_last_no_longer_than_the_short_one(client: TestClient, current: Settings) -> None:
    made = now()
    path = short_links.path(short_links.mint(SENDER, at=made))
    link = re.findall(r'href="(/papers/[^"]+)"', client.get(path).text)[0]
    with time_machine.travel(made + timedelta(hours=current.link_hours, minutes=1)):
        assert client.get(link).status_code == 404
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("code", ["bcdfghjkmnpq", "x", "%2e%2e", "b" * 200])
def test_any_other_code_is_no_page(code: str, client: TestClient) -> None:
    assert client.get(f"/p/{code}").status_code == 404


def test_a_link_of_before_an_erasure_leads_to_no_later_case(client: TestClient, current: Settings) -> None:
    path = short_links.path(short_links.mint(SENDER, at=now() - timedelta(hours=1)))
    assert client.get(path).status_code == 404, "the case began after the link"


def test_the_log_has_no_code() -> None:
    assert noted("/p/bcdfghjkmnpq") == "/p/…"
    assert noted("//p//bcdfghjkmnpq") == "//p//…"


def test_while_rasa_is_away_a_message_is_taken_in_and_a_status_noted(client: TestClient) -> None:
    body, headers = posted(form("Kaiser said no"))
    answer = client.post(MESSAGES, content=body, headers=headers)
    assert (answer.status_code, "<Response/>" in answer.text) == (200, True)
    body, headers = posted({"MessageSid": "SM1", "MessageStatus": "sent"}, STATUS)
    assert client.post(STATUS, content=body, headers=headers).status_code == 204
    assert states() == ["waiting"]


@pytest.mark.parametrize("path", [MESSAGES, STATUS])
def test_nothing_unsigned_is_taken_in_even_then(path: str, client: TestClient) -> None:
    assert client.post(path, data=form("let me in")).status_code == 403
    assert client.get(path).status_code == 405
    assert states() == []


def test_without_an_account_nothing_is_let_in(current: Settings) -> None:
    nothing = {"twilio_account_sid": None, "twilio_auth_token": None, "twilio_from": None, "public_url": None}
    with TestClient(create_app(current.model_copy(update=nothing))) as client:
        body, headers = posted(form("hello"))
        assert client.post(MESSAGES, content=body, headers=headers).status_code == 403


def test_a_message_while_the_database_is_away_is_to_be_sent_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from records.engine import engine

    with engine().begin() as connection:
        connection.exec_driver_sql("ALTER TABLE texts_in RENAME TO elsewhere")
    body, headers = posted(form("Kaiser said no to Rosa"))
    with caplog.at_level(logging.INFO):
        assert client.post(MESSAGES, content=body, headers=headers).status_code == 503
    assert "Rosa" not in "".join(record.getMessage() for record in caplog.records)
