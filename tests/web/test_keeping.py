"""What the web app does by itself: what is old goes, dates that passed move on; a step that fails stops none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import settings
from records import cases, forgetting, inbox, schema, staff, staff_sessions
from records.console_models import SignInTry, StaffSession
from records.engine import transaction
from records.models import Conversation, now
from records.rounds import Rounds, in_background
from settings import Settings
from tests.records.told import BEGAN, SENDER, keep_case, tell_story
from web.keeping import tidy

FACTS = {
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "grievance_status": "not_filed",
    "provider_support": "in_plan_recommended",
    "care_status": "future",
    "decision": "denied",
    "regulator": "dmhc",
    "immediate_danger": False,
    "urgent": False,
}


@pytest.fixture
def current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    for name, value in {"VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 32, "TODAY": "2026-11-23"}.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    settings.clear_settings()
    found = settings.settings()
    schema.upgrade(found.database_url)
    yield found
    settings.clear_settings()


def test_what_nothing_happened_to_for_long_goes(current: Settings) -> None:
    old = tell_story(current.database_url, "web-old", began=now() - timedelta(days=91))
    new = tell_story(current.database_url, "web-new", began=now() - timedelta(days=89))
    tidy(current)
    gone = [inbox.line(number, url=current.database_url).purged_at for number in (old, new)]  # type: ignore[union-attr]
    assert [bool(one) for one in gone] == [True, False]


def test_a_date_that_passed_gives_way_to_the_next(current: Settings) -> None:
    url = current.database_url
    number = tell_story(url, began=now())
    keep_case(url, SENDER, **FACTS)
    first = cases.load(SENDER, url=url)
    assert first
    assert first.next_date == date(2027, 4, 2)
    tidy(current.model_copy(update={"today": date(2027, 4, 3)}))
    line = inbox.line(number, url=url)
    assert line
    assert line.next_date is None


def test_sessions_that_are_over_and_old_failures_go(current: Settings) -> None:
    url = current.database_url
    ana = staff.add("ana", "admin", "a long enough password", url=url).member
    staff_sessions.begin(ana, at=BEGAN, url=url)
    with pytest.raises(staff.SignInError):
        staff.sign_in("ana", "x", "1", "", at=BEGAN, url=url)
    tidy(current)
    with transaction(url) as session:
        assert session.query(StaffSession).count() == 0
        assert session.query(SignInTry).count() == 0


def test_a_step_that_fails_stops_none_of_the_others(current: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    url = current.database_url
    tell_story(url)
    with transaction(url) as session:
        session.query(Conversation).update({"next_date": date(2020, 1, 1)})
    monkeypatch.setattr(forgetting, "purge", fail)
    tidy(current)
    with transaction(url) as session:
        assert session.query(Conversation).one().next_date == date(2027, 4, 2)


async def test_rounds_go_on_after_one_that_failed_and_end_with_the_block() -> None:
    done: list[int] = []

    async def one_round(_: object) -> int:
        done.append(1)
        if len(done) == 1:
            raise ZeroDivisionError
        return 0

    async with in_background(Rounds("test", one_round, 0.001, 1)):
        while len(done) < 3:
            await asyncio.sleep(0.001)
    after = len(done)
    await asyncio.sleep(0.02)
    assert len(done) == after


async def test_a_round_that_did_something_is_followed_by_the_next_at_once() -> None:
    done: list[int] = []

    async def one_round(_: object) -> int:
        done.append(1)
        await asyncio.sleep(0)
        return 1 if len(done) < 50 else 0

    async with in_background(Rounds("test", one_round, 3600, 1)):
        while len(done) < 50:
            await asyncio.sleep(0)
    assert len(done) == 50
