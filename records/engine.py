"""Connections to the database, made one way for every process."""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

import settings
from watching import metrics

BUSY_SECONDS = 5
CONNECT_SECONDS = 3
LONGEST_SECONDS = 15  # of one statement; a migration may take longer (`records.schema`)
NAME = "imr-triage"  # by which PostgreSQL knows our connections
# A server that is gone without a word is given up: a turn asks it where it runs, and would wait for ever.
GIVES_UP = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 8000}
MOST_KEPT = 8  # databases; a process has one, tests have many
POOL = 10  # connections of one process, and as many again for a moment
WAL_ATTEMPTS = 20
OWNER_ONLY = 0o600
log = logging.getLogger(__name__)
_keeping = Lock()


def new_engine(url: str) -> Engine:
    """An engine for the URL. SQLite: write-ahead log, waits for a busy file, foreign keys enforced."""
    if make_url(url).get_backend_name() == "sqlite":
        return _count_errors(_sqlite_engine(url))
    return _count_errors(
        sa.create_engine(
            url,
            future=True,
            pool_pre_ping=True,
            pool_size=POOL,
            max_overflow=POOL,
            pool_timeout=BUSY_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "options": f"-c lock_timeout={1000 * BUSY_SECONDS} -c statement_timeout={1000 * LONGEST_SECONDS}",
                "application_name": NAME,
                **GIVES_UP,
            },
        )
    )


def _count_errors(made: Engine) -> Engine:
    @sa.event.listens_for(made, "handle_error")
    def count(context: Any) -> None:
        metrics.DATABASE_ERRORS.labels(type(context.original_exception).__name__).inc()

    return made


def engine(url: str | None = None) -> Engine:
    """The engine of this process for a URL (IMR_DATABASE_URL when none is given)."""
    return _kept_engine(url or settings.settings().database_url)


@lru_cache(maxsize=1)
def _kept() -> OrderedDict[str, Engine]:
    """The engines of this process by their URL, the one used last at the end."""
    return OrderedDict()


def _kept_engine(url: str) -> Engine:
    kept = _kept()
    with _keeping:
        if url not in kept:
            kept[url] = new_engine(url)
        kept.move_to_end(url)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)[1].dispose()
        return kept[url]


def forget_engine() -> None:
    """Close the connections of this process: the database behind them is another one now."""
    for one in _kept().values():
        one.dispose()
    _kept().clear()


@contextmanager
def transaction(url: str | None = None) -> Iterator[Session]:
    """A session whose work is committed at the end, or rolled back whole when anything fails."""
    with Session(engine(url), future=True) as session, session.begin():
        yield session


def clear_traces(url: str | None = None) -> None:
    """After something was erased: no copy of it may stay in SQLite's write-ahead log. (While somebody reads, the log
    is emptied at the next time; PostgreSQL's own VACUUM sees to its files.)"""
    current = engine(url)
    if current.dialect.name == "sqlite":
        with current.connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
        if busy and busy[0]:
            log.info("the write-ahead log is being read; it is emptied at the next time")


def _sqlite_engine(url: str) -> Engine:
    path = Path(str(make_url(url).database))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=OWNER_ONLY)  # what belongs to it takes its permissions over
    made = sa.create_engine(
        url,
        future=True,
        poolclass=QueuePool,  # opening the file anew for each statement costs more than the statement
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(made, "connect", _prepare_sqlite)
    _watch_the_file(made, path)
    return made


def _watch_the_file(made: Engine, path: Path) -> None:
    """A connection to a file that was moved away or replaced would write where nobody reads: it is given up."""

    @sa.event.listens_for(made, "connect")
    def note(_: Any, record: Any) -> None:
        record.info["file"] = _file_at(path)

    @sa.event.listens_for(made, "checkout")
    def look(_: Any, record: Any, __: Any) -> None:
        if record.info.get("file") != _file_at(path):
            raise sa.exc.DisconnectionError("another file lies in the database's place")


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten, not only unlinked
    _use_write_ahead_log(cursor)
    cursor.close()


def _use_write_ahead_log(cursor: Any) -> None:
    """Switch the file once. SQLite does not wait for other connections in this one statement: we do."""
    for attempt in range(WAL_ATTEMPTS):
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
            return
        except Exception:
            if attempt == WAL_ATTEMPTS - 1:
                raise
            time.sleep(0.05)
