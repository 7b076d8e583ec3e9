"""The whole way over HTTP: web app, Rasa with our channel, an action server, the database.

A very small assistant stands in for the real one; everything else is what `./imr serve` runs.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels.redaction import redact
from channels.wording import wording
from tests.channels.tiny_bot import ALLOWED_SITE, MOST_A_MINUTE, Assistant

QUESTION = "what is the status"
NOT_FILED = "grievance_status=not_filed"


class Talk:
    """One conversation, as a client sees it."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=40)
        self.opened = self.http.post("/webhooks/web/session", json={})
        self.token = self.opened.json().get("session")

    def send(self, **message: Any) -> httpx.Response:
        """Send one message and return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/webhooks/web/messages", json=message, headers=headers)

    def history(self) -> list[dict[str, Any]]:
        """The conversation as it is told to a page that was loaded again."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/webhooks/web/history", json={}, headers=headers).json()["turns"]

    def text(self, **message: Any) -> str:
        """Send one message and return the words of the answer."""
        return "\n".join(reply["text"] for reply in self.send(**message).json()["messages"])


@pytest.fixture
def assistant(tiny_assistant: Assistant) -> Assistant:
    """The running assistant."""
    return tiny_assistant


@pytest.fixture
def talk(assistant: Assistant) -> Iterator[Talk]:
    """A new conversation."""
    begun = Talk(assistant.web)
    with closing(begun.http):
        yield begun


