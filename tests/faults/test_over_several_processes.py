"""Three assistants behind nginx on one PostgreSQL and one Redis: while processes die and services go and come, no
message is lost or doubled, and every answer is what it would have been in calm.

A short run belongs to every test; FAULT_CONVERSATIONS=1000 is the long one.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from cli import services
from cli.bench.speed.stories import STORIES
from cli.deployed import Deployed, deployed
from tests.faults import breaking
from tests.faults.checking import check
from tests.faults.crowd import Crowd, Talking

CONVERSATIONS = int(os.environ.get("FAULT_CONVERSATIONS", "120"))
AT_ONCE = 12
LEAST_SECONDS = 9.0  # between two faults: what died is to come back
KEY = "k" * 48
DAY = date(2026, 11, 23)
lacking = services.lacking()
pytestmark = pytest.mark.skipif(bool(lacking), reason=f"not installed on this machine: {', '.join(lacking)}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    with deployed(folder, 3, DAY, is_limited=False, secret_key=KEY) as started:
        yield started


@pytest.fixture(scope="module")
def calm(place: Deployed) -> list[list[list[str]]]:
    """The answers to every line of every story when nothing breaks, from one of the three alone."""
    crowd = asyncio.run(Talking(place.assistants[0].url, STORIES).talk(len(STORIES), 1))
    return [[texts for *_, texts in person.heard] for person in crowd.people]


def test_three_processes_give_the_answers_of_one_and_none_twice(place: Deployed, calm: list[list[list[str]]]) -> None:
    crowd = asyncio.run(Talking(place.url, STORIES, place.certificate).talk(30, AT_ONCE))
    found = check(crowd, place.database_url, KEY, calm)
    assert found.faults == []
    assert found.messages == sum(len(STORIES[number % len(STORIES)]) for number in range(30))


def test_one_message_sent_to_every_process_at_once_is_heard_once(place: Deployed) -> None:
    async def send_everywhere() -> list[httpx.Response]:
        async with httpx.AsyncClient(trust_env=False, timeout=40) as client:
            opened = await client.post(f"{place.assistants[0].url}/webhooks/web/session", json={})
            headers = {"Authorization": f"Bearer {opened.json()['session']}"}
            content = {"text": STORIES[0][0], "id": "the-one-message"}
            urls = [f"{one.url}/webhooks/web/messages" for one in place.assistants for _ in range(7)]
            return await asyncio.gather(*(client.post(url, json=content, headers=headers) for url in urls))

    answers = asyncio.run(send_everywhere())
    assert {answer.status_code for answer in answers} == {200}
    assert len({str([one["text"] for one in answer.json()["messages"]]) for answer in answers}) == 1
    assert [answer.json()["again"] for answer in answers].count(False) == 1


def test_while_a_rasa_is_away_the_others_answer_and_nobody_notices(
    place: Deployed, calm: list[list[list[str]]]
) -> None:
    rasa = breaking.process_of(place.assistants[0], "channels.server")
    rasa.kill()
    rasa.wait(10)  # what it would still take in before it is gone would have to be sent again
    crowd = asyncio.run(Talking(place.url, STORIES, place.certificate).talk(9, 1))
    assert crowd.apologies == []
    assert check(crowd, place.database_url, KEY, calm).faults == []


def test_while_every_rasa_is_away_pages_are_there_and_text_messages_are_for_the_web_app(place: Deployed) -> None:
    """nginx counts failures: those of chats must not take the web apps away, which are well."""
    for assistant in place.assistants:
        rasa = breaking.process_of(assistant, "channels.server")
        rasa.kill()
        rasa.wait(10)
    with httpx.Client(base_url=place.url, verify=str(place.certificate), trust_env=False, timeout=40) as client:
        chats = {client.post("/webhooks/web/session", json={}).status_code for _ in range(9)}
        pages = {client.get("/privacy").status_code for _ in range(9)}
        texts = {client.post("/webhooks/sms/webhook", data={"Body": "STOP"}).status_code for _ in range(9)}
    _wait_until_well(place)
    assert chats <= {502, 503}
    assert pages == {200}
    assert texts == {403}, "the web app looked at the signature"


def test_nothing_is_lost_or_doubled_while_everything_breaks(place: Deployed, calm: list[list[list[str]]]) -> None:
    crowd, broken = asyncio.run(_talk_through_faults(place))
    found = check(crowd, place.database_url, KEY, calm)
    print(
        f"{found.conversations} conversations, {found.messages} messages, {len(crowd.apologies)} apologies, ", end=""
    )
    print(f"longest wait {crowd.longest_wait:.0f} s, faults: {', '.join(broken)}")
    assert found.faults == []
    assert broken == list(breaking.FAULTS)
    assert found.conversations >= CONVERSATIONS


async def _talk_through_faults(place: Deployed) -> tuple[Crowd, list[str]]:
    """People talk until everything broke once and so many conversations were had."""
    talking = Talking(place.url, STORIES, place.certificate)
    broken: list[str] = []

    async def break_all() -> None:
        for name, fault in breaking.FAULTS.items():
            await asyncio.sleep(LEAST_SECONDS)
            began = time.monotonic()
            await asyncio.to_thread(fault, place)
            broken.append(name)
            print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)

    breaking_all = asyncio.create_task(break_all())
    had = 0
    while had < CONVERSATIONS or not breaking_all.done():
        await talking.talk(AT_ONCE * 2, AT_ONCE)
        had = len(talking.crowd.people)
    await breaking_all
    return talking.crowd, broken


def test_afterwards_every_process_is_ready_again(place: Deployed) -> None:
    _wait_until_well(place)


def _wait_until_well(place: Deployed) -> None:
    ends = time.monotonic() + 60
    for assistant in place.assistants:
        while httpx.get(f"{assistant.url}/healthz", trust_env=False, timeout=20).status_code != 200:
            assert time.monotonic() < ends, Path(assistant.folder / "log" / "rasa.log").read_text()[-2000:]
            time.sleep(0.5)
