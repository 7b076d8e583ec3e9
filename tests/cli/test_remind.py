"""`./imr remind`: for a timer, beside the running assistant or instead of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from typer.testing import CliRunner

import settings
from cli.app import app
from cli.serve import free_port
from imr_logic import CaseFacts, assess
from records import cases, reminders, texters
from records.engine import transaction
from sandbox.running import StandIn, standing_in
from sandbox.twilio import Account
from settings import Settings
from tests.texting.conftest import current
from tests.texting.people import ACCOUNT, PUBLIC, ROSA
from tests.texting.test_reminders_due import FACTS

__all__ = ["current"]
WEEK_BEFORE = "2027-03-26 20:00"  # noon in California


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch, current: Settings) -> Iterator[StandIn]:
    values = (ACCOUNT[f"TWILIO_{name}"] for name in ("ACCOUNT_SID", "AUTH_TOKEN", "FROM"))
    with standing_in(Account(*values, PUBLIC, "http://127.0.0.1:9"), free_port()) as started:
        started.inside.behave({"retries": 0})
        monkeypatch.setenv("IMR_TWILIO_API_URL", started.url)
        monkeypatch.delenv("IMR_TODAY")
        settings.clear_settings()
        yield started


@pytest.fixture
def rosa() -> str:
    """Rosa has a case whose next date is April 2, 2027, and wants reminders."""
    sender_id, today = texters.texter_id(ROSA), date(2026, 11, 23)
    facts = CaseFacts.model_validate({**FACTS, "today": today})
    cases.save(sender_id, "sms", facts.as_plain(), assess(facts), today)
    reminders.begin_by_text(sender_id, today)
    with transaction() as session:
        reminders.give_phone(session, sender_id, ROSA)
    return sender_id


def remind(*words: str) -> str:
    done = CliRunner().invoke(app, ["remind", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_due_is_sent_once_however_often_it_runs(twilio: StandIn, rosa: str) -> None:
    with time_machine.travel(WEEK_BEFORE, tick=False):
        assert "Reminders sent: 1." in remind("--due")
        assert "Reminders sent: 0." in remind("--due")
    [message] = twilio.inside.messages
    assert "Friday, April 2, 2027" in message.body


def test_without_due_it_only_tells(twilio: StandIn, rosa: str) -> None:
    with time_machine.travel(WEEK_BEFORE, tick=False):
        assert remind() == "People with reminders: 1.\n"
    assert twilio.inside.messages == []


def test_without_an_account_one_line_says_so(current: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCOUNT_SID", "AUTH_TOKEN", "FROM"):
        monkeypatch.delenv(f"IMR_TWILIO_{name}")
    settings.clear_settings()
    done = CliRunner().invoke(app, ["remind", "--due"])
    assert done.exit_code == 1
    assert "IMR_TWILIO_ACCOUNT_SID" in done.output
