"""The database file: for nobody else on the machine, and noticed when it is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.records.seeded import seed
from tests.records.told import tell_story

pytestmark = pytest.mark.usefixtures("key")


def test_a_database_that_was_moved_away_is_noticed(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    for path in tmp_path.glob("searched.sqlite3*"):
        path.rename(path.with_name(f"moved-{path.name}"))
    with pytest.raises(sa.exc.OperationalError):
        tell_story(file_url, "web-2")


def test_the_database_is_for_nobody_else_on_the_machine(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("searched.sqlite3*"))
