"""`./imr bench console`: the staff console with many conversations, and what must hold of it, measured.

On the running web app over HTTP, signed in as a member of staff, with made conversations in a database of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import httpx
import pyotp

from cli import services
from cli.bench.console.made import LONG_EVERY, fill
from cli.bench.console.serving import web_app
from cli.services import NoServiceError
from records import schema, staff

DAY = date(2026, 11, 23)
TARGET_MS = 300
PASSWORD = "of the benchmark only"
ROUNDS = 25


class Row(NamedTuple):
    """One kind of page: its name, the addresses that are asked for one after the other, and whether it has to be as
    fast as the target says."""

    name: str
    paths: list[str]
    must: bool = True


class Measured(NamedTuple):
    """Times of one kind of page, in milliseconds."""

    name: str
    p50: float
    p95: float
    most: float


def run(count: int, on_postgres: bool = False) -> int:
    """The whole command. Returns 1 when a page is slower than it must be, or there is no PostgreSQL to ask for."""
    try:
        return _run(count, on_postgres)
    except NoServiceError as problem:
        print(problem, file=sys.stderr)
        return 1


def _run(count: int, on_postgres: bool) -> int:
    with tempfile.TemporaryDirectory() as folder, database(Path(folder), on_postgres) as url:
        found = _measure_all(Path(folder), url, count)
    kind = "PostgreSQL" if on_postgres else "SQLite"
    print(f"{count:,} conversations, {kind}, {ROUNDS} requests each, one after the other")
    for one in found:
        print(f"{one.name:34} p50 {one.p50:6.0f} ms   p95 {one.p95:6.0f} ms   most {one.most:6.0f} ms")
    slow = [one.name for one, row in zip(found, rows(count), strict=True) if row.must and one.p95 > TARGET_MS]
    print(
        f"target for lists, searches and transcripts: p95 {TARGET_MS} ms; "
        + (f"missed: {', '.join(slow)}" if slow else "met by all")
    )
    return 1 if slow else 0


def _measure_all(folder: Path, url: str, count: int) -> list[Measured]:
    with web_app(folder, url, DAY) as address:
        _fill(url, count)
        with signed_in(address, url) as client:
            return [measure(client, row) for row in rows(count)]


@contextmanager
def database(folder: Path, on_postgres: bool) -> Iterator[str]:
    """The URL of an empty database, there until the block ends. Raises NoServiceError without PostgreSQL."""
    if not on_postgres:
        yield f"sqlite:///{folder}/imr.sqlite3"
        return
    with services.postgres(folder) as server:
        yield server.create("imr")


def rows(count: int) -> list[Row]:
    """What is measured: the list with filters and deep in it, searches common and rare, transcripts."""
    inbox = "/staff/inbox"
    long_ones = list(range(LONG_EVERY, count + 1, LONG_EVERY)) or [1]
    spread = [1 + (at * 7919) % count for at in range(ROUNDS)]
    return [
        Row("inbox, nearest date", [inbox] * ROUNDS),
        Row("inbox, newest", [f"{inbox}?order=newest"] * ROUNDS),
        Row("inbox, new and in danger", [f"{inbox}?status=new&flag=crisis"] * ROUNDS),
        Row("inbox, one path, text messages", [f"{inbox}?route=plan_grievance&channel=sms"] * ROUNDS),
        Row("inbox, deep in the list", [f"{inbox}?after=2027-03-01_{at * 1000}" for at in range(ROUNDS)]),
        Row("inbox, cases without a date", [f"{inbox}?after=_{at * 1000}" for at in range(ROUNDS)]),
        Row("search, a common word", [f"{inbox}?q=denied"] * ROUNDS),
        Row("search, three words", [f"{inbox}?q=kaiser+letter+den"] * ROUNDS),
        Row("search, a rare word", [f"{inbox}?q=orthopedist"] * ROUNDS),
        Row("search, nothing found", [f"{inbox}?q=kaiser+zyzzyva"] * ROUNDS),
        Row("search, common, newest", [f"{inbox}?q=the&order=newest"] * ROUNDS),
        Row("transcript", [f"/staff/conversations/{number}" for number in spread]),
        Row(
            "transcript of 40 turns",
            [f"/staff/conversations/{long_ones[at % len(long_ones)]}" for at in range(ROUNDS)],
        ),
        Row("overview, a year", ["/staff/overview?weeks=52"] * ROUNDS, must=False),
    ]


def measure(client: httpx.Client, row: Row) -> Measured:
    """Every address once. Raises RuntimeError for a page that is not there."""
    client.get(row.paths[0])
    times = []
    for path in row.paths:
        begun = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{path}: {answer.status_code}")
    times.sort()
    return Measured(row.name, statistics.median(times), times[int(len(times) * 0.95) - 1], times[-1])


@contextmanager
def signed_in(address: str, url: str) -> Iterator[httpx.Client]:
    """A client of somebody who may do all."""
    name = f"bench-{time.time_ns()}"
    added = staff.add(name, "admin", PASSWORD, url=url)
    form = {"name": name, "password": PASSWORD, "code": pyotp.TOTP(added.secret).now()}
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        answer = client.post("/staff", data=form)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"not signed in: {answer.status_code}")
        yield client


def _fill(
    url: str, count: int, say: Callable[[str], None] = lambda line: print(line, end="\r", file=sys.stderr)
) -> None:
    schema.upgrade(url)
    for done in fill(url, count, DAY):
        say(f"made {done:,} of {count:,} conversations ...")
    print(file=sys.stderr)
