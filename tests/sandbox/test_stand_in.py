"""The stand-in for Twilio answers as Twilio does, so that what is tested against it is true of the other."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from cli import stand_in
from cli.serve import free_port
from sandbox.running import StandIn, standing_in
from sandbox.twilio import FAILURES, Account
from settings import Settings
from tests.texting.people import ROSA, WALTER

ACCOUNT = Account("AC" + "a1" * 16, "token", "+14155550100", "https://texts.example.org", "http://127.0.0.1:9")
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json"


@pytest.fixture
def twilio() -> Iterator[StandIn]:
    with standing_in(ACCOUNT, free_port()) as started:
        started.inside.behave({"retries": 0})
        yield started


@pytest.fixture
def api(twilio: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=twilio.url, auth=(ACCOUNT.sid, ACCOUNT.token), trust_env=False) as client:
        yield client


def send(api: httpx.Client, to: str = ROSA, body: str = "hello") -> httpx.Response:
    return api.post(MESSAGES, data={"To": to, "From": ACCOUNT.number, "Body": body})


def test_a_message_is_taken_and_can_be_found(api: httpx.Client) -> None:
    taken = send(api)
    assert taken.status_code == 201
    send(api, WALTER)
    found = api.get(MESSAGES, params={"To": ROSA}).json()["messages"]
    assert [one["sid"] for one in found] == [taken.json()["sid"]]
    assert parsedate_to_datetime(found[0]["date_created"]).tzinfo


def test_the_newest_message_comes_first(api: httpx.Client) -> None:
    for body in ("one", "two"):
        send(api, body=body)
    assert [one["body"] for one in api.get(MESSAGES, params={"To": ROSA}).json()["messages"]] == ["two", "one"]


@pytest.mark.parametrize("auth", [None, (ACCOUNT.sid, "wrong"), ("AC0", ACCOUNT.token)])
def test_nobody_else_may_send(auth: tuple[str, str] | None, twilio: StandIn) -> None:
    answer = httpx.post(twilio.url + MESSAGES, data={"To": ROSA, "Body": "hi"}, auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


@pytest.mark.parametrize(("to", "body", "code"), [("415", "hi", 21211), (ROSA, "", 21617), (ROSA, "x" * 1601, 21617)])
def test_what_cannot_be_sent_is_refused_with_its_code(to: str, body: str, code: int, api: httpx.Client) -> None:
    answer = send(api, to, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("failure", "status", "is_there"),
    [("down", 500, False), ("error", 500, False), ("lost_answer", 500, True), ("too_many", 429, False),
     ("never", 400, False), ("stopped", 400, False)],
)  # fmt: skip
def test_every_failure_fails_in_its_own_way(
    failure: str, status: int, is_there: bool, twilio: StandIn, api: httpx.Client
) -> None:
    assert failure in FAILURES
    twilio.inside.behave({"failure": failure, "failures": 1})
    assert send(api).status_code == status
    assert bool(twilio.inside.messages) is is_there
    assert send(api).status_code == 201, "only once"


def test_what_it_cannot_do_is_named(twilio: StandIn) -> None:
    for wanted in ({"failure": "explode"}, {"speed": 3}):
        answer = httpx.post(f"{twilio.url}/sandbox/behaviour", json=wanted)
        assert answer.status_code == 400
        assert "lost_answer" in answer.json()["error"]


def test_who_texts_needs_a_number(twilio: StandIn) -> None:
    assert httpx.post(f"{twilio.url}/sandbox/text", json={"from": "me", "body": "hi"}).status_code == 400


def test_the_phone_loads_nothing_from_elsewhere(twilio: StandIn) -> None:
    page = httpx.get(twilio.url)
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    static = Path(__file__).parents[2] / "sandbox" / "static"
    assert not [path for path in static.iterdir() if "://" in path.read_text(encoding="utf-8")]


def test_no_real_message_can_leave_the_sandbox(tmp_path: Path) -> None:
    real = Settings(
        var_dir=tmp_path,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="real",
        twilio_from="+14155550199",
        public_url="https://real.example.org",
        notify_webhook="https://staff.example.org",
        smtp_host="mail.example.org",
        notify_from="a@example.org",
        notify_to="b@example.org",
    )
    made = stand_in.settings_for(real, 4567)
    assert made.twilio_api_url == "http://127.0.0.1:4567"
    assert made.twilio_account_sid != real.twilio_account_sid
    assert made.twilio_auth_token != real.twilio_auth_token
    assert made.public_url == f"http://localhost:{real.port}"
    assert made.var_dir == tmp_path / "sandbox"
    assert made.database_url != real.database_url, "what is owed to real people stays owed"
    assert not any(getattr(made, name) for name in stand_in.UNTOLD)
    assert stand_in.process(made, 4567).arguments == ["-m", "sandbox", "--port", "4567"]
