"""One process of the assistant: started in a group of its own, its output in its log, ended with its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from settings import ROOT

STOP_SECONDS = 8
LONGEST_PAUSE_SECONDS = 30
STEADY_SECONDS = 60
LARGEST_LOG_BYTES = 5_000_000
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux, see prctl(2)


@dataclass
class Child:
    """One process of the assistant, and how often it failed."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    log: Path | None
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    crashes: int = 0
    start_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, its output in its log, in a group of its own so that Ctrl-C reaches only us."""
        with self._output() as output:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.begun = time.monotonic()

    @contextlib.contextmanager
    def _output(self) -> Iterator[IO[bytes] | None]:
        """Where its output goes: its log, else where ours does."""
        if self.log is None:
            yield None
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.shorten_log()
        with self.log.open("ab") as output:
            yield output

    def shorten_log(self) -> None:
        """Put a log that became too large aside, in place of the one before. The process goes on writing."""
        if self.log is None or not self.log.exists() or self.log.stat().st_size <= LARGEST_LOG_BYTES:
            return
        shutil.copyfile(self.log, self.log.with_suffix(".old"))
        os.truncate(self.log, 0)

    def note_crash(self) -> float:
        """Count a crash, from one again after a steady time. Returns the pause before the next start."""
        steady = time.monotonic() - self.begun > STEADY_SECONDS
        self.crashes = 1 if steady else self.crashes + 1
        pause = min(2.0 ** (self.crashes - 1), LONGEST_PAUSE_SECONDS)
        self.start_at, self.process = time.monotonic() + pause, None
        return pause

    def stop(self) -> None:
        """Ask it to stop; when it does not in time, end it and whatever it started."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group of the process, which is named after it."""
        with contextlib.suppress(ProcessLookupError):
            if self.process is not None:
                os.killpg(self.process.pid, number)


def _die_with_parent() -> None:
    """In the new process: Linux ends it when the supervisor is gone, even when that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
