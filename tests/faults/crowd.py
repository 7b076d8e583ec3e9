"""People who talk while things break: each sends a message again, under its number, until it is answered."""

from __future__ import annotations

import asyncio
import random
import ssl
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 90.0  # seconds for one message
PAUSE = (0.1, 0.6)  # seconds before it is sent again
# What may be answered when a message was not taken in: our own errors, and nginx's page.
APOLOGIES = frozenset({429, 502, 503})


@dataclass
class Person:
    """One person and what became of each of their messages: its number, the words, and the texts that answered it."""

    story: int
    conversation: str = ""
    heard: list[tuple[str, str, list[str]]] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)


@dataclass
class Crowd:
    """All people, and everything that was answered in place of an answer: its status, or the kind of an error of the
    network."""

    people: list[Person] = field(default_factory=list)
    apologies: list[str] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    longest_wait: float = 0.0


class Talking:
    """A crowd that talks to an address; `at_once` people at any time."""

    def __init__(self, url: str, stories: Sequence[Sequence[str]], certificate: Path | None = None) -> None:
        self._url = url
        self._stories = stories
        self._verify = ssl.create_default_context(cafile=str(certificate)) if certificate else True
        self.crowd = Crowd()

    async def talk(self, conversations: int, at_once: int) -> Crowd:
        """So many conversations, each to the end of its story."""
        room = asyncio.Semaphore(at_once)
        limits = httpx.Limits(max_connections=at_once * 2, keepalive_expiry=5)
        async with httpx.AsyncClient(
            base_url=self._url, verify=self._verify, timeout=40, trust_env=False, limits=limits
        ) as client:
            await asyncio.gather(*(self._one(client, room, number) for number in range(conversations)))
        return self.crowd

    async def _one(self, client: httpx.AsyncClient, room: asyncio.Semaphore, number: int) -> None:
        async with room:
            person = Person(number % len(self._stories))
            self.crowd.people.append(person)
            opened = await self._until_answered(client, "session", {"id": uuid.uuid4().hex}, None)
            if opened is None:
                person.given_up.append("session")
                return
            token = person.conversation = opened["session"]
            for line in self._stories[person.story]:
                mark = uuid.uuid4().hex
                answer = await self._until_answered(client, "messages", {"text": line, "id": mark}, token)
                if answer is None:
                    person.given_up.append(mark)
                    return
                token = answer["session"]
                person.heard.append((mark, line, [one["text"] for one in answer["messages"]]))

    async def _until_answered(
        self, client: httpx.AsyncClient, name: str, content: dict[str, Any], token: str | None
    ) -> dict[str, Any] | None:
        """The answer, however often it must be asked for; None when patience ends."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        while loop.time() - began < PATIENCE:
            answer = await self._ask(client, name, content, headers)
            self.crowd.longest_wait = max(self.crowd.longest_wait, loop.time() - began)
            if answer is not None:
                return answer
            await asyncio.sleep(random.uniform(*PAUSE))
        return None

    async def _ask(
        self, client: httpx.AsyncClient, name: str, content: dict[str, Any], headers: dict[str, str]
    ) -> dict[str, Any] | None:
        try:
            answer = await client.post(f"/webhooks/web/{name}", json=content, headers=headers)
        except httpx.HTTPError as error:
            self.crowd.apologies.append(type(error).__name__)
            return None
        if answer.status_code == 200:
            return dict(answer.json())
        noted = self.crowd.apologies if answer.status_code in APOLOGIES and answer.text else self.crowd.oddities
        noted.append(f"{answer.status_code} {answer.text[:120]}")
        return None
