"""The console on a database of its own, and somebody of each role who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import settings
from records import schema, staff, staff_sessions
from records.engine import clear_traces, forget_engine
from records.staff import ROLES, Member
from settings import Settings
from tests.databases import copied
from tests.records.told import tell_story
from web.app import create_app
from web.staff.gate import COOKIE

TODAY = date(2026, 11, 23)
PASSWORD = "a long enough password"
HERE = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


class Practice:
    """A console with a member of staff of each role, and one conversation with a request for a call."""

    def __init__(self, current: Settings) -> None:
        self.current = current
        self.url = current.database_url
        self.app = create_app(current)
        self.members: dict[str, Member] = {one.name: one for one in staff.members(url=self.url)}

    def client(self, role: str | None = None) -> TestClient:
        """A browser, signed in as who has a role."""
        found = TestClient(self.app, headers=HERE, follow_redirects=False, base_url="http://testserver")
        if role:
            found.cookies.set(COOKIE, staff_sessions.begin(self.members[role], url=self.url), path="/staff")
        return found


@contextmanager
def settings_for(folder: Path) -> Iterator[Settings]:
    """The settings of this process: a folder, a day and a key of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"VAR_DIR": str(folder), "TODAY": TODAY.isoformat(), "SECRET_KEY": "k" * 32}.items():
            patch.setenv(f"IMR_{name}", value)
        settings.clear_settings()
        yield settings.settings()
    settings.clear_settings()


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with an account of each role, made once: a password takes a while to hash."""
    folder = tmp_path_factory.mktemp("accounts")
    with settings_for(folder) as current:
        schema.upgrade(current.database_url)
        for role in ROLES:
            staff.add(role, role, PASSWORD, url=current.database_url)
        clear_traces(current.database_url)
        forget_engine()
    return current.database_url


@pytest.fixture
def practice(tmp_path: Path, accounts: str) -> Iterator[Practice]:
    copied(accounts, tmp_path)
    with settings_for(tmp_path) as current:
        yield Practice(current)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, accounts: str) -> Iterator[Practice]:
    """One practice for all tests of a file."""
    folder = tmp_path_factory.mktemp("office")
    copied(accounts, folder)
    with settings_for(folder) as current:
        yield Practice(current)


@pytest.fixture
def conversation(practice: Practice) -> int:
    return tell_story(practice.url)
