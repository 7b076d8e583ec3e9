"""What goes wrong between a client and the assistant, over HTTP: each message is heard once, or an apology is due."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.channels.talk import NOT_FILED, QUESTION, Talk, broken_database, error_code
from tests.channels.tiny_bot import Assistant
from tests.databases import IS_SHARED


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


def test_the_same_message_sent_many_times_at_once_is_heard_once(talk: Talk) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.text(text="slow", id="m-1"), range(8)))
    assert len(set(answers)) == 1
    assert len(talk.history()) == 2


def test_a_turn_that_failed_is_done_when_it_is_sent_again(talk: Talk, assistant: Assistant) -> None:
    with broken_database(assistant.database):
        assert talk.send(text="hello", id="m-1").status_code == 503
    assert talk.text(text="hello", id="m-1") == "You said: 'hello'"


def test_health_tells_the_parts_when_all_is_well(assistant: Assistant) -> None:
    answer = httpx.get(f"{assistant.web}/healthz", timeout=20)
    names = ["rasa", "actions", "database", "model", *(["redis"] if IS_SHARED else [])]
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "parts": dict.fromkeys(names, "ok")})


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
    assert (answer.status_code, error_code(answer)) == (502, "unavailable")
    assert talk.text(payload=NOT_FILED) == f"You chose: {NOT_FILED}"


def test_rasa_does_not_start_without_our_tracker_store(assistant: Assistant, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("tracker_store: {type: records.tracker_store.NoSuchStore}")
    done = assistant.run(*assistant.command("rasa"), "--endpoints", str(endpoints))
    assert done.returncode == 1
    assert "WrongStoreError" in done.stderr


def test_what_was_told_privately_and_erased_is_not_told_again(talk: Talk) -> None:
    talk.send(text="please call me")
    talk.send(text="Zebedee Testperson", id="m-1")
    talk.http.post("/webhooks/web/erase", json={}, headers={"Authorization": f"Bearer {talk.token}"})
    assert "Zebedee" not in talk.text(text="Zebedee Testperson", id="m-1")
