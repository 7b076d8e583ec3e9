"""What the overview counts: how many conversations, where they led, how they went; by channel and week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.engine import transaction
from records.models import Consultation, Conversation
from settings import CALIFORNIA

WEEK = timedelta(days=7)


class Week(NamedTuple):
    """How many conversations began in the week from a Monday on, by channel."""

    monday: date
    by_channel: dict[str, int]


class Figures(NamedTuple):
    """The figures since a day.

    `contained`: share of conversations that got an answer and asked for no call. `median_questions`: of those that
    got an answer. `fallback`, `crisis`, `thumbs_down`, `asked_for_call`: how many conversations. `dates` are (day,
    conversation, route) of the dates to come, `waiting` the requests for a call that are new.
    """

    conversations: int
    answered: int
    contained: float | None
    median_questions: float | None
    fallback: int
    crisis: int
    thumbs_down: int
    asked_for_call: int
    routes: list[tuple[str, int]]
    channels: list[tuple[str, int]]
    weeks: list[Week]
    dates: list[tuple[date, int, str | None]]
    waiting: int


def figures(today: date, weeks: int, days_ahead: int, *, url: str | None = None) -> Figures:
    """The figures of the last `weeks` weeks, this one among them, and the dates of the next `days_ahead` days."""
    first = monday_of(today) - (weeks - 1) * WEEK
    since = (Conversation.messages > 0, Conversation.created_at >= _midnight(first))
    answered = (*since, Conversation.answered_at.is_not(None))
    with transaction(url) as session:
        total = _count(session, *since)
        with_answer = _count(session, *answered)
        contained = _count(session, *answered, Conversation.asked_for_call.is_(False))
        return Figures(
            conversations=total,
            answered=with_answer,
            contained=contained / with_answer if with_answer else None,
            median_questions=_median(_counted(session, Conversation.questions, *answered)),
            fallback=_count(session, *since, Conversation.fell_back.is_(True)),
            crisis=_count(session, *since, Conversation.crisis.is_(True)),
            thumbs_down=_count(session, *since, Conversation.thumbs_down.is_(True)),
            asked_for_call=_count(session, *since, Conversation.asked_for_call.is_(True)),
            routes=_counted(session, Conversation.route, *since, Conversation.route.is_not(None)),
            channels=_counted(session, Conversation.channel, *since),
            weeks=[_week(session, first + number * WEEK) for number in range(weeks)],
            dates=_dates(session, today, today + timedelta(days=days_ahead)),
            waiting=int(session.scalar(select(func.count()).where(Consultation.state == "new")) or 0),
        )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _count(session: Session, *conditions: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(Conversation).where(*conditions)) or 0)


def _counted(session: Session, column: Any, *conditions: Any) -> list[tuple[Any, int]]:
    """How often each value of a column occurs, the most frequent first."""
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return sorted(((value, count) for value, count in rows), key=lambda row: (-row[1], str(row[0])))


def _median(counted: Sequence[tuple[float, int]]) -> float | None:
    """The median of values that each occur so often."""
    values = sorted(counted)
    total = sum(count for _, count in values)
    if not total:
        return None
    middle = [_nth(values, place) for place in ((total - 1) // 2, total // 2)]
    return sum(middle) / 2


def _nth(values: Sequence[tuple[float, int]], place: int) -> float:
    for value, count in values:
        if place < count:
            return value
        place -= count
    raise IndexError(place)


def _dates(session: Session, today: date, last: date) -> list[tuple[date, int, str | None]]:
    wanted = (
        select(Conversation.next_date, Conversation.id, Conversation.route)
        .where(Conversation.next_date.between(today, last), Conversation.status != "done")
        .order_by(Conversation.next_date, Conversation.id)
    )
    return [tuple(row) for row in session.execute(wanted)]


def _week(session: Session, monday: date) -> Week:
    begins, ends = _midnight(monday), _midnight(monday + WEEK)
    within = (Conversation.messages > 0, Conversation.created_at >= begins, Conversation.created_at < ends)
    return Week(monday, dict(_counted(session, Conversation.channel, *within)))


def _midnight(day: date) -> datetime:
    """When a day begins in California."""
    return datetime.combine(day, time(), CALIFORNIA)
