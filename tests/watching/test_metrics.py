"""What is counted: complete in the docs, shown to whom we know, and without a word of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.talking import Assistant, Conversation, running
from settings import ROOT
from tests.conftest import TODAY
from watching import metrics, request_ids

TOKEN = "t" * 24
FAMILIES = [family.name for one in (metrics.REGISTRY, metrics.WAITING) for family in one.collect()]
WORDS = "my zirconium crown was denied by Kaiser"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("watched")
    with running(TODAY, folder, folder / "serve.txt", metrics_token=TOKEN, log_format="json") as started:
        yield started


def counts(assistant: Assistant) -> str:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.get(f"{assistant.url}/metrics", headers=headers, trust_env=False, timeout=20)
    assert answer.status_code == 200
    return answer.text


def sample(text: str, name: str, **labels: str) -> float:
    found = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return sum(one.value for one in found if one.name == name and labels.items() <= one.labels.items())


@pytest.mark.parametrize("name", FAMILIES)
def test_every_metric_is_in_the_docs(name: str) -> None:
    assert f"| `{name}" in (ROOT / "docs" / "operating.md").read_text()


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "imr.json").read_text())
    asked = {
        name for panel in board["panels"] for one in panel["targets"] for name in re.findall(r"imr_\w+", one["expr"])
    }
    endings = ("", "_total", "_bucket", "_count", "_sum")
    assert asked <= {f"{name}{ending}" for name in FAMILIES for ending in endings}


def test_a_turn_is_counted_with_its_steps_and_its_answer(watched: Assistant) -> None:
    before = counts(watched)
    talk = Conversation(watched.url)
    for line in (WORDS, "I want to kill myself"):
        talk.say(line)
    talk.close()
    after = counts(watched)

    def added(name: str, **labels: str) -> float:
        return sample(after, name, **labels) - sample(before, name, **labels)

    assert added("imr_turns_total", channel="web", outcome="answered") == 3  # the opening is one
    for step in ("turn", "wait", "read", "understand", "act", "keep"):
        assert added("imr_step_seconds_count", step=step, process="rasa") >= 3, step
    assert added("imr_dangers_total") == 1
    assert added("imr_request_seconds_count", status="2xx", process="web") >= 3


def test_what_is_counted_has_no_word_and_no_conversation_in_it(watched: Assistant) -> None:
    talk = Conversation(watched.url)
    talk.say(WORDS)
    talk.close()
    text = counts(watched)
    assert "zirconium" not in text
    assert "Kaiser" not in text
    assert not re.search(r"web-[0-9a-f]{8}|127\.0\.0\.1", text)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_who_is_not_known_finds_no_such_page(watched: Assistant, headers: dict[str, str]) -> None:
    answer = httpx.get(f"{watched.url}/metrics", headers=headers, trust_env=False)
    assert answer.status_code == 404
    assert "imr_" not in answer.text


def test_the_request_has_one_number_in_every_log_and_in_its_answer(watched: Assistant) -> None:
    number = "0123456789abcdef0123456789abcdef"
    url = f"{watched.url}/webhooks/web/messages"
    answer = httpx.post(url, json={}, headers={"X-Request-Id": number, "Authorization": "Bearer x"}, trust_env=False)
    assert answer.headers["X-Request-Id"] == number
    lines = [json.loads(line) for line in (watched.folder / "log" / "web.log").read_text().splitlines()]
    assert [line["event"] for line in lines if line.get("request") == number]
    assert all(set(line) <= {"at", "level", "room", "event", "request", "errors"} for line in lines)


@pytest.mark.parametrize("given", [None, "", "short", "x" * 32, "0" * 65, "a" * 20 + "\n"])
def test_a_number_that_could_be_anything_is_replaced(given: str | None) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", request_ids.begin(given))
    request_ids.current.set(None)


def test_two_processes_are_told_apart() -> None:
    text = 'imr_turns_total{channel="web",outcome="answered"} %d\n'
    head = "# HELP imr_turns_total Turns.\n# TYPE imr_turns_total counter\n"
    merged = metrics.merged({"web": head + text % 1, "rasa": head + text % 2}).decode()
    assert sample(merged, "imr_turns_total", process="web") == 1
    assert sample(merged, "imr_turns_total", process="rasa") == 2
    assert merged.count("# TYPE imr_turns_total") == 1
