"""The web app alone, in a process of its own: what the staff console needs of the assistant."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx

from cli.child import Child
from cli.serve import FRUGAL, free_port
from records import schema
from settings import LOOPBACK, child_environment, settings, signing_key

READY_SECONDS = 30


@contextmanager
def web_app(folder: Path, url: str, today: date) -> Iterator[str]:
    """The address of a web app on this database, until the block ends."""
    port = free_port()
    values = {"var_dir": folder, "database_url": url, "port": port, "today": today, "retention_days": 3650}
    values["secret_key"] = signing_key()  # the accounts are made by this process
    schema.upgrade(url)
    environment = {**os.environ, **FRUGAL, **child_environment(settings(), **values)}
    child = Child("The web app", ["-m", "web"], environment, folder / "web.log")
    child.start()
    try:
        address = f"http://{LOOPBACK}:{port}"
        _wait_for(address)
        yield address
    finally:
        child.stop()


def _wait_for(address: str) -> None:
    for _ in range(READY_SECONDS * 10):
        try:
            if httpx.get(f"{address}/staff", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the web app does not start")
