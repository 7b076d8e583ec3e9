"""The stand-in inside another program: in a thread of its own, for tests and measurements."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from sandbox.app import create_app
from sandbox.twilio import Account, StandInTwilio

START_SECONDS = 15


@dataclass(frozen=True)
class StandIn:
    """A running stand-in: its address, and what it knows, to be looked at."""

    url: str
    inside: StandInTwilio


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals belong to the program around it."""


@contextmanager
def standing_in(account: Account, port: int) -> Iterator[StandIn]:
    """The stand-in on a port of this machine, as long as the block runs. Raises TimeoutError."""
    app = create_app(account)
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    end = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > end:
            raise TimeoutError("the stand-in for Twilio does not start")
        time.sleep(0.02)
    try:
        yield StandIn(f"http://127.0.0.1:{port}", app.state.twilio)
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
