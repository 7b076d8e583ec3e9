"""The way to Rasa when Rasa is not there, slow or odd; and what the log learns of it.

What a running Rasa answers is tested end to end beside the channel.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from records import schema
from settings import Settings
from web import proxy
from web.app import create_app
from web.wording import error_text

SMALL = {"text": "hello"}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def current(tmp_path: Path) -> Settings:
    """Settings whose Rasa and action server are not running."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return Settings(var_dir=tmp_path, rasa_port=port, action_port=port)


@pytest.fixture
def client(current: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(current)) as made:
        yield made


def test_when_rasa_is_down_a_sentence_says_so(client: TestClient) -> None:
    answer = client.post("/webhooks/web/messages", json=SMALL)
    assert answer.status_code == 502, "nothing was taken in: a proxy may ask another process"
    assert answer.json()["error"] == {"code": "unavailable", "message": error_text("unavailable")}
    assert answer.headers["Retry-After"]


def test_when_rasa_takes_too_long_a_sentence_says_so(
    current: Settings, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "TIMEOUT", httpx.Timeout(0.2))
    slow = current.model_copy(update={"rasa_port": listener.getsockname()[1]})
    with TestClient(create_app(slow)) as client:
        answer = client.post("/webhooks/web/messages", json=SMALL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "slow")


@pytest.mark.parametrize("size", [16385, 5_000_000])
def test_a_body_over_the_limit_is_refused_before_rasa_sees_it(size: int, client: TestClient) -> None:
    answer = client.post("/webhooks/web/messages", content=b"a" * size)
    assert answer.status_code == 413
    assert "16384" in answer.json()["error"]["message"]


def test_a_body_in_pieces_is_measured_too(client: TestClient) -> None:
    answer = client.post("/webhooks/web/messages", content=iter([b"a" * 9000, b"a" * 9000]))
    assert answer.status_code == 413


def test_a_body_at_the_limit_is_passed_on(client: TestClient) -> None:
    assert client.post("/webhooks/web/messages", content=b"a" * 16384).status_code == 502


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/rest/webhook",
        "/webhooks/web",
        "/webhooks/web/",
        "/webhooks/web/Session",
        "/webhooks/web/a.b",
        "/webhooks/web/..%2f..%2fmodel",
        "/webhooks/web/session%3fx=1",
        "/webhooks/web/session%0a",
        f"/webhooks/web/{'a' * 41}",
        "/model/parse",
    ],
)
def test_no_other_address_is_passed_on(path: str, client: TestClient) -> None:
    assert client.post(path, json=SMALL).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_posts_are_passed_on(method: str, client: TestClient) -> None:
    assert client.request(method, "/webhooks/web/session").status_code == 405


def test_the_log_knows_method_path_and_status_and_nothing_else(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")
    headers = {"Authorization": "Bearer my-token"}
    client.post("/webhooks/web/messages?name=my-name", json={"text": "my-words"}, headers=headers)
    client.get("/x%0d%0aforged-line")
    assert "POST /webhooks/web/messages 502" in caplog.text
    for secret in ("my-token", "my-name", "my-words"):
        assert secret not in caplog.text
    assert not [record for record in caplog.records if record.getMessage().startswith("forged")]
    assert all("\n" not in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("/papers/my-token/calendar", "/papers/…/calendar"),
        ("/papers/my-token", "/papers/…"),
        ("/papers/my-token/", "/papers/…/"),
        ("/papers/my-token/a/b", "/papers/…/a/b"),
        ("/Papers//my-token/calendar", "/Papers//…/calendar"),
        ("/%70apers/my-token/calendar", "/papers/…/calendar"),
        (f"/papers/{'my-token' * 40}/calendar", "/papers/…/calendar"),
    ],
)
def test_the_log_does_not_learn_the_link_to_a_paper(
    path: str, noted: str, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")
    client.get(path)
    assert f"GET {noted} 404" in caplog.text
    assert "my-token" not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("web"))


def test_health_names_every_part_that_is_down(client: TestClient) -> None:
    answer = client.get("/healthz")
    parts = {"rasa": "down", "actions": "down", "database": "down", "model": "down"}
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "parts": parts})


def test_nobody_is_sent_to_a_process_that_cannot_help(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


# What Rasa says of itself, and what follows: the status of /healthz, that of /readyz, the parts that are not well.
TOLD_BY_RASA = {
    "all is well": ({"ready": True, "writes": True, "redis": "ok"}, 200, 200, set()),
    "no Redis is set": ({"ready": True, "writes": True, "redis": None}, 200, 200, set()),
    "Redis is away": ({"ready": True, "writes": True, "redis": "away"}, 503, 200, {"redis"}),
    "the disk is full": ({"ready": True, "writes": False, "redis": None}, 503, 503, {"database"}),
    "the model is not there": ({}, 503, 503, {"model"}),
}


@pytest.mark.parametrize(("said", "health", "readiness", "ill"), TOLD_BY_RASA.values(), ids=TOLD_BY_RASA)
def test_health_names_what_is_ill_and_readiness_spares_what_people_do_not_need(
    client: TestClient,
    current: Settings,
    monkeypatch: pytest.MonkeyPatch,
    said: dict[str, Any],
    health: int,
    readiness: int,
    ill: set[str],
) -> None:
    async def answer(_: object) -> dict[str, Any]:
        return said

    schema.upgrade(current.database_url)
    monkeypatch.setattr("web.health._rasa", answer)
    told = client.get("/healthz")
    assert told.status_code == health
    assert {name for name, state in told.json()["parts"].items() if state != "ok"} == ill
    assert client.get("/readyz").status_code == readiness


def test_health_knows_whether_the_tables_are_there(client: TestClient, current: Settings) -> None:
    schema.upgrade(current.database_url)
    assert client.get("/healthz").json()["parts"]["database"] == "ok"
