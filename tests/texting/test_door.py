"""At the door: a message is taken in once, STOP is honoured before anything else, and danger is never turned away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from records import reminders, texters, texts_in, texts_out
from records.engine import transaction
from records.models import now
from settings import Settings, california_today
from tests.databases import sqlite_only
from tests.texting.people import NOON, ROSA, WALTER, form, owed, posted, states
from texting.door import Door, UnsignedError
from texting.webhook import STATUS
from texting.wording import said

IN_DANGER = "I want to kill myself"


class Post:
    """Somebody's messages, posted to the door one after the other."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def __call__(self, words: str, phone: str = ROSA, number: str = "", **more: str) -> None:
        asyncio.run(self._door.take_message(*posted(form(words, phone, number, **more))))


@pytest.fixture
def post(current: Settings) -> Post:
    return Post(Door(current))


def waiting(phone: str = ROSA) -> list[str]:
    """The words that wait to be answered, claimed one after the other."""
    found = []
    while claimed := [one for one in texts_in.claim("me", now(), 10) if one.envelope.phone == phone]:
        found += [one.envelope.words for one in claimed]
        for one in claimed:
            texts_in.finish(one, [])
    return found


def test_a_message_waits_to_be_answered(post: Post) -> None:
    post("Kaiser said no")
    assert (states(), owed(), waiting()) == (["waiting"], [], ["Kaiser said no"])


def test_what_is_not_signed_leaves_no_trace(current: Settings) -> None:
    with pytest.raises(UnsignedError):
        asyncio.run(Door(current).take_message(posted(form("hello"))[0], {}))
    assert states() == []


def test_the_same_message_is_taken_in_once(post: Post) -> None:
    for _ in range(3):
        post("Kaiser said no", number="SM1")
    assert states() == ["waiting"]


@pytest.mark.parametrize(("words", "key"), [("STOP", "stop"), ("HELP", "help"), ("START", "start")])
def test_a_keyword_that_is_delivered_again_is_answered_once(words: str, key: str, post: Post) -> None:
    for _ in range(3):
        post(words, number="SM1")
    assert owed() == [said("door", key)]


def test_the_same_message_at_once_from_many_threads_is_taken_in_once(current: Settings) -> None:
    def take(_: int) -> None:
        Post(Door(current))("hello", number="SM1")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(40)))
    assert states() == ["waiting"]


def test_messages_of_one_phone_are_answered_in_their_order(post: Post) -> None:
    for words in ("one", "two", "three"):
        post(words)
    assert waiting() == ["one", "two", "three"]


def test_a_stop_ends_everything_that_is_owed(post: Post, current: Settings) -> None:
    post("Kaiser said no")
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["an answer"], "answer")
    reminders.begin_by_text(texters.texter_id(ROSA), california_today(current))
    post("please stop texting me")
    assert owed() == [said("door", "stop")]
    assert states() == ["done", "done"]
    assert not reminders.are_on_for(texters.texter_id(ROSA))


def test_a_stop_holds_for_ever_until_start(post: Post) -> None:
    for words in ("STOP", "hello", "HELP", "what now?", IN_DANGER, "STOP"):
        post(words)
    assert owed() == [said("door", "stop")], "said once, and nothing after it"
    assert waiting() == []
    post("START")
    assert owed() == [said("door", "stop"), said("door", "start")]
    post("hello")
    assert waiting() == ["hello"]


def test_the_stop_of_one_phone_is_not_that_of_another(post: Post) -> None:
    post("STOP")
    post("hello", WALTER)
    assert waiting(WALTER) == ["hello"]


def test_an_answer_that_comes_after_the_stop_is_not_sent(post: Post) -> None:
    post("hello")
    [one] = texts_in.claim("me", now(), 1)
    post("STOP")
    with pytest.raises(texts_in.LostClaimError):
        texts_in.finish(one, ["an answer"])
    assert owed() == [said("door", "stop")]


def test_who_says_stop_in_danger_is_heard_as_in_danger(post: Post) -> None:
    post("stop the messages, I want to end my life now")
    assert owed() == []
    assert states() == ["waiting"]


def test_done_ends_the_reminders_and_is_a_word_like_any_other_without_them(post: Post, current: Settings) -> None:
    post("done")
    assert waiting() == ["done"]
    reminders.begin_by_text(texters.texter_id(ROSA), california_today(current))
    post("Done!")
    assert owed() == [said("door", "done")]
    assert not reminders.are_on_for(texters.texter_id(ROSA))


