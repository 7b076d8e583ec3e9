"""Reminders: on the right days, once each, with the facts as they stand, and never at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic import CaseFacts, assess
from imr_logic.language import say_day
from records import cases, reminders, texters
from records.engine import transaction
from settings import Settings
from tests.texting.people import NOON, ROSA, WALTER, owed
from texting import reminding
from texting.reminding import Round, due_before, next_date, remind

DAY = date(2027, 4, 2)
ASKED = date(2026, 11, 23)
DAYS = st.integers(0, 60).map(lambda back: DAY - timedelta(days=back))
FACTS = {
    "plan_type": "commercial",
    "product": "hmo",
    "carrier": "kaiser",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
    "immediate_danger": False,
    "urgent": False,
}


@pytest.mark.parametrize(
    ("left", "sent", "due"),
    [
        (31, None, None),
        (30, None, 30),
        (29, 30, None),
        (20, None, 30),  # nothing ran for ten days
        (14, 30, 14),
        (14, 14, None),
        (5, 30, 7),  # two were missed: one comes
        (3, 7, 3),
        (1, 3, 1),
        (0, 3, 1),  # on the day itself, rather than never
        (0, 1, None),
        (-1, None, None),
    ],
)
def test_what_is_due_so_many_days_before(left: int, sent: int | None, due: int | None) -> None:
    assert due_before(DAY, DAY - timedelta(days=left), ASKED, sent) == due


def test_what_was_due_before_they_were_asked_for_is_not_due() -> None:
    today = DAY - timedelta(days=5)
    assert due_before(DAY, today, since=today, sent=None) is None
    assert due_before(DAY, DAY - timedelta(days=3), since=today, sent=None) == 3


@given(st.lists(DAYS, max_size=40), DAYS)
def test_whatever_days_it_runs_on_each_reminder_comes_once_and_ever_nearer(days: list[date], asked: date) -> None:
    sent: int | None = None
    came = []
    for today in sorted(days):
        before = due_before(DAY, today, asked, sent)
        if before is not None:
            came.append(before)
            sent = before
    assert came == sorted(set(came), reverse=True)
    assert set(came) <= {30, 14, 7, 3, 1}


@given(DAYS)
def test_who_asked_in_time_gets_every_reminder_when_it_runs_every_day(asked: date) -> None:
    sent, came = None, []
    for back in range(60, -1, -1):
        today = DAY - timedelta(days=back)
        before = due_before(DAY, today, asked, sent) if today >= asked else None
        if before is not None:
            came.append((back, before))
            sent = before
    assert came == [(one, one) for one in (30, 14, 7, 3, 1) if DAY - timedelta(days=one) > asked]


def keep(sender_id: str, today: date = ASKED, **facts: object) -> None:
    """The case of a conversation, as the actions keep it."""
    found = CaseFacts.model_validate({**FACTS, **facts, "today": today})
    cases.save(sender_id, "sms", found.as_plain(), assess(found), today)


@pytest.fixture
def rosa(current: Settings) -> str:
    """Rosa, who texts, has a case with April 2, 2027 as its next date, and wants reminders."""
    sender_id = texters.texter_id(ROSA)
    keep(sender_id)
    reminders.begin_by_code(sender_id, ROSA, str, at=NOON)
    code = owed()[0]
    assert reminders.prove(sender_id, code, ASKED, at=NOON) == "right"
    return sender_id


def on(current: Settings, day: date, hour: int = 12) -> Round:
    """A round at an hour of a day in California."""
    local = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(hours=8)
    return remind(local, current.model_copy(update={"today": None}))


def reminded() -> list[str]:
    return [words for words in owed() if "remind" in words]


def test_each_reminder_names_the_day_and_comes_once(rosa: str, current: Settings) -> None:
    for back in range(40, 0, -1):
        on(current, DAY - timedelta(days=back))
        on(current, DAY - timedelta(days=back), 15)
    assert len(reminded()) == 5
    assert all(say_day(DAY, weekday=True) in words for words in reminded())


def test_no_reminder_is_made_at_night(rosa: str, current: Settings) -> None:
    month_before = DAY - timedelta(days=30)
    assert on(current, month_before, 7) == Round(0, 0)
    assert on(current, month_before, 21) == Round(0, 0)
    assert on(current, month_before, 8) == Round(1, 0)


def test_a_date_that_moves_moves_its_reminders(rosa: str, current: Settings) -> None:
    keep(rosa, denial_letter_date="2026-11-05")
    moved = next_date(rosa, ASKED)
    assert moved == date(2027, 5, 4)
    assert on(current, DAY - timedelta(days=30)) == Round(0, 0)
    assert on(current, moved - timedelta(days=30)) == Round(1, 0)
    assert say_day(moved, weekday=True) in reminded()[0]


def test_after_the_last_date_they_end(rosa: str, current: Settings) -> None:
    on(current, DAY)
    result = on(current, DAY + timedelta(days=400))
    assert result == Round(0, 1)
    assert not reminders.are_set_up(rosa)
    assert reminders.wanted() == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"grievance_status": "upheld"},  # and the date of the answer is asked for
        {"immediate_danger": True},
        {"grievance_status": "pending", "denial_letter_date": None},
    ],
)
def test_while_no_date_is_known_they_wait(meanwhile: dict[str, object], rosa: str, current: Settings) -> None:
    keep(rosa, **meanwhile)
    assert next_date(rosa, ASKED) is None or meanwhile.get("grievance_status") == "pending"
    on(current, ASKED + timedelta(days=1))
    assert len(reminders.wanted()) == 1
    keep(rosa)
    assert on(current, DAY - timedelta(days=30)) == Round(1, 0)


def test_when_no_case_comes_again_they_end_after_the_day_that_was_known(rosa: str, current: Settings) -> None:
    on(current, ASKED)
    cases.erase(rosa)
    assert on(current, DAY) == Round(0, 0)
    assert on(current, DAY + timedelta(days=1)) == Round(0, 1)


def test_one_that_ended_is_not_sent_any_more(rosa: str, current: Settings) -> None:
    on(current, DAY - timedelta(days=30))
    assert len(reminded()) == 1
    reminders.end(rosa)
    assert reminded() == []


def test_what_goes_wrong_for_one_keeps_nobody_from_theirs(
    rosa: str, current: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = texters.texter_id(WALTER)
    keep(other)
    reminders.begin_by_text(other, ASKED)
    with transaction() as session:
        reminders.give_phone(session, other, WALTER)
    real = reminding.next_date

    def fails_for_rosa(sender_id: str, today: date, *, url: str | None = None) -> date | None:
        if sender_id == rosa:
            raise ValueError
        return real(sender_id, today, url=url)

    monkeypatch.setattr(reminding, "next_date", fails_for_rosa)
    assert on(current, DAY - timedelta(days=30)) == Round(1, 0)


def test_erasing_everything_erases_the_number(rosa: str, current: Settings) -> None:
    texters.erase(rosa)
    assert reminders.wanted() == []


def test_a_round_that_is_run_twice_at_once_reminds_once(rosa: str, current: Settings) -> None:
    [one] = reminders.wanted()
    assert reminders.send(one, DAY, 30, "one of two")
    assert not reminders.send(one, DAY, 30, "the other")
    assert owed()[1:] == ["one of two"]
