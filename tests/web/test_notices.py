"""Staff are told of a consultation request by real e-mail and real POSTs, once in each way, whatever fails."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import settings
from cli.serve import free_port
from records import consultations, schema
from settings import Settings
from tests.web.receivers import HookServer, MailServer, make_certificate, running
from web.app import create_app
from web.notices import rounds
from web.notices.rounds import Notifier
from web.wording import texts

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
CONTACT = {"name": "Maria Testperson", "reach": "(415) 555-0134", "best_time": "mornings"}


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.clear_settings()
    schema.upgrade()
    yield
    settings.clear_settings()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    with running(server):
        yield server


@pytest.fixture
def hook() -> Iterator[HookServer]:
    server = HookServer()
    with running(server):
        yield server


def practice(mail: MailServer | int | None = None, hook: HookServer | str | None = None, **more: Any) -> Settings:
    """Settings with these ways to tell staff; a number or a text stands for a server that is not there."""
    values: dict[str, Any] = {"smtp_security": "none", **more}
    if mail:
        port = mail if isinstance(mail, int) else mail.port
        values |= {"smtp_host": "127.0.0.1", "smtp_port": port}
        values |= {"notify_from": "assistant@example.com", "notify_to": "staff@example.com, boss@example.com"}
    if hook:
        values["notify_webhook"] = hook if isinstance(hook, str) else hook.url
    return Settings(**values)


def asked(sender: str = "web-1", at: datetime = NOW) -> int:
    """A confirmed request."""
    for part, value in CONTACT.items():
        consultations.keep_part(sender, "web", part, value)  # type: ignore[arg-type]
    return consultations.confirm(sender, "plan_grievance", at=at)


def rounds_at(current: Settings, *moments: datetime) -> int:
    """One round at each moment; how many requests were taken up in all."""
    notifier = Notifier(current)
    return sum(asyncio.run(notifier.round(moment)) for moment in moments)


def later(**how: float) -> datetime:
    return NOW + timedelta(**how)


def test_staff_get_an_e_mail_with_number_time_and_channel(mail: MailServer) -> None:
    number = asked()
    rounds_at(practice(mail), NOW)
    [message] = mail.messages
    assert message["Subject"] == f"New consultation request no. {number}"
    assert (message["From"], message["To"]) == ("assistant@example.com", "staff@example.com, boss@example.com")
    assert mail.receivers == ["staff@example.com", "boss@example.com"]
    text = message.get_content()
    assert "Open the console." in text
    assert "2026-11-23 12:30 (California time)" in text
    assert "the website" in text


def test_another_program_gets_the_same_as_json(hook: HookServer) -> None:
    number = asked()
    rounds_at(practice(hook=hook), NOW)
    [(headers, body)] = hook.posts
    assert headers["Content-Type"] == "application/json"
    told = {"event": "consultation.requested", "id": number, "at": "2026-11-23T20:30:00+00:00", "channel": "web"}
    assert json.loads(body) == told


def test_no_contact_no_route_and_no_conversation_is_in_a_notice(mail: MailServer, hook: HookServer) -> None:
    asked()
    rounds_at(practice(mail, hook), NOW)
    sent = mail.messages[0].as_string() + str(hook.posts)
    assert not [word for word in (*CONTACT.values(), "grievance", "web-1") if word in sent]


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_each_channel_has_its_words(channel: str) -> None:
    assert texts()["notice_channels"][channel]


def test_what_was_told_is_not_told_again(mail: MailServer, hook: HookServer) -> None:
    asked()
    current = practice(mail, hook)
    assert rounds_at(current, NOW, later(days=1), later(days=2)) == 1
    assert (len(mail.messages), len(hook.posts)) == (1, 1)


def test_several_requests_are_told_in_one_round(hook: HookServer) -> None:
    numbers = [asked(f"web-{number}") for number in range(3)]
    rounds_at(practice(hook=hook), NOW)
    assert [json.loads(body)["id"] for _, body in hook.posts] == numbers


def test_two_processes_tell_a_request_once(mail: MailServer, hook: HookServer) -> None:
    for number in range(5):
        asked(f"web-{number}")

    async def both() -> list[int]:
        return await asyncio.gather(*(Notifier(practice(mail, hook)).round(NOW) for _ in range(2)))

    assert sum(asyncio.run(both())) == 5
    assert (len(mail.messages), len(hook.posts)) == (5, 5)


def test_a_webhook_that_fails_twice_is_told_the_third_time_with_growing_pauses(hook: HookServer) -> None:
    asked()
    hook.failures = 2
    current = practice(hook=hook)
    assert rounds_at(current, NOW) == 1
    assert rounds_at(current, later(seconds=20)) == 0, "30 seconds after the first failure"
    assert rounds_at(current, later(seconds=40)) == 1
    assert rounds_at(current, later(seconds=90)) == 0, "a minute after the second"
    assert hook.posts == []
    assert rounds_at(current, later(seconds=110)) == 1
    assert len(hook.posts) == 1


def test_the_failure_of_one_way_does_not_repeat_the_other(mail: MailServer, hook: HookServer) -> None:
    asked()
    hook.failures = 1
    rounds_at(practice(mail, hook), NOW, later(minutes=2))
    assert (len(mail.messages), len(hook.posts)) == (1, 1)


def test_when_the_mail_server_refuses_the_webhook_is_told_all_the_same(mail: MailServer, hook: HookServer) -> None:
    asked()
    mail.refusals = 2
    current = practice(mail, hook)
    rounds_at(current, NOW)
    assert (len(mail.messages), len(hook.posts)) == (0, 1)
    rounds_at(current, later(minutes=2))
    assert (len(mail.messages), len(hook.posts)) == (1, 1)


def test_when_one_of_the_receivers_is_refused_the_other_is_told_once(mail: MailServer) -> None:
    asked()
    mail.refused = {"boss@example.com"}
    rounds_at(practice(mail), NOW, later(hours=2))
    assert mail.receivers == ["staff@example.com"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_a_2xx_counts_as_told_and_no_redirect_is_followed(status: int, hook: HookServer) -> None:
    asked()
    hook.status = status
    current = practice(hook=hook)
    rounds_at(current, NOW)
    assert consultations.owed(later(hours=1), 10, via=("webhook",))
    assert len(hook.posts) == 1


def test_stored_while_nothing_answers_and_told_when_it_is_back() -> None:
    ports = free_port(), free_port()
    current = practice(ports[0], f"http://127.0.0.1:{ports[1]}/hook")
    asked()
    rounds_at(current, *(later(hours=hour) for hour in range(30)))
    kept = consultations.latest("web-1")
    assert kept
    assert (kept.state, kept.name) == ("new", "Maria Testperson")
    mail, hook = MailServer(ports[0]), HookServer(ports[1])
    with running(mail), running(hook):
        rounds_at(current, later(hours=31))
    assert (len(mail.messages), len(hook.posts)) == (1, 1)


def test_without_a_way_to_tell_nothing_is_sent_and_the_request_waits(hook: HookServer) -> None:
    asked()
    assert rounds_at(practice(), NOW, later(days=3)) == 0
    assert rounds_at(practice(hook=hook), later(days=4)) == 1
    assert len(hook.posts) == 1


def test_drafts_that_were_left_are_erased_even_when_there_is_nobody_to_tell() -> None:
    consultations.keep_part("web-1", "web", "name", "Maria Testperson")
    rounds_at(practice(), datetime.now(UTC) + timedelta(hours=25))
    assert consultations.draft_of("web-1") is None


def test_a_login_is_used_where_it_is_set(mail: MailServer) -> None:
    asked()
    rounds_at(practice(mail, smtp_user="me", smtp_password="my-password"), NOW)
    assert len(mail.logins) == 1
    assert len(mail.messages) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_mail_goes_through_a_protected_connection(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    asked()
    server = MailServer(certificate=certificate, at_once=security == "tls")
    with running(server):
        rounds_at(practice(server, smtp_security=security), NOW)
    assert server.protected == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_server_that_nobody_vouches_for_gets_nothing(security: str, tmp_path: Path) -> None:
    asked()
    server = MailServer(certificate=make_certificate(tmp_path), at_once=security == "tls")
    with running(server):
        rounds_at(practice(server, smtp_security=security), NOW)
    assert server.messages == []


def test_a_mail_server_without_protection_gets_neither_mail_nor_password(mail: MailServer) -> None:
    asked()
    rounds_at(practice(mail, smtp_security="starttls", smtp_user="me", smtp_password="my-password"), NOW)
    assert (mail.messages, mail.logins) == ([], [])
    assert consultations.owed(later(hours=1), 10, via=("email",))


def test_the_log_says_which_request_was_told_and_no_word_more(
    mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")
    number = asked()
    secret = f"http://127.0.0.1:{free_port()}/my-secret"
    rounds_at(practice(mail, secret), NOW)
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [f"notice {number} told by email", f"notice {number} not told by webhook: ConnectError"]


async def wait_for(condition: Any) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("did not happen in time")


def test_the_web_app_tells_staff_while_it_runs(hook: HookServer) -> None:
    asked()
    with TestClient(create_app(practice(hook=hook))):
        asyncio.run(wait_for(lambda: hook.posts))
    assert len(hook.posts) == 1


def test_no_error_ends_the_rounds(
    tmp_path: Path, hook: HookServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0.02)
    elsewhere = f"sqlite:///{tmp_path / 'without_tables.sqlite3'}"
    with TestClient(create_app(practice(hook=hook, database_url=elsewhere))):
        asyncio.run(wait_for(lambda: "a round of notices failed: OperationalError" in caplog.text))
        schema.upgrade(elsewhere)
        consultations.keep_part("web-1", "web", "name", "Maria", url=elsewhere)
        consultations.keep_part("web-1", "web", "reach", "maria@example.com", url=elsewhere)
        consultations.confirm("web-1", "asked_for", url=elsewhere)
        asyncio.run(wait_for(lambda: hook.posts))
    assert len(hook.posts) == 1


def test_what_is_being_told_when_the_app_stops_is_told_to_the_end(hook: HookServer) -> None:
    asked()
    hook.gate.clear()
    with TestClient(create_app(practice(hook=hook))):
        asyncio.run(wait_for(lambda: hook.posts))
        threading.Timer(0.2, hook.gate.set).start()
    assert consultations.owed(datetime.now(UTC) + timedelta(days=1), 10, via=("webhook",)) == []