def test_who_writes_too_often_is_told_once_and_danger_is_let_in(current: Settings) -> None:
    post = Post(Door(current.model_copy(update={"rate_session": 2})))
    for words in ("one", "two", "three", "four", IN_DANGER):
        post(words)
    assert owed() == [said("door", "too_often"), said("door", "failed_in_danger")]
    assert waiting() == ["one", "two", IN_DANGER]


def test_in_danger_help_goes_out_before_all_that_waits(post: Post) -> None:
    post("Kaiser said no")
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["an answer"], "answer")
    post(IN_DANGER, number="SM1")
    post(IN_DANGER, number="SM1")
    help_at_once = said("door", "failed_in_danger")
    first, second = texts_out.claim(now(), 10)
    assert {first.envelope.words, second.envelope.words} == {"an answer", help_at_once}, (
        "the order does not hold it up"
    )
    assert owed() == ["an answer", help_at_once], "and once"


def test_in_danger_with_nothing_before_it_the_assistant_answers_alone(post: Post) -> None:
    post(IN_DANGER)
    assert owed() == []
    assert waiting() == [IN_DANGER]


def test_help_is_told_a_few_times_and_then_two_machines_come_to_rest(post: Post) -> None:
    for _ in range(20):
        post("HELP")
    assert owed() == [said("door", "help")] * 3


def test_a_day_of_messages_at_the_limit_is_too_much(current: Settings) -> None:
    post = Post(Door(current.model_copy(update={"rate_session": 1})))
    for hours in range(20):
        for minutes in (0, 20, 40):
            with time_machine.travel(NOON + timedelta(hours=hours, minutes=minutes), tick=False):
                post(f"{hours} {minutes}")
    assert states().count("waiting") == 30


def test_what_twilio_answered_itself_is_honoured_and_not_answered_again(post: Post) -> None:
    post("please no more", OptOutType="STOP")
    assert owed() == []
    assert texters.known(texters.texter_id(ROSA)).is_stopped
    post("unstop", OptOutType="START")
    assert not texters.known(texters.texter_id(ROSA)).is_stopped
    assert owed() == []


def test_a_stop_erases_all_that_was_sealed(post: Post, current: Settings) -> None:
    texter = texters.texter_id(ROSA)
    post("one")
    [one] = texts_in.claim("me", now(), 1)
    texts_in.finish(one, ["an answer"], rest="and more")
    post("two")
    reminders.begin_by_text(texter, california_today(current))
    with transaction() as session:
        reminders.give_phone(session, texter, ROSA)
    post("STOP")
    with transaction() as session:
        for table, column in (("texts_in", "sealed"), ("reminders", "sealed"), ("texters", "rest")):
            assert session.execute(sa.text(f"select count(*) from {table} where {column} is not null")).scalar() == 0
    assert owed() == [said("door", "stop")]


def test_a_keyword_in_spanish_is_answered_in_spanish(post: Post) -> None:
    post("ALTO")
    assert owed() == [said("door", "stop", language="es")]


def test_to_begin_the_case_anew_is_no_start(post: Post) -> None:
    post("start again")
    assert (owed(), waiting()) == ([], ["start again"])


def test_a_message_delivered_again_does_not_count_as_written_again(current: Settings) -> None:
    post = Post(Door(current.model_copy(update={"rate_session": 2})))
    for number in ("SM1", "SM1", "SM1", "SM2"):
        post("hello", number=number)
    assert (owed(), len(waiting())) == ([], 2)


def test_pictures_are_counted(post: Post) -> None:
    post("", NumMedia="2")
    [one] = texts_in.claim("me", now(), 1)
    assert (one.envelope.words, one.envelope.pictures) == ("", 2)


def test_a_status_is_noted(current: Settings) -> None:
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["hi"], "answer")
    [one] = texts_out.claim(now(), 1)
    texts_out.sent(one, "SM9")
    fields = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "30005"}
    asyncio.run(Door(current).take_status(*posted(fields, STATUS)))
    with transaction() as session:
        assert session.execute(sa.text("select status, error from texts_out")).all() == [("failed", 30005)]


@sqlite_only
def test_no_number_and_no_word_lies_open_in_the_database(post: Post, current: Settings) -> None:
    post("Kaiser said no to Rosa", number="SM77777777")
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["an answer for Rosa"], "answer")
    reminders.begin_by_code("web-1", ROSA, str, at=NOON)
    kept = b"".join(path.read_bytes() for path in current.var_dir.glob("imr.sqlite3*"))
    for told in (b"4155550134", b"SM77777777", b"Rosa", b"Kaiser"):
        assert told not in kept
