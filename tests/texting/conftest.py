"""Text messages that are set up, with a database of the test's own and the clock at one day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from records import schema
from records.engine import engine
from settings import Settings
from tests.texting.people import ACCOUNT


@pytest.fixture
def current(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an account that exists nowhere; it is November 23, 2026."""
    values = {"VAR_DIR": tmp_path, "SECRET_KEY": "k" * 32, "TODAY": "2026-11-23", **ACCOUNT}
    for name, value in values.items():
        monkeypatch.setenv(f"IMR_{name}", str(value))
    monkeypatch.delenv("IMR_DATABASE_URL", raising=False)
    settings.clear_settings()
    schema.upgrade(settings.settings().database_url)
    yield settings.settings()
    engine().dispose()
    settings.clear_settings()