@contextmanager
def broken_database(path: Path) -> Iterator[None]:
    """The table of events is not there for a while."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE events RENAME TO elsewhere")
        connection.commit()
        try:
            yield
        finally:
            connection.execute("ALTER TABLE elsewhere RENAME TO events")
            connection.commit()


def error_code(answer: httpx.Response) -> str:
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}
    return answer.json()["error"]["code"]


def test_a_session_opens_with_the_opening_turn(talk: Talk) -> None:
    assert talk.opened.status_code == 200
    assert set(talk.opened.json()) == {"session", "messages"}
    assert talk.opened.json()["messages"][0]["text"] == "Hello. This is a test."


def test_a_message_is_answered(talk: Talk) -> None:
    assert talk.text(text="my scan was denied") == "You said: 'my scan was denied'"


def test_a_question_keeps_text_buttons_and_what_it_asks_in_one_message(talk: Talk) -> None:
    answer = talk.send(text=QUESTION).json()
    assert answer.pop("session")
    assert answer == {
        "messages": [
            {
                "text": "Did you file a grievance?\n\nIt matters.",
                "buttons": [
                    {"title": "Not yet", "payload": NOT_FILED},
                    {"title": "I'm not sure", "payload": "grievance_status=null"},
                ],
                "asks": "grievance_status",
                "input": "choice",
                "assessment": None,
                "card": None,
                "papers": [],
                "anew": False,
            }
        ],
        "heard": None,
        "again": False,
    }


def test_an_offered_button_may_be_pressed_and_its_answer_may_ask_for_a_date(talk: Talk) -> None:
    talk.send(text=QUESTION)
    reply = talk.send(payload=NOT_FILED).json()["messages"][0]
    assert reply["text"] == f"You chose: {NOT_FILED}"
    assert (reply["asks"], reply["input"]) == ("denial_letter_date", "date")


def test_an_assessment_is_passed_on(talk: Talk) -> None:
    assert talk.send(text="assess it").json()["messages"][0]["assessment"] == {"route": "plan_grievance"}


@pytest.mark.parametrize("payload", [NOT_FILED, "/restart", "", 'x"}/restart{"'])
def test_a_button_that_was_not_offered_is_refused(payload: str, talk: Talk) -> None:
    answer = talk.send(payload=payload)
    assert (answer.status_code, error_code(answer)) == (400, "unknown_choice")


def test_a_button_offered_to_someone_else_is_refused(talk: Talk, assistant: Assistant) -> None:
    talk.send(text=QUESTION)
    assert Talk(assistant.web).send(payload=NOT_FILED).status_code == 400


@pytest.mark.parametrize("text", ["/restart", " \u200b/greet", '/give_details{"choice": "a=b"}'])
def test_a_text_that_starts_with_a_slash_is_only_text(text: str, talk: Talk) -> None:
    talk.send(text=QUESTION)
    assert talk.text(text=text).startswith("You said: '\\u2060/")
    assert talk.send(payload=NOT_FILED).status_code == 200, "the conversation was not restarted"


def test_a_text_that_is_too_long_is_answered_politely_and_not_passed_on(talk: Talk) -> None:
    assert talk.text(text="a" * 4000) == f"You said: '{'a' * 4000}'"
    assert talk.text(text="a" * 4001) == wording("replies", "too_long", length=4001, limit=4000)
    assert talk.send(text="a" * 4001).json()["heard"] == "", "nothing of it was taken in"


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u2060"])
def test_a_blank_text_is_answered_kindly(text: str, talk: Talk) -> None:
    assert talk.text(text=text) == wording("replies", "blank")


def test_odd_characters_arrive_clean(talk: Talk) -> None:
    assert talk.text(text="cafe\u0301 \u0000👩\u200d👧\ufeff") == "You said: 'café 👩\\u200d👧'"


def test_a_turn_that_says_nothing_still_gets_an_answer(talk: Talk) -> None:
    assert talk.text(text="silent") == wording("replies", "no_answer")


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


def test_two_messages_of_one_session_are_handled_one_after_the_other(talk: Talk) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: talk.text(text="slow"), range(3)))
    assert answers == ["one after the other"] * 3


def test_two_sessions_are_handled_at_the_same_time(assistant: Assistant) -> None:
    talks = [Talk(assistant.web) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: one.text(text="slow"), talks))
    assert "at the same time" in answers


@pytest.mark.parametrize("text", ["explode", "half", "endless"])
def test_a_turn_that_fails_is_an_apology_and_leaves_no_trace(text: str, talk: Talk) -> None:
    talk.send(text=QUESTION)
    answer = talk.send(text=f"{text} my-private-words")
    assert (answer.status_code, error_code(answer)) == (503, "failed")
    assert "Traceback" not in answer.text
    assert talk.send(payload=NOT_FILED).status_code == 200, "the conversation goes on where it was"


def test_when_the_database_fails_people_are_told_and_nothing_is_lost(talk: Talk, assistant: Assistant) -> None:
    talk.send(text=QUESTION)
    with broken_database(assistant.database):
        answer = talk.send(text="hello again")
        assert (answer.status_code, error_code(answer)) == (503, "failed")
        assert talk.http.post("/webhooks/web/session", json={}).status_code == 503
    assert talk.text(payload=NOT_FILED) == f"You chose: {NOT_FILED}"


def test_what_people_say_is_in_the_database_and_in_no_log(talk: Talk, assistant: Assistant) -> None:
    talk.send(text="my-private-words, explode not")
    talk.send(text="my-private-words")
    with closing(sqlite3.connect(assistant.database)) as connection:
        assert connection.execute("SELECT count(*) FROM events WHERE data LIKE '%my-private-words%'").fetchone()[0]
        senders = [row[0] for row in connection.execute("SELECT sender_id FROM conversations")]
    logs = "".join(assistant.log(name).read_text() for name in ("rasa", "actions", "web"))
    assert "my-private-words" not in logs
    assert talk.token not in logs
    assert not any(sender in logs for sender in senders)


def test_a_name_told_for_a_consultation_is_heard_and_not_kept_with_the_conversation(
    talk: Talk, assistant: Assistant
) -> None:
    assert talk.text(text="please call me") == "What is your name?"
    assert talk.text(text="Zebedee Testperson") == "You said: 'Zebedee Testperson'"
    assert talk.text(text="and this is kept") == "You said: 'and this is kept'"
    with closing(sqlite3.connect(assistant.database)) as connection:
        rows = "".join(row[0] for row in connection.execute("SELECT data FROM events"))
    assert "Zebedee" not in rows
    assert "and this is kept" in rows


def test_a_number_told_unasked_is_taken_out_before_the_assistant_hears_it(talk: Talk, assistant: Assistant) -> None:
    answer = talk.send(text="my scan was denied, I am at 213-555-0147").json()
    assert answer["heard"] == "my scan was denied, I am at [phone number]"
    assert [reply["text"] for reply in answer["messages"]] == [
        redact("213-555-0147").notice,
        "You said: 'my scan was denied, I am at [phone number]'",
    ]
    with closing(sqlite3.connect(assistant.database)) as connection:
        rows = "".join(row[0] for row in connection.execute("SELECT data FROM events"))
    assert "555-0147" not in rows
    assert "my scan was denied, I am at [phone number]" in rows


def test_a_message_that_comes_twice_is_answered_twice_and_heard_once(talk: Talk) -> None:
    first, again = (talk.send(text="my scan", id="m-1").json() for _ in range(2))
    assert (first["again"], again["again"]) == (False, True)
    assert first["messages"] == again["messages"]
    assert len(talk.history()) == 2
    assert talk.text(text="my scan", id="m-2") == "You said: 'my scan'"
    assert len(talk.history()) == 3


def test_a_message_that_comes_twice_is_told_back_without_its_identifiers_both_times(talk: Talk) -> None:
    told = [talk.send(text="my scan, member id XYZ123456", id="m-1").json()["heard"] for _ in range(2)]
    assert told == ["my scan, member id [member number]"] * 2


def test_a_private_answer_whose_reply_was_lost_is_told_again_in_its_words(talk: Talk) -> None:
    talk.send(text="please call me")
    replies = [talk.text(text="Zebedee Testperson", id="m-1") for _ in range(2)]
    assert replies == ["You said: 'Zebedee Testperson'"] * 2


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
    talk.token = talk.send(text="hello").json()["session"]
    assert talk.text(text="hello again") == "You said: 'hello again'"


def test_the_same_message_sent_many_times_at_once_is_heard_once(talk: Talk) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.text(text="slow", id="m-1"), range(8)))
    assert len(set(answers)) == 1
    assert len(talk.history()) == 2


def test_a_turn_that_failed_is_done_when_it_is_sent_again(talk: Talk, assistant: Assistant) -> None:
    with broken_database(assistant.database):
        assert talk.send(text="hello", id="m-1").status_code == 503
    assert talk.text(text="hello", id="m-1") == "You said: 'hello'"


def test_a_conversation_can_be_read_back(talk: Talk) -> None:
    talk.send(text=QUESTION)
    talk.send(payload=NOT_FILED)
    opening, asked, chosen = talk.history()
    assert (opening["said"], opening["messages"][0]["text"]) == (None, "Hello. This is a test.")
    assert asked["said"]["text"] == QUESTION
    assert [button["title"] for button in asked["messages"][0]["buttons"]] == ["Not yet", "I'm not sure"]
    assert chosen["said"]["text"] == "Not yet"


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
    with closing(sqlite3.connect(assistant.database)) as connection:
        rows = connection.execute("SELECT channel, language FROM conversations").fetchall()
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


def test_health_tells_the_parts_when_all_is_well(assistant: Assistant) -> None:
    answer = httpx.get(f"{assistant.web}/healthz", timeout=20)
    parts = {"rasa": "ok", "actions": "ok", "database": "ok", "model": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "parts": parts})


def test_without_the_action_server_health_and_messages_say_so(assistant: Assistant, talk: Talk) -> None:
    assistant.stop("actions")
    health = httpx.get(f"{assistant.web}/healthz", timeout=20)
    answer = talk.send(text="hello")
    assistant.start("actions")
    assistant.wait_until_well()
    assert (health.status_code, health.json()["parts"]["actions"]) == (503, "down")
    assert (answer.status_code, error_code(answer)) == (503, "failed")
    assert "1-888-466-2219" in answer.json()["error"]["message"], "people are told whom to call meanwhile"
    assert talk.text(text="hello") == "You said: 'hello'", "the same turn works when it is back"


def test_without_rasa_people_are_told_and_can_go_on_when_it_is_back(assistant: Assistant, talk: Talk) -> None:
    talk.send(text=QUESTION)
    assistant.stop("rasa")
    health = httpx.get(f"{assistant.web}/healthz", timeout=20)
    answer = talk.send(text="hello")
    assistant.start("rasa")
    assistant.wait_until_well()
    assert health.json()["parts"] == {"rasa": "down", "actions": "ok", "database": "ok", "model": "down"}
    assert (answer.status_code, error_code(answer)) == (503, "unavailable")
    assert talk.text(payload=NOT_FILED) == f"You chose: {NOT_FILED}"


def test_rasa_does_not_start_without_our_tracker_store(assistant: Assistant, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("tracker_store: {type: records.tracker_store.NoSuchStore}")
    done = assistant.run(*assistant.command("rasa"), "--endpoints", str(endpoints))
    assert done.returncode == 1
    assert "WrongStoreError" in done.stderr
