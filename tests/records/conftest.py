"""A fresh database for each test: an SQLite file, and PostgreSQL too where TEST_POSTGRES_URL names one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from records import schema
from records.engine import engine

POSTGRES = os.environ.get("TEST_POSTGRES_URL")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    with engine(POSTGRES).begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    return str(POSTGRES)


@pytest.fixture
def url(empty_url: str) -> str:
    """A database with every table."""
    schema.upgrade(empty_url)
    return empty_url
