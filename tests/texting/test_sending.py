"""What is owed goes out once and in order, through every way in which handing over can fail. Against the stand-in for
Twilio, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from cli.serve import free_port
from records import texters, texts_out
from records.models import now
from sandbox.running import StandIn, standing_in
from sandbox.twilio import Account
from settings import Settings
from tests.texting.people import ACCOUNT, NOON, PUBLIC, ROSA, WALTER, owed, states
from texting.sending import Sender
from texting.twilio_api import MessagesApi

LATER = timedelta(minutes=10)


@pytest.fixture
def phone() -> Iterator[StandIn]:
    """The stand-in; nobody listens to what it posts."""
    account = Account(
        ACCOUNT["TWILIO_ACCOUNT_SID"],
        ACCOUNT["TWILIO_AUTH_TOKEN"],
        ACCOUNT["TWILIO_FROM"],
        PUBLIC,
        "http://127.0.0.1:9",
    )
    with standing_in(account, free_port()) as started:
        started.inside.behave({"retries": 0})
        yield started


@pytest.fixture
def account(current: Settings, phone: StandIn) -> Settings:
    """Settings whose messages go to the stand-in."""
    return current.model_copy(update={"twilio_api_url": phone.url})


def owe(*words: str, to: str = ROSA, kind: texts_out.Kind = "answer") -> None:
    texts_out.owe(texters.texter_id(to), to, words, kind)


def rounds(account: Settings, *moments: datetime) -> None:
    """Rounds of the sender, each at its moment, until nothing more is due then."""

    async def go() -> None:
        async with MessagesApi(account) as api:
            sender = Sender(account, api)
            for moment in moments:
                while await sender.round(moment):
                    pass

    asyncio.run(go())


def came(phone: StandIn, to: str = ROSA) -> list[str]:
    """What the stand-in has for a phone."""
    return [one.body for one in phone.inside.messages if one.receiver == to]


def test_messages_go_out_in_order_and_their_words_are_erased(account: Settings, phone: StandIn) -> None:
    owe("one", "two")
    owe("three")
    owe("for Walter", to=WALTER)
    rounds(account, now())
    assert came(phone) == ["one", "two", "three"]
    assert came(phone, WALTER) == ["for Walter"]
    assert owed() == []
    assert states("texts_out") == ["sent"] * 4


def test_nothing_goes_out_twice(account: Settings, phone: StandIn) -> None:
    owe("one")
    rounds(account, now(), now() + LATER)
    assert came(phone) == ["one"]


@pytest.mark.parametrize("failure", ["error", "too_many", "down"])
def test_what_was_not_taken_goes_out_later_and_still_in_order(
    failure: str, account: Settings, phone: StandIn
) -> None:
    owe("one", "two")
    phone.inside.behave({"failure": failure, "failures": 2})
    rounds(account, now())
    assert came(phone) == [], "the second waits for the first"
    phone.inside.behave({"failure": ""})
    rounds(account, now() + LATER)
    assert came(phone) == ["one", "two"]


def test_what_was_taken_without_a_word_is_not_sent_again(account: Settings, phone: StandIn) -> None:
    owe("one", "two")
    phone.inside.behave({"failure": "lost_answer", "failures": 1})
    rounds(account, now())
    assert came(phone) == ["one"]
    rounds(account, now() + LATER)
    assert came(phone) == ["one", "two"]
    assert states("texts_out") == ["sent", "sent"]


def test_the_same_words_twice_are_two_messages(account: Settings, phone: StandIn) -> None:
    """Twilio has the first, and only the second was lost on the line."""
    owe("the same")
    rounds(account, now())
    owe("the same")
    phone.inside.behave({"failure": "error", "failures": 1})
    rounds(account, now(), now() + LATER)
    assert came(phone) == ["the same", "the same"]


def test_a_process_that_died_while_sending_left_a_message_that_is_looked_for(
    account: Settings, phone: StandIn
) -> None:
    owe("one")
    texts_out.claim(now(), 1)  # and then it died, before or after Twilio had it
    rounds(account, now())
    assert came(phone) == [], "the claim holds"
    phone.inside.take(ROSA, "one")
    rounds(account, now() + LATER)
    assert came(phone) == ["one"]


def test_nobody_at_the_other_end(current: Settings) -> None:
    owe("one")
    rounds(current.model_copy(update={"twilio_api_url": "http://127.0.0.1:9"}), now())
    assert owed() == ["one"]
    assert states("texts_out") == ["owed"]


def test_a_wrong_token_keeps_the_messages_until_it_was_mended(account: Settings, phone: StandIn) -> None:
    owe("one")
    wrong = account.model_copy(update={"twilio_account_sid": "AC" + "0" * 32})
    rounds(wrong, now())
    assert owed() == ["one"]
    rounds(account, now() + LATER)
    assert came(phone) == ["one"]


def test_what_can_never_be_sent_holds_up_nothing(account: Settings, phone: StandIn) -> None:
    owe("one", "two")
    phone.inside.behave({"failure": "never", "failures": 1})
    rounds(account, now())
    assert came(phone) == ["two"]
    assert states("texts_out") == ["failed", "sent"]


def test_answers_go_out_at_night_and_reminders_wait_for_the_morning(account: Settings, phone: StandIn) -> None:
    midnight = NOON + timedelta(hours=12)
    with time_machine.travel(midnight, tick=False):
        owe("a reminder", kind="reminder")
        owe("an answer")
        rounds(account, midnight)
        assert came(phone) == ["an answer"]
        rounds(account, midnight + timedelta(hours=8))
    assert came(phone) == ["an answer", "a reminder"]


def test_what_could_not_be_sent_for_days_is_given_up(account: Settings, phone: StandIn) -> None:
    with time_machine.travel(NOON, tick=False):
        owe("one")
    with time_machine.travel(NOON + timedelta(days=4), tick=False):
        rounds(account, now())
    assert (came(phone), states("texts_out"), owed()) == ([], ["failed"], [])


def test_who_said_stop_to_twilio_itself_has_said_it_to_us(
    account: Settings, phone: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe("one", "two")
    phone.inside.behave({"failure": "stopped", "failures": 1})
    rounds(account, now())
    assert came(phone) == []
    assert texters.known(texters.texter_id(ROSA)).is_stopped


def test_each_message_is_handed_over_with_where_to_tell_its_status(account: Settings, phone: StandIn) -> None:
    seen: dict[str, Any] = {}
    take: Callable[..., Any] = phone.inside.take

    def noting(receiver: str, body: str, **more: Any) -> Any:
        seen.update(more)
        return take(receiver, body, **more)

    phone.inside.take = noting  # type: ignore[method-assign]
    owe("one")
    rounds(account, now())
    assert seen == {"status_to": f"{PUBLIC}/webhooks/sms/status"}


Round = Callable[[datetime], Awaitable[int]]


def test_two_senders_at_once_send_each_message_once(account: Settings, phone: StandIn) -> None:
    for at in range(20):
        owe(f"message {at}", to=f"+1415555{at:04d}")

    async def go() -> None:
        async with MessagesApi(account) as api, MessagesApi(account) as other:
            senders: list[Round] = [Sender(account, one).round for one in (api, other)]
            for _ in range(6):
                await asyncio.gather(*(one(now()) for one in senders))

    asyncio.run(go())
    assert sorted(one.body for one in phone.inside.messages) == sorted(f"message {at}" for at in range(20))


def test_an_older_message_with_the_same_words_is_not_taken_for_this_one(account: Settings, phone: StandIn) -> None:
    with time_machine.travel(now() - timedelta(hours=2)):
        phone.inside.take(ROSA, "the same")
    phone.inside.messages[0].made = now() - timedelta(hours=2)
    owe("the same")
    phone.inside.behave({"failure": "error", "failures": 1})
    rounds(account, now(), now() + LATER)
    assert came(phone) == ["the same", "the same"]


def test_twilio_is_given_the_time_that_it_asks_for(account: Settings, phone: StandIn) -> None:
    """It asks for one second where we would take two."""
    owe("one")
    phone.inside.behave({"failure": "too_many", "failures": 1})
    begun = now()
    rounds(account, begun)
    rounds(account, now() + timedelta(seconds=1.5))
    assert came(phone) == ["one"]
