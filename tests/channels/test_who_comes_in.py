"""Who may come in by which door, over HTTP: tokens, sizes, sites, rates; and that nothing else can be reached."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx
import pytest

from tests.channels.talk import Talk, error_code
from tests.channels.tiny_bot import ALLOWED_SITE, MOST_A_MINUTE, Assistant
from tests.databases import asked


@pytest.mark.parametrize(("body", "code"), [(b"{", "bad_json"), (b"[" * 9000, "bad_json"), (b"{}", "bad_message")])
def test_a_bad_body_is_refused_with_a_reason(body: bytes, code: str, talk: Talk) -> None:
    headers = {"Authorization": f"Bearer {talk.token}"}
    answer = talk.http.post("/webhooks/web/messages", content=body, headers=headers)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_opening_a_session_with_a_bad_body_is_refused(talk: Talk) -> None:
    assert talk.http.post("/webhooks/web/session", content=b"{").status_code == 400


@pytest.mark.parametrize("size", [16385, 200_000])
def test_a_body_over_16_kilobytes_is_refused_at_both_doors(size: int, talk: Talk, assistant: Assistant) -> None:
    headers = {"Authorization": f"Bearer {talk.token}"}
    for base in (assistant.web, assistant.rasa):
        answer = httpx.post(f"{base}/webhooks/web/messages", content=b"a" * size, headers=headers)
        assert answer.status_code == 413


@pytest.mark.parametrize(
    ("header", "code"),
    [(None, "missing_token"), ("Bearer forged", "bad_token"), ("Basic abc", "missing_token")],
)
def test_without_a_valid_token_nobody_gets_in(header: str | None, code: str, talk: Talk) -> None:
    headers = {"Authorization": header} if header else {}
    answer = talk.http.post("/webhooks/web/messages", json={"text": "hello"}, headers=headers)
    assert (answer.status_code, error_code(answer)) == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_one_number_for_a_conversation_opens_one_however_often_it_is_asked_for(
    talk: Talk, assistant: Assistant
) -> None:
    number = secrets.token_hex(16)
    opened = [talk.http.post("/webhooks/web/session", json={"id": number}).json() for _ in range(3)]
    assert len({reply["messages"][0]["text"] for reply in opened}) == 1
    talk.token = opened[0]["session"]
    talk.send(text="my scan")
    talk.token = opened[2]["session"]
    assert [turn["said"] and turn["said"]["text"] for turn in talk.history()] == [None, "my scan"]


@pytest.mark.parametrize(("number", "code"), [("short", "bad_number"), ("a b" * 20, "bad_id"), (7, "bad_id")])
def test_a_number_that_could_be_guessed_opens_none(number: Any, code: str, talk: Talk) -> None:
    assert error_code(talk.http.post("/webhooks/web/session", json={"id": number})) == code


def test_every_answer_brings_a_token_that_is_good_for_longer(talk: Talk) -> None:
    first = talk.token
    time.sleep(1.1)  # tokens hold the second in which they were made
    headers = {"Authorization": f"Bearer {first}"}
    read = talk.http.post("/webhooks/web/history", json={}, headers=headers).json()["session"]
    talk.token = talk.send(text="hello").json()["session"]
    assert first not in (read, talk.token)
    assert talk.text(text="hello again") == "You said: 'hello again'"


@pytest.mark.parametrize("name", ["history", "erase"])
def test_nobody_reads_or_erases_without_a_token(name: str, talk: Talk) -> None:
    assert talk.http.post(f"/webhooks/web/{name}", json={}).status_code == 401


def test_pages_of_other_sites_are_refused_at_both_doors(assistant: Assistant) -> None:
    for base in (assistant.web, assistant.rasa):
        for method in ("POST", "OPTIONS"):
            headers = {"Origin": "https://evil.example"}
            answer = httpx.request(method, f"{base}/webhooks/web/session", headers=headers, timeout=20)
            assert (answer.status_code, error_code(answer)) == (403, "bad_origin")
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_pages_of_the_own_and_of_an_allowed_site_may_talk(assistant: Assistant) -> None:
    for origin in (assistant.web, ALLOWED_SITE):
        headers = {"Origin": origin}
        before = httpx.options(f"{assistant.web}/webhooks/web/session", headers=headers, timeout=20)
        assert before.status_code == 204
        assert "authorization" in before.headers["Access-Control-Allow-Headers"]
        opened = httpx.post(f"{assistant.web}/webhooks/web/session", headers=headers, json={}, timeout=20)
        assert opened.headers["Access-Control-Allow-Origin"] == origin


def test_who_writes_too_often_is_asked_to_wait(talk: Talk) -> None:
    answers = [talk.send(text="hello") for _ in range(MOST_A_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert (answers[-1].status_code, error_code(answers[-1])) == (429, "too_often")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_a_session_is_a_row_among_the_conversations(talk: Talk, assistant: Assistant) -> None:
    rows = asked(assistant.database, "SELECT channel, language FROM conversations WHERE sender_id LIKE 'web-%'")
    assert set(rows) == {("web", "en")}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/webhooks/web/ready"),
        ("POST", "/webhooks/web/ready"),
        ("POST", "/webhooks/rest/webhook"),
        ("POST", "/webhooks/sms/incoming"),
        ("POST", "/webhooks/web/../rest/webhook"),
        ("POST", "/webhooks/web/%2e%2e%2f"),
        ("POST", "/webhooks/web/session/more"),
        ("POST", "/model/parse"),
        ("GET", "/conversations/x/tracker"),
        ("GET", "/status"),
        ("GET", "/version"),
    ],
)
def test_nothing_else_of_rasas_can_be_reached(method: str, path: str, assistant: Assistant) -> None:
    answer = httpx.request(method, assistant.web + path)
    assert answer.status_code in (404, 405)
    assert "asa" not in answer.text


@pytest.mark.parametrize("path", ["/", "/version", "/status", "/model", "/webhooks/rest"])
def test_even_on_loopback_only_our_channel_is_there(path: str, assistant: Assistant) -> None:
    assert httpx.get(assistant.rasa + path).status_code == 404
