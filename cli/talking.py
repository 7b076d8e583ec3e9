"""A running assistant and a conversation with it over HTTP: what `chat`, `bench` and the tests talk through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from cli.serve import free_port
from settings import LOOPBACK, ROOT, child_environment, model, settings

READY_SECONDS = 600
STOP_SECONDS = 20
TURN_SECONDS = 60
Message = dict[str, Any]
# Many people are played from this one address.
NO_RATES = {"rate_session": 0, "rate_address": 0, "rate_mint": 0}


class NotReady(RuntimeError):
    """The assistant did not come up; the message is one line that says why."""


@dataclass
class Assistant:
    """A running assistant: its public address, its process, how long it took to get ready, in seconds, the folder
    that it writes to, and its database."""

    url: str
    process: subprocess.Popen[bytes]
    ready_after: float
    folder: Path
    database_url: str


@contextmanager
def running(
    today: date | None = None,
    folder: Path | None = None,
    log: Path | None = None,
    port: int | None = None,
    **changes: Any,
) -> Iterator[Assistant]:
    """An assistant of its own on a free port (or `port`), stopped afterwards. `today` fixes its clock; `folder` keeps
    what it writes, database and all; `changes` are settings. Raises NotReady."""
    port = port or free_port()
    command = [sys.executable, "-P", "-m", "cli", "serve", "--port", str(port)]
    own = _own_settings(today, folder, changes)
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **own}
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(command, env=surroundings, stdout=output, stderr=output)
        try:
            url = f"http://{LOOPBACK}:{port}"
            ready_after = _wait_until_ready(url, process)
            yield Assistant(url, process, ready_after, folder or settings().var_dir, own["IMR_DATABASE_URL"])
        finally:
            _stop(process)


def _own_settings(today: date | None, folder: Path | None, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Ports of its own too: the usual ones may be taken by another assistant between looking and listening. No
    limit on how often one may write."""
    own: dict[str, Any] = {"rasa_port": free_port(), "action_port": free_port(), **NO_RATES}
    if folder is not None:
        own |= {"var_dir": folder, "database_url": model.default_database(folder), **shared_services()}
    changes = {**own, **({"today": today} if today else {}), **given}
    return child_environment(settings(), **changes)


def shared_services() -> dict[str, Any]:
    """What an assistant of its own shares with others all the same: nothing."""
    return {}


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> float:
    started = time.monotonic()
    while time.monotonic() - started < READY_SECONDS:
        if process.poll() is not None:
            raise NotReady(f"The assistant stopped with code {process.returncode} before it was ready.")
        if is_ready(url):
            return time.monotonic() - started
        time.sleep(0.1)
    raise NotReady(f"The assistant was not ready after {READY_SECONDS} seconds.")


def is_ready(url: str) -> bool:
    """Whether the assistant at an address answers that all of it is well."""
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


class Conversation:
    """One conversation over the web channel. `messages` holds what the assistant said last."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/webhooks/web", timeout=TURN_SECONDS)
        opened = self._client.post("/session").raise_for_status().json()
        self._client.headers["Authorization"] = f"Bearer {opened['session']}"
        self.messages: list[Message] = opened["messages"]

    def say(self, text: str) -> list[Message]:
        """Sends a text; what the assistant answers."""
        return self._send({"text": text})

    def choose(self, payload: str) -> list[Message]:
        """Presses a button; what the assistant answers."""
        return self._send({"payload": payload})

    def _send(self, body: dict[str, str]) -> list[Message]:
        self.messages = self._client.post("/messages", json=body).raise_for_status().json()["messages"]
        return self.messages

    @property
    def assessment(self) -> dict[str, Any] | None:
        """The assessment in the last messages, None when there is none."""
        return next((one["assessment"] for one in reversed(self.messages) if one["assessment"]), None)

    @property
    def asks(self) -> str | None:
        """The fact that the last message asks for."""
        asked: str | None = self.messages[-1]["asks"] if self.messages else None
        return asked

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()
