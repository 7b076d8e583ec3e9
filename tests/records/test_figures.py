"""What the overview counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from records import figures
from records.engine import transaction
from records.figures import Figures
from records.models import Conversation

TODAY = date(2026, 11, 23)  # a Monday
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)


def counted(url: str, *rows: dict[str, Any], most_dates: int = 9) -> Figures:
    with transaction(url) as session:
        for number, row in enumerate(rows, 1):
            told = {"id": number, "sender_id": f"web-{number}", "channel": "web", "messages": 1, "created_at": NOON}
            session.add(Conversation(**{**told, **row}))
    return figures.figures(TODAY, 4, 30, most_dates, url=url)


def test_nothing_is_no_share(url: str) -> None:
    found = counted(url)
    assert (found.conversations, found.contained, found.median_questions) == (0, None, None)


def test_who_only_opened_the_window_is_not_counted(url: str) -> None:
    assert counted(url, {"messages": 0}, {}).conversations == 1


def test_contained_is_an_answer_without_a_wish_for_a_call(url: str) -> None:
    answered = {"answered_at": NOON}
    found = counted(url, answered, answered, {**answered, "asked_for_call": True}, {"asked_for_call": True})
    assert (found.answered, found.contained, found.asked_for_call) == (3, 2 / 3, 2)


@pytest.mark.parametrize(("asked", "median"), [([3], 3), ([1, 9], 5), ([0, 2, 7], 2), ([1, 1, 2, 9], 1.5)])
def test_the_median_of_questions_is_of_those_who_got_an_answer(url: str, asked: list[int], median: float) -> None:
    rows = [{"questions": count, "answered_at": NOON} for count in asked]
    assert counted(url, *rows, {"questions": 40}).median_questions == median


def test_paths_and_flags_are_counted(url: str) -> None:
    found = counted(
        url,
        {"route": "cdi_imr"},
        {"route": "cdi_imr", "crisis": True},
        {"route": "erisa_appeal"},
        {"fell_back": True},
    )
    assert found.routes == [("cdi_imr", 2), ("erisa_appeal", 1)]
    assert (found.crisis, found.fallback, found.thumbs_down) == (1, 1, 0)


def test_weeks_begin_on_monday_in_california(url: str) -> None:
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)  # midnight there
    found = counted(url, {"created_at": monday}, {"created_at": monday - timedelta(seconds=1), "channel": "sms"})
    assert [week.by_channel for week in found.weeks[-2:]] == [{"sms": 1}, {"web": 1}]
    assert [week.monday.day for week in found.weeks] == [2, 9, 16, 23]


def test_dates_to_come_stand_nearest_first_without_what_is_done(url: str) -> None:
    days = [TODAY + timedelta(days=days) for days in (30, 0, 31, 5, -1)]
    rows = [{"next_date": day} for day in days]
    found = counted(url, *rows, {"next_date": TODAY, "status": "done"}, most_dates=2)
    assert [(day, number) for day, number, _ in found.dates] == [(TODAY, 2), (TODAY + timedelta(days=5), 4)]
    assert found.more_dates == 1
