"""The door of the console: the form, the session in the cookie, forms from elsewhere, and records that are away."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime

import pyotp
import pytest
from starlette.testclient import TestClient

from records import staff
from records.console_models import StaffSession
from records.engine import transaction
from records.staff import Added
from tests.databases import changed, sqlite_only
from tests.web.staff.conftest import PASSWORD, Practice
from web.staff.gate import COOKIE
from web.staff.wording import texts

WRONG = texts()["problems"]["wrong"]


@pytest.fixture
def ana(practice: Practice) -> Added:
    return staff.add("ana", "reviewer", PASSWORD, url=practice.url)


def form(added: Added, **changes: str) -> dict[str, str]:
    code = pyotp.TOTP(added.secret).at(datetime.now(UTC))
    return {"name": added.member.name, "password": PASSWORD, "code": code, **changes}


def enter(practice: Practice, added: Added, **changes: str) -> TestClient:
    client = practice.client()
    assert client.post("/staff", data=form(added, **changes)).status_code == 303
    return client


def test_the_form_is_there_when_no_account_is(tmp_path: object, practice: Practice) -> None:
    for table in ("staff_sessions", "staff"):
        changed(practice.current.database_url, f"DELETE FROM {table}")
    page = practice.client().get("/staff")
    assert page.status_code == 200
    assert 'type="password"' in page.text


def test_signing_in_leads_to_the_inbox(practice: Practice, ana: Added) -> None:
    client = practice.client()
    answer = client.post("/staff", data=form(ana))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/inbox")
    assert client.get("/staff/inbox").status_code == 200
    assert client.get("/staff").headers["location"] == "/staff/inbox"


def test_the_cookie_is_for_no_script_and_no_other_site(practice: Practice, ana: Added) -> None:
    cookie = practice.client().post("/staff", data=form(ana)).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/staff"))
    assert "secure" not in cookie
    safe = TestClient(practice.app, base_url="https://testserver", headers={"Sec-Fetch-Site": "same-origin"})
    assert "secure" in safe.post("/staff", data=form(ana), follow_redirects=False).headers.get("set-cookie", "secure")


@pytest.mark.parametrize(
    "wrong",
    [{"name": "nobody"}, {"password": "x"}, {"code": "1"}, {"name": ""}, {"name": "ánà"}],
)
def test_what_was_wrong_is_not_told(practice: Practice, ana: Added, wrong: dict[str, str]) -> None:
    answer = practice.client().post("/staff", data=form(ana, **wrong))
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert PASSWORD not in answer.text


def test_after_some_failures_there_is_a_pause(practice: Practice, ana: Added) -> None:
    for _ in range(5):
        practice.client().post("/staff", data=form(ana, password="wrong wrong"))
    answer = practice.client().post("/staff", data=form(ana))
    assert (answer.status_code, texts()["problems"]["shut_out"] in answer.text) == (429, True)


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/staff/conversations/3?status=new", "/staff/conversations/3?status=new"),
        ("https://evil.example/", "/staff/inbox"),
        ("//evil.example/staff/", "/staff/inbox"),
        ("/staff//evil.example", "/staff/inbox"),
        ("/staff/\\evil.example", "/staff/inbox"),
        ("/staff/x\r\nSet-Cookie: a=b", "/staff/inbox"),
        ("javascript:alert(1)", "/staff/inbox"),
    ],
)
def test_one_comes_back_to_the_page_and_never_to_another_site(
    practice: Practice, ana: Added, wanted: str, leads_to: str
) -> None:
    answer = practice.client().post("/staff", data=form(ana, next=wanted))
    assert answer.headers["location"] == leads_to


def test_who_only_wanted_to_look_is_sent_to_the_form_and_back(practice: Practice) -> None:
    answer = practice.client().get("/staff/inbox?status=new")
    assert answer.headers["location"] == "/staff?next=%2Fstaff%2Finbox%3Fstatus%3Dnew"
    assert 'value="/staff/inbox?status=new"' in practice.client().get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ],
)
def test_forms_come_from_this_site_alone(practice: Practice, headers: dict[str, str], is_taken: bool) -> None:
    client = practice.client("admin")
    del client.headers["Sec-Fetch-Site"]
    answer = client.post("/staff/accounts", data={"name": "rui", "role": "viewer"}, headers=headers)
    assert answer.status_code == (200 if is_taken else 403)
    assert (staff.named("rui", url=practice.url) is not None) == is_taken


def test_a_session_that_is_renewed_anywhere_goes_on(practice: Practice, ana: Added) -> None:
    for path in ("/staff", "/staff/inbox", "/staff/accounts", "/staff/conversations/99"):
        client = practice.client("reviewer")
        with transaction(practice.url) as session:
            session.query(StaffSession).update({"renewed_at": datetime(2026, 1, 1, tzinfo=UTC)})
        assert "set-cookie" in client.get(path).headers
        with transaction(practice.url) as session:
            session.query(StaffSession).update({"mark_before": None})
        assert client.get("/staff/inbox").status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://", "//", "http://testserver:99999x"])
def test_an_origin_that_is_none_is_refused(practice: Practice, origin: str) -> None:
    client = practice.client("admin")
    del client.headers["Sec-Fetch-Site"]
    assert client.post("/staff/practice", headers={"Origin": origin}).status_code == 403
    assert client.post("/staff", headers={"Origin": origin, "Host": ""}).status_code == 403


def test_who_signs_in_anew_in_the_same_browser_leaves_the_session_of_before(practice: Practice, ana: Added) -> None:
    client = practice.client("viewer")
    before = str(client.cookies.get(COOKIE))
    client.post("/staff", data=form(ana))
    other = practice.client()
    other.cookies.set(COOKIE, before, path="/staff")
    assert other.get("/staff/inbox").status_code == 303


def test_blanks_around_a_password_belong_to_it(practice: Practice) -> None:
    added = staff.add("rui", "viewer", "  words with blanks  ", url=practice.url)
    enter(practice, added, password="  words with blanks  ")


def test_a_page_that_fails_says_so_and_not_why(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    from records import inbox

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a word of somebody")

    monkeypatch.setattr(inbox, "page", fail)
    answer = practice.client("viewer").get("/staff/inbox")
    assert (answer.status_code, texts()["problems"]["broken"] in answer.text) == (500, True)
    assert "somebody" not in answer.text


def test_signing_out_ends_the_session_for_good(practice: Practice, ana: Added) -> None:
    client = enter(practice, ana)
    stolen = client.cookies.get(COOKIE)
    client.post("/staff/sign-out")
    other = practice.client()
    other.cookies.set(COOKIE, str(stolen), path="/staff")
    assert other.get("/staff/inbox").status_code == 303


def test_who_was_given_a_password_chooses_their_own_first(practice: Practice) -> None:
    added = staff.add("rui", "admin", url=practice.url)
    client = enter(practice, added, password=added.password)
    assert client.get("/staff/inbox").headers["location"] == "/staff/account"
    told = {"old": added.password, "new": "my very own words", "again": "my very own words"}
    assert client.post("/staff/account", data=told).status_code == 303
    assert client.get("/staff/inbox").status_code == 200


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"old": "wrong"}, "wrong_password"),
        ({"new": "short", "again": "short"}, "bad_password"),
        ({"again": "something else here"}, "not_the_same"),
        ({"new": PASSWORD, "again": PASSWORD}, "same_password"),
    ],
)
def test_a_password_that_cannot_be_is_said_so(
    practice: Practice, ana: Added, told: dict[str, str], problem: str
) -> None:
    client = enter(practice, ana)
    new = {"old": PASSWORD, "new": "my very own words", "again": "my very own words", **told}
    answer = client.post("/staff/account", data=new)
    assert (answer.status_code, texts()["problems"][problem] in answer.text) == (400, True)


@sqlite_only
def test_records_that_are_locked_are_said_to_be_away_and_nothing_is_half_written(
    practice: Practice, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from records import engine

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    engine.forget_engine()
    client = practice.client("admin")
    with sqlite3.connect(str(practice.current.var_dir / "imr.sqlite3"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post(f"/staff/conversations/{conversation}/notes", data={"text": "half a note"})
        other.execute("ROLLBACK")
    assert (answer.status_code, texts()["problems"]["records_away"] in answer.text) == (503, True)
    assert "half a note" not in client.get(f"/staff/conversations/{conversation}").text


@sqlite_only
def test_records_that_are_gone_are_said_to_be_away(practice: Practice) -> None:
    from records import engine

    client = practice.client("admin")
    engine.forget_engine()
    database = practice.current.var_dir / "imr.sqlite3"
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    database.mkdir()
    for path in ("/staff", "/staff/inbox", "/staff/conversations/1"):
        assert client.get(path).status_code == 503


def test_the_log_of_the_web_app_has_no_word_of_what_was_typed(
    practice: Practice, ana: Added, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        practice.client().post("/staff", data=form(ana, password="typed by hand 123"))
        enter(practice, ana).get("/staff/inbox?q=myillness")
    assert "typed by hand" not in caplog.text
    assert "myillness" not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("web"))
