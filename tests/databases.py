"""The database that tests run on: an SQLite file for each folder, or, with TEST_SHARED=1, a database of one
PostgreSQL for each folder, and one Redis for all assistants; both are started for the tests and ended with them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
import sqlalchemy as sa

from cli import services, talking
from records.engine import new_engine
from settings import LOOPBACK, model

IS_SHARED = os.environ.get("TEST_SHARED") == "1"
sqlite_only = pytest.mark.skipif(IS_SHARED, reason="about SQLite's own file")


@contextmanager
def shared_servers(folder: Path) -> Iterator[None]:
    """PostgreSQL and Redis, in place of files and of each process's memory."""
    patch = pytest.MonkeyPatch()
    with services.postgres(folder) as postgres, services.redis(folder) as redis:
        patch.setattr(model, "default_database", _databases_of(postgres))
        patch.setattr(talking, "shared_services", lambda: {"redis_url": f"redis://{LOOPBACK}:{redis.port}/0"})
        patch.setenv("TEST_POSTGRES_URL", postgres.create("of_single_tests"))
        yield
        patch.undo()


def _databases_of(postgres: services.Postgres) -> Callable[[Path], str]:
    made: dict[Path, str] = {}
    one_at_a_time = Lock()

    def database_of(folder: Path) -> str:
        with one_at_a_time:
            if folder not in made:
                made[folder] = postgres.create(f"test_{hashlib.sha256(str(folder).encode()).hexdigest()[:20]}")
            return made[folder]

    return database_of


def copied(url: str, folder: Path) -> str:
    """A copy of a database, for a folder that has none yet; its URL."""
    made = model.default_database(folder)
    if not IS_SHARED:
        shutil.copy(_file(url), _file(made))
        return made
    names = [sa.engine.make_url(one).database for one in (url, made)]
    server = sa.create_engine(os.environ["TEST_POSTGRES_URL"], isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{names[1]}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{names[1]}" TEMPLATE "{names[0]}"')
    server.dispose()
    return made


def _file(url: str) -> str:
    return str(sa.engine.make_url(url).database)


def asked(url: str, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that a query finds."""
    with _opened(url) as connection:
        return [tuple(row) for row in connection.execute(sa.text(query), values)]


def changed(url: str, statement: str, **values: Any) -> None:
    """Change something in the database, behind the back of what runs."""
    with _opened(url) as connection, connection.begin():
        connection.execute(sa.text(statement), values)


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    made = new_engine(url)
    with made.connect() as connection:
        yield connection
    made.dispose()
