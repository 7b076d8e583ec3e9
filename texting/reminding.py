"""Reminders: 30, 14, 7, 3 and 1 days before the next date of a case, in words that tell nobody what it is about.

The date is worked out anew each time from the facts as they stand, so it moves when they change; the reminders end
when the last one is past. One that fell due while nothing ran is sent when it runs again, as long as the day is not
over.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from imr_logic import CaseFacts, assess
from imr_logic.language import say_day
from records import cases, reminders
from records.reminders import Wanted
from settings import CALIFORNIA, Settings
from texting.rules import may_start, reminder_days
from texting.wording import said

LONGEST_WITHOUT = timedelta(days=180)
log = logging.getLogger(__name__)


class Round(NamedTuple):
    """What a round did: how many reminders were put among the messages to send, and how many people's ended."""

    sent: int
    ended: int


def due_before(
    day: date, today: date, since: date, sent: int | None, points: Iterable[int] | None = None
) -> int | None:
    """The reminder that is due today, as its number of days before the `day`; None when there is none. `since` is the
    day on which reminders were asked for: what was due until then is not. `sent` is the last one that was sent for
    this day."""
    left = (day - today).days
    open_ones = [
        before
        for before in (points or reminder_days())
        if 0 <= left <= before and day - timedelta(days=before) > since and (sent is None or before < sent)
    ]
    return min(open_ones, default=None)


def next_date(sender_id: str, today: date, *, url: str | None = None) -> date | None:
    """The next day by which something must be filed in a conversation's case, as its facts stand; None when there is
    none any more."""
    saved = cases.load(sender_id, url=url)
    if saved is None:
        return None
    try:
        facts = CaseFacts.model_validate({**saved.facts, "today": today})
    except ValidationError:
        return None
    return cases.next_date(assess(facts).model_dump(mode="json"), today)


def remind(moment: datetime, current: Settings) -> Round:
    """Put the reminders that are due at a moment among the messages to send, and end those whose last day is past.
    Nothing happens in quiet hours."""
    reminders.drop_unproved(moment, url=current.database_url)
    if not may_start(moment):
        return Round(0, 0)
    today = current.today or moment.astimezone(CALIFORNIA).date()
    done = [_taken_up(one, today, current) for one in reminders.wanted(url=current.database_url)]
    result = Round(done.count("sent"), done.count("ended"))
    if any(result):
        log.info("reminders: %d sent, %d ended", *result)
    return result


def _taken_up(one: Wanted, today: date, current: Settings) -> str:
    """What was done for one person; what goes wrong for one keeps nobody else from a reminder."""
    try:
        return _take_up(one, today, current.database_url)
    except Exception as error:
        log.error("a reminder was not made", exc_info=error)
        return "failed"


def _take_up(one: Wanted, today: date, url: str) -> str:
    day = next_date(one.sender_id, today, url=url)
    if day is None:
        return _wait_or_end(one, today, url)
    reminders.note_day(one, day, url=url)
    before = due_before(day, today, one.since, reminders.sent_before(one.id, day, url=url))
    if before is None:
        return "waits"
    return "sent" if reminders.send(one, day, before, wording(day), url=url) else "waits"


def _wait_or_end(one: Wanted, today: date, url: str) -> str:
    """Without a date they wait: one may be asked about at this moment, or be known when the danger is over. They end
    when the last day is past, or after some months without any."""
    if today <= (one.day or one.since + LONGEST_WITHOUT):
        return "waits"
    reminders.end(one.sender_id, url=url)
    return "ended"


def wording(day: date) -> str:
    """The words of a reminder: the day, and nothing of what it is for."""
    return said("reminder", "text", day=say_day(day, weekday=True))
