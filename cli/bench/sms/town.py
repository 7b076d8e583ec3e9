"""A running assistant, a stand-in for Twilio, and people who text: what every row of the table is measured with."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import psutil

from cli.serve import FRUGAL, free_port
from cli.talking import NO_RATES, Assistant, running
from sandbox.running import StandIn, standing_in
from sandbox.signing import signature
from sandbox.twilio import MESSAGE, Account
from settings import LOOPBACK, ROOT, child_environment, settings

DAY = date(2026, 11, 23)
PUBLIC = "https://texts.example.org"  # what is signed for; nobody asks it
LINK = re.compile(r"/p/\w+")
ANSWER_SECONDS = 150
STORIES: tuple[tuple[str, ...], ...] = (
    ("Kaiser denied my back MRI, the letter is dated October 5th. Not medically necessary. I haven't appealed.", "3",
     "1", "yes my orthopedist ordered it", "remind me"),
    ("Anthem PPO through work refused my son's therapy, they said out of network, letter of november 9", "no", "2",
     "how often do people win?"),
    ("my medi-cal plan LA Care is stopping my home nurse, notice dated november 10th", "3", "what papers do I need?"),
    ("hello", "medicare advantage said no to my knee surgery, letter of oct 20", "no it can wait", "HELP"),
)  # fmt: skip


@dataclass
class Town:
    """Everything that runs. `people` are numbers that nobody has used yet."""

    assistant: Assistant
    phone: StandIn
    account: Account
    values: dict[str, Any]
    used: int = 0
    others: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def person(self) -> str:
        """A phone number that nobody texted from yet (555-01xx of many area codes and exchanges: nobody's)."""
        self.used += 1
        area, rest = divmod(self.used, 10_000)
        return f"+1{(209, 213, 310, 323, 408, 415, 424, 510, 530, 559)[area % 10]}555{rest:04d}"

    def form(self, phone: str, words: str, number: str = "") -> dict[str, str]:
        """What Twilio would post for a message."""
        sid = number or f"SM{secrets.token_hex(16)}"
        return {"MessageSid": sid, "AccountSid": self.account.sid, "From": phone, "To": self.account.number,
                "Body": words, "NumMedia": "0"}  # fmt: skip

    def signed(self, form: dict[str, str], path: str = MESSAGE) -> dict[str, str]:
        """The header that goes with a form."""
        return {"X-Twilio-Signature": signature(self.account.token, PUBLIC + path, form)}

    def answers(self, phone: str) -> list[str]:
        """What came to a phone, without what differs from one to the next."""
        sent = [one for one in self.phone.inside.messages if one.direction != "inbound" and one.receiver == phone]
        return [LINK.sub("/p/…", one.body) for one in sent]

    def count(self, table: str, where: str = "1") -> int:
        """How many rows of the database there are."""
        with closing(sqlite3.connect(self.database)) as connection:
            return int(connection.execute(f"select count(*) from {table} where {where}").fetchone()[0])

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.assistant.folder / "imr.sqlite3"

    def processes(self, word: str) -> list[psutil.Process]:
        """The processes of the assistant whose command has a word in it."""
        children = psutil.Process(self.assistant.process.pid).children(recursive=True)
        return [one for one in children if word in " ".join(_command(one))]

    @contextmanager
    def second_rasa(self) -> Iterator[str]:
        """Another process of Rasa on the same database; its address."""
        port = free_port()
        model = _option(self.processes("channels.server")[0], "--model")
        environment = {**os.environ, **FRUGAL, **child_environment(settings(), **{**self.values, "rasa_port": port})}
        with (self.assistant.folder / "second.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "channels.server", "--model", model],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            url = f"http://{LOOPBACK}:{port}"
            _wait_until_there(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Start everything. Raises NotReady."""
    port, phone_port = free_port(), free_port()
    account = Account(
        f"AC{secrets.token_hex(16)}", secrets.token_hex(16), "+14155550100", PUBLIC, f"http://{LOOPBACK}:{port}"
    )
    texts = {
        "twilio_account_sid": account.sid,
        "twilio_auth_token": account.token,
        "twilio_from": account.number,
        "twilio_api_url": f"http://{LOOPBACK}:{phone_port}",
        "public_url": PUBLIC,
    }
    own = {"var_dir": folder, "database_url": f"sqlite:///{folder / 'imr.sqlite3'}", "today": DAY, **NO_RATES}
    with standing_in(account, phone_port) as phone:
        ports = {"rasa_port": free_port(), "action_port": free_port()}
        with running(DAY, folder, folder / "serve.log", port, **ports, **texts) as assistant:
            yield Town(assistant, phone, account, {**own, **ports, **texts})


class Texters:
    """Many people at once, who each wait for an answer before they write again."""

    def __init__(self, place: Town) -> None:
        self._town = place
        self._http = httpx.AsyncClient(timeout=15, trust_env=False, limits=httpx.Limits(max_connections=300))
        self.taken: list[float] = []

    async def deliver(self, phone: str, words: str, number: str = "", url: str = "") -> int:
        """Post one message until it is taken in, as Twilio does when told to. Returns the last status."""
        form = self._town.form(phone, words, number)
        status = 0
        for _ in range(90):
            begun = time.perf_counter()
            try:
                where = (url or self._town.assistant.url) + MESSAGE
                status = (await self._http.post(where, data=form, headers=self._town.signed(form))).status_code
            except httpx.HTTPError:
                status = 0
            self.taken.append(time.perf_counter() - begun)
            if status and status < 500:
                return status
            await asyncio.sleep(1)
        return status

    async def talk(self, phone: str, story: Sequence[str], answers: Sequence[int]) -> None:
        """One conversation; `answers` says how many messages have come after each of the person's."""
        for words, expected in zip(story, answers, strict=True):
            await self.deliver(phone, words)
            await self.until(phone, expected)

    async def until(self, phone: str, expected: int, seconds: float = ANSWER_SECONDS) -> bool:
        """Wait until so many messages came to a phone; whether they did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self._town.answers(phone)) >= expected:
                return True
            await asyncio.sleep(0.1)
        return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


async def rehearse(place: Town, story: Sequence[str]) -> tuple[list[str], list[int]]:
    """A story told in peace: every answer, and how many there were after each message."""
    people, phone, counts = Texters(place), place.person(), []
    for words in story:
        before = len(place.answers(phone))
        await people.deliver(phone, words)
        await people.until(phone, before + 1)
        await settled(place)
        counts.append(len(place.answers(phone)))
    await people.close()
    return place.answers(phone), counts


async def settled(place: Town, seconds: float = 300) -> bool:
    """Wait until nothing is left to answer or to send; whether that came about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        waiting = place.count("texts_in", "state = 'waiting'") + place.count(
            "texts_out", "state in ('owed', 'trying')"
        )
        if not waiting:
            return True
        await asyncio.sleep(0.2)
    return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _option(process: psutil.Process, name: str) -> str:
    words = process.cmdline()
    return words[words.index(name) + 1]


def _wait_until_there(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the second Rasa ended")
        try:
            httpx.get(f"{url}/webhooks/web/ready", timeout=10)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the second Rasa does not start")
