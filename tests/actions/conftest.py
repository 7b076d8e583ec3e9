"""A database of its own for each test, and the clock at one day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from records import schema
from records.engine import engine


@pytest.fixture
def own_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Settings and a database of the test's own; it is November 23, 2026."""
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("IMR_SECRET_KEY", "k" * 32)
    monkeypatch.setenv("IMR_TODAY", "2026-11-23")
    monkeypatch.delenv("IMR_DATABASE_URL", raising=False)
    settings.clear_settings()
    schema.upgrade(settings.settings().database_url)
    yield
    engine().dispose()
    settings.clear_settings()
