"""A fresh database for each test: an SQLite file, and PostgreSQL too where TEST_POSTGRES_URL names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import settings
from records import schema
from records.engine import engine
from tests.databases import IS_SHARED

HAS_POSTGRES = IS_SHARED or "TEST_POSTGRES_URL" in os.environ


@pytest.fixture(params=["sqlite", "postgresql"] if HAS_POSTGRES else ["sqlite"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    return _emptied_postgres()


def _emptied_postgres() -> str:
    url = os.environ["TEST_POSTGRES_URL"]
    with engine(url).begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    return url


@pytest.fixture
def url(empty_url: str) -> str:
    """A database with every table."""
    schema.upgrade(empty_url)
    return empty_url


@pytest.fixture
def postgres_url(key: str) -> str:
    """PostgreSQL with every table."""
    if not HAS_POSTGRES:
        pytest.skip("needs a PostgreSQL: TEST_SHARED=1")
    url = _emptied_postgres()
    schema.upgrade(url)
    return url


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A signing key that is set from outside, and nothing of this machine's own settings."""
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("IMR_SECRET_KEY", "k" * 32)
    settings.clear_settings()
    yield "k" * 32
    settings.clear_settings()


def use_key(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """From now on, another signing key."""
    monkeypatch.setenv("IMR_SECRET_KEY", key)
    settings.clear_settings()


@pytest.fixture
def file_url(key: str, tmp_path: Path) -> str:
    """A database whose file can be searched."""
    url = f"sqlite:///{tmp_path / 'searched.sqlite3'}"
    schema.upgrade(url)
    return url
