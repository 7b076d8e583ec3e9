"""Stock Rasa running: `rasa run` with its REST channel, and `rasa run actions` with the actions of this project.

What the actions keep goes into a database of its own. Everything listens on loopback.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from cli.serve import free_port, prepare_database
from cli.stock.project import ENDPOINTS, Project, StockFailedError, environment
from settings import LOOPBACK, child_environment, settings

READY_SECONDS = 300
STOP_SECONDS = 20
LOOK_SECONDS = 0.1
WEBHOOK = "/webhooks/rest/webhook"


@dataclass(frozen=True)
class Stock:
    """A running stock Rasa: its address, its processes, and how long it took to get ready, in seconds."""

    url: str
    pids: tuple[int, ...]
    ready_after: float


@contextmanager
def running(project: Project, today: date, folder: Path) -> Iterator[Stock]:
    """Both processes, stopped afterwards; they write into `folder`. Raises StockFailedError."""
    port, action_port = free_port(), free_port()
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(ENDPOINTS.format(port=action_port), encoding="utf-8")
    surroundings = {**environment(), **_own_settings(today, folder)}
    model = [str(project.model), "--endpoints", str(endpoints)]
    model += ["--credentials", str(project.folder / "credentials.yml"), "-i", LOOPBACK, "--port", str(port)]
    started = time.monotonic()
    with (folder / "stock.log").open("ab") as log:
        processes = [
            subprocess.Popen([sys.executable, "-m", "rasa", *words], env=surroundings, stdout=log, stderr=log)
            for words in (
                ["run", "actions", "--actions", "actions", "--port", str(action_port)],
                ["run", "-m", *model],
            )
        ]
        try:
            url = f"http://{LOOPBACK}:{port}"
            _wait_until_ready(url, f"http://{LOOPBACK}:{action_port}/health", processes)
            yield Stock(url, tuple(process.pid for process in processes), time.monotonic() - started)
        finally:
            for process in processes:
                _stop(process)


def _own_settings(today: date, folder: Path) -> dict[str, str]:
    current = settings().model_copy(
        update={"var_dir": folder, "database_url": f"sqlite:///{folder / 'imr.sqlite3'}", "today": today}
    )
    prepare_database(current)
    return dict(child_environment(current))


def _wait_until_ready(url: str, actions: str, processes: list[subprocess.Popen[bytes]]) -> None:
    """Until both answer; Rasa opens its port only with the model loaded."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            break
        if _answers(url) and _answers(actions):
            return
        time.sleep(LOOK_SECONDS)
    raise StockFailedError("Stock Rasa did not start; its log says why.")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
