"""People who talk all at once: a process of its own, since locust changes the whole of Python's networking.

`python -m cli.bench.speed.load SPEC`, with SPEC a JSON object of `Load`; the answer, a `Told`, is JSON on standard
output. A closed load has so many people, each of whom writes as soon as they were answered; an open one has so many
turns a second arrive, however slow the answers are. Library: locust.
"""

from __future__ import annotations

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import json
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from settings import ROOT

OURS, STOCK = "ours", "stock"
TURN_SECONDS = 120


@dataclass(frozen=True)
class Load:
    """`people` who talk for `seconds` (closed), or `rate` turns a second (open, when it is above 0), to the `side` at
    `url`; each tells one of the `stories` from its beginning to its end, then another."""

    side: str
    url: str
    people: int
    seconds: float
    stories: tuple[tuple[str, ...], ...]
    rate: float = 0.0


@dataclass
class Told:
    """What came of it: seconds of each turn that was answered, how many were not, and how long it all took."""

    turns: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0


def put(load: Load) -> Told:
    """Let people talk. Raises RuntimeError when the process that plays them fails."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.bench.speed.load", json.dumps(asdict(load))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"nobody could talk: {(done.stderr.strip() or 'no reason')[-300:]}")
    return Told(**json.loads(done.stdout))


def play(load: Load) -> Told:
    """The load itself, in this process."""
    import gevent
    from locust import FastHttpUser, task
    from locust.env import Environment

    told = Told()
    dice = random.Random(load.people)

    class Person(FastHttpUser):
        host = load.url
        network_timeout = connection_timeout = float(TURN_SECONDS)

        def wait_time(self) -> float:
            """Until the next turn of this person; all together come as people do, at random (a Poisson process)."""
            return dice.expovariate(load.rate / load.people) if load.rate else 0.0

        def on_start(self) -> None:
            self._lines: list[str] = []
            self._say: Callable[[str], bool] = _nothing
            if load.rate:  # not all at the same moment
                gevent.sleep(dice.uniform(0, load.people / load.rate))

        @task
        def one_turn(self) -> None:
            """The next line of a story; a new conversation when the last one was told."""
            if not self._lines:
                self._lines = list(reversed(dice.choice(load.stories)))
                self._say = begin(self.client, load.side)
            line = self._lines.pop()
            started = time.perf_counter()
            if self._say(line):
                told.turns.append(time.perf_counter() - started)
            else:
                told.failed += 1
                self._lines = []

    environment = Environment(user_classes=[Person])
    runner = environment.create_local_runner()
    began = time.perf_counter()
    runner.start(load.people, spawn_rate=load.people)
    gevent.sleep(load.seconds)
    told.seconds = time.perf_counter() - began
    finished = Told(list(told.turns), told.failed, told.seconds)  # what ends while all are sent home does not count
    runner.quit()
    return finished


def begin(client: Any, side: str) -> Callable[[str], bool]:
    """A new conversation; what says a line in it, and whether an answer came."""
    return _with_stock(client) if side == STOCK else _with_ours(client)


def _with_ours(client: Any) -> Callable[[str], bool]:
    opened = client.post("/webhooks/web/session", json={}).json() or {}
    headers = {"Authorization": f"Bearer {opened.get('session')}"}

    def say(line: str) -> bool:
        answer = client.post("/webhooks/web/messages", json={"text": line}, headers=headers)
        return bool(answer.status_code == 200 and answer.json()["messages"])

    return say


def _with_stock(client: Any) -> Callable[[str], bool]:
    sender = uuid.uuid4().hex

    def say(line: str) -> bool:
        answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": line})
        return bool(answer.status_code == 200 and answer.json())

    return say


def _nothing(_: str) -> bool:
    return False


if __name__ == "__main__":
    print(json.dumps(asdict(play(Load(**json.loads(sys.argv[1]))))))
