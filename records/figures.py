"""What the overview counts: how many conversations, where they led, how they went; by channel and week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

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
    with transaction(url) as session:
        rows = _rows(session, first)
        dates = _dates(session, today, today + timedelta(days=days_ahead))
        waiting = session.scalar(select(func.count()).select_from(Consultation).where(Consultation.state == "new"))
    answered = [row for row in rows if row.answered_at]
    contained = sum(1 for row in answered if not row.asked_for_call)
    return Figures(
        conversations=len(rows),
        answered=len(answered),
        contained=contained / len(answered) if answered else None,
        median_questions=median(row.questions for row in answered) if answered else None,
        fallback=sum(row.fell_back for row in rows),
        crisis=sum(row.crisis for row in rows),
        thumbs_down=sum(row.thumbs_down for row in rows),
        asked_for_call=sum(row.asked_for_call for row in rows),
        routes=Counter(row.route for row in rows if row.route).most_common(),
        channels=Counter(row.channel for row in rows).most_common(),
        weeks=_weeks([(_day(row.created_at), row.channel) for row in rows], first, weeks),
        dates=dates,
        waiting=int(waiting or 0),
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _rows(session: Session, first: date) -> Sequence[Conversation]:
    since = datetime.combine(first, time(), CALIFORNIA)
    columns = (
        Conversation.created_at,
        Conversation.channel,
        Conversation.route,
        Conversation.questions,
        Conversation.answered_at,
        Conversation.fell_back,
        Conversation.crisis,
        Conversation.thumbs_down,
        Conversation.asked_for_call,
    )
    return session.execute(select(*columns).where(Conversation.created_at >= since, Conversation.messages > 0)).all()


def _dates(session: Session, today: date, last: date) -> list[tuple[date, int, str | None]]:
    wanted = (
        select(Conversation.next_date, Conversation.id, Conversation.route)
        .where(Conversation.next_date.between(today, last), Conversation.status != "done")
        .order_by(Conversation.next_date, Conversation.id)
    )
    return [tuple(row) for row in session.execute(wanted)]


def _weeks(begun: Sequence[tuple[date, str]], first: date, weeks: int) -> list[Week]:
    counted: dict[date, Counter[str]] = {first + number * WEEK: Counter() for number in range(weeks)}
    for day, channel in begun:
        if monday_of(day) in counted:
            counted[monday_of(day)][channel] += 1
    return [Week(monday, dict(channels)) for monday, channels in counted.items()]


def _day(moment: datetime) -> date:
    return moment.astimezone(CALIFORNIA).date()
