"""One assistant as `./imr serve` starts it, on SQLite: a full disk, a damaged model, a slow action server, a clock
that jumps. Nothing is lost or doubled, who is not answered is told so, and afterwards it goes on."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.bench.speed.stories import DAY, STORIES
from cli.talking import Assistant, running
from cli.train import ensure_model
from nlu.model_file import ENDING
from records.engine import new_engine
from records.models import Case
from settings import CALIFORNIA, ROOT
from tests.faults.breaking import no_room, process_of, stopped
from tests.faults.checking import check
from tests.faults.crowd import Crowd, Talking

KEY = "k" * 48
BROKEN_SECONDS = 4.0
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Assistant]:
    with running(DAY, tmp_path, tmp_path / "serve.txt", secret_key=KEY) as started:
        yield started


def calm_of(assistant: Assistant) -> list[list[list[str]]]:
    crowd = asyncio.run(Talking(assistant.url, STORIES).talk(len(STORIES), 1))
    return [[texts for *_, texts in person.heard] for person in crowd.people]


def talk_while(assistant: Assistant, fault: Callable[[], AbstractContextManager[None]]) -> Crowd:
    """People talk before, during and after something breaks."""

    async def talk() -> Crowd:
        talking = Talking(assistant.url, STORIES)
        begun = asyncio.create_task(talking.talk(24, 6))
        await asyncio.sleep(1)
        await asyncio.to_thread(_for_a_while, fault)
        await begun
        return await talking.talk(6, 6)

    return asyncio.run(talk())


def _for_a_while(fault: Callable[[], AbstractContextManager[None]]) -> None:
    with fault():
        time.sleep(BROKEN_SECONDS)


def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept(one: Assistant) -> None:
    calm = calm_of(one)
    rasa = process_of(one, "channels.server")
    crowd = talk_while(one, lambda: no_room(rasa.pid))
    assert check(crowd, one.database_url, KEY, calm).faults == []
    assert [said for said in crowd.apologies if said.startswith("503")]
    assert process_of(one, "channels.server").pid == rasa.pid


def test_while_the_action_server_stands_still_people_are_told_so_and_lose_nothing(tmp_path: Path) -> None:
    with running(DAY, tmp_path, tmp_path / "serve.txt", secret_key=KEY, actions="server") as assistant:
        calm = calm_of(assistant)
        actions = process_of(assistant, "rasa_sdk")
        crowd = talk_while(assistant, lambda: stopped(actions.pid))
        assert check(crowd, assistant.database_url, KEY, calm).faults == []
        assert httpx.get(f"{assistant.url}/healthz", trust_env=False, timeout=20).status_code == 200


def test_a_damaged_model_is_refused_with_a_word_about_what_to_do(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    shutil.copy(ensure_model(), model)
    shutil.copy(f"{ensure_model()}{ENDING}", f"{model}{ENDING}")
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    command = [sys.executable, "-m", "channels.server", "--model", str(model)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IMR_VAR_DIR": str(tmp_path)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "is not the one that was trained here. Run ./imr train --force." in ended.stderr
    assert "Traceback" not in ended.stderr


class Clock:
    """The clock of processes that were started with libfaketime: moved by a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    def show(self, moment: datetime) -> None:
        """From now on the clock goes on from this moment."""
        self._file.write_text(f"{(moment - datetime.now(UTC)).total_seconds():+.1f}\n", encoding="ascii")


# Written in UTC, as machines count: midnight in California, the end of daylight saving, and an hour set back by hand.
JUMPS = {
    "over midnight": ("2026-11-24 07:58", "2026-11-24 08:03"),
    "over the end of daylight saving": ("2026-11-01 08:58", "2026-11-01 09:04"),
    "over the beginning of daylight saving": ("2026-03-08 09:58", "2026-03-08 10:03"),
    "an hour back": ("2026-11-23 20:00", "2026-11-23 19:00"),
}


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed (Debian: apt install faketime)")
@pytest.mark.parametrize(("before", "after"), JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_loses_nothing_and_counts_in_californian_days(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(tmp_path)
    moments = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (before, after)]
    clock.show(moments[0])
    for name, value in clock.environment.items():
        monkeypatch.setenv(name, value)
    with running(None, tmp_path, tmp_path / "serve.txt", secret_key=KEY) as assistant:
        clock.show(moments[0])
        talking = Talking(assistant.url, STORIES)
        asyncio.run(talking.talk(4, 4))
        jump = threading.Timer(0.7, clock.show, [moments[1]])
        jump.start()
        asyncio.run(talking.talk(16, 4))
        jump.join()
        crowd = asyncio.run(talking.talk(4, 4))
    assert check(crowd, assistant.database_url, KEY, None).faults == []
    assert days_of_cases(assistant.database_url) == {moment.astimezone(CALIFORNIA).date() for moment in moments}


def days_of_cases(url: str) -> set[date]:
    """The days that cases were counted on."""
    with Session(new_engine(url), future=True) as session:
        return {date.fromisoformat(case.facts["today"]) for case in session.scalars(sa.select(Case))}
