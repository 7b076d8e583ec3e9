"""What the overview counts: how many conversations, where they led, how they went; by channel and week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
    conversation, route) of the dates to come, `more_dates` how many more there are, `waiting` the requests for a call
    that are new.
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
    more_dates: int
    waiting: int


def figures(today: date, weeks: int, days_ahead: int, most_dates: int, *, url: str | None = None) -> Figures:
    """The figures of the last `weeks` weeks, this one among them, and the next dates within `days_ahead` days."""
    first = monday_of(today) - (weeks - 1) * WEEK
    with transaction(url) as session:
        groups = _groups(session, first)
        last = today + timedelta(days=days_ahead)
        dates, more_dates = _dates(session, today, last, most_dates)
        by_week = [_week(session, first + number * WEEK) for number in range(weeks)]
        waiting = session.scalar(select(func.count()).where(Consultation.state == "new"))
    answered = [group for group in groups if group.is_answered]
    with_answer = _total(answered)
    contained = _total(group for group in answered if not group.asked_for_call)
    return Figures(
        conversations=_total(groups),
        answered=with_answer,
        contained=contained / with_answer if with_answer else None,
        median_questions=_median(_by(answered, "questions")),
        fallback=_total(group for group in groups if group.fell_back),
        crisis=_total(group for group in groups if group.crisis),
        thumbs_down=_total(group for group in groups if group.thumbs_down),
        asked_for_call=_total(group for group in groups if group.asked_for_call),
        routes=[(route, count) for route, count in _by(groups, "route") if route],
        channels=_by(groups, "channel"),
        weeks=by_week,
        dates=dates,
        more_dates=more_dates,
        waiting=int(waiting or 0),
    )


class _Group(NamedTuple):
    """How many conversations are alike in all that is counted: the table is gone through once."""

    channel: str
    route: str | None
    questions: int
    is_answered: bool
    asked_for_call: bool
    fell_back: bool
    crisis: bool
    thumbs_down: bool
    size: int


def _groups(session: Session, first: date) -> list[_Group]:
    columns = (
        Conversation.channel,
        Conversation.route,
        Conversation.questions,
        Conversation.answered_at.is_not(None).label("is_answered"),
        Conversation.asked_for_call,
        Conversation.fell_back,
        Conversation.crisis,
        Conversation.thumbs_down,
    )
    within = (Conversation.messages > 0, Conversation.created_at >= _midnight(first))
    rows = session.execute(select(*columns, func.count()).where(*within).group_by(*columns))
    return [_Group(*row) for row in rows]


def _total(groups: Iterable[_Group]) -> int:
    return sum(group.size for group in groups)


def _by(groups: Iterable[_Group], what: str) -> list[tuple[Any, int]]:
    """How often each value occurs, the most frequent first."""
    found: Counter[Any] = Counter()
    for group in groups:
        found[getattr(group, what)] += group.size
    return sorted(found.items(), key=lambda one: (-one[1], str(one[0])))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


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


def _dates(session: Session, today: date, last: date, most: int) -> tuple[list[tuple[date, int, str | None]], int]:
    """The next dates, the nearest first, and how many there are beyond the `most`."""
    open_ones = (Conversation.next_date.between(today, last), Conversation.status != "done")
    columns = (Conversation.next_date, Conversation.id, Conversation.route)
    wanted = select(*columns).where(*open_ones).order_by(Conversation.next_date, Conversation.id).limit(most)
    total = session.scalar(select(func.count()).select_from(Conversation).where(*open_ones))
    found = [tuple(row) for row in session.execute(wanted)]
    return found, int(total or 0) - len(found)


def _week(session: Session, monday: date) -> Week:
    begins, ends = _midnight(monday), _midnight(monday + WEEK)
    within = (Conversation.messages > 0, Conversation.created_at >= begins, Conversation.created_at < ends)
    rows = session.execute(select(Conversation.channel, func.count()).where(*within).group_by(Conversation.channel))
    return Week(monday, dict(rows.all()))


def _midnight(day: date) -> datetime:
    """When a day begins in California."""
    return datetime.combine(day, time(), CALIFORNIA)
