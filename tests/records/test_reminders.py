"""Reminders in the database: a number is proved before anything goes to it, and erased when nothing is owed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from records import reminders, texters, texts_out
from records.engine import transaction
from records.reminders import CODE_LIFE, MOST_CODE_TRIES, MOST_CODES
from records.texts_out import Owed

pytestmark = pytest.mark.usefixtures("key")
ROSA = "+14155550134"
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def sent(url: str) -> list[Owed]:
    """The codes that went out, each claimed once."""
    return texts_out.claim(datetime.now(UTC), 10, url=url)


def begin(url: str, sender_id: str = "web-1", at: datetime = NOW) -> bool:
    return reminders.begin_by_code(sender_id, ROSA, str, at=at, url=url)


def code_of(url: str) -> str:
    [one] = sent(url)
    texts_out.sent(one, f"SM{one.id}", url=url)
    return one.envelope.words


def prove(url: str, code: str, at: datetime = NOW, sender_id: str = "web-1") -> str:
    return reminders.prove(sender_id, code, TODAY, at=at, url=url)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_turns_them_on(url: str) -> None:
    assert begin(url)
    assert reminders.wanted(url=url) == []
    assert prove(url, code_of(url)) == "right"
    [one] = reminders.wanted(url=url)
    assert (one.sender_id, one.texter_id, one.phone, one.since) == ("web-1", texters.texter_id(ROSA), ROSA, TODAY)


def test_a_code_is_six_digits_and_never_lies_open(url: str) -> None:
    begin(url)
    code = code_of(url)
    assert len(code) == 6
    assert code.isdigit()
    with transaction(url) as session:
        assert code not in str(session.execute("select * from reminders").all())


def test_a_code_may_be_tried_a_few_times(url: str) -> None:
    begin(url)
    code = code_of(url)
    assert [prove(url, wrong(code)) for _ in range(MOST_CODE_TRIES)] == ["wrong"] * MOST_CODE_TRIES
    assert prove(url, code) == "over"
    assert prove(url, code) == "over"


def test_a_code_is_good_for_a_while(url: str) -> None:
    begin(url)
    assert prove(url, code_of(url), NOW + CODE_LIFE + timedelta(seconds=1)) == "over"


def test_a_code_is_good_in_its_own_conversation(url: str) -> None:
    begin(url)
    code = code_of(url)
    assert prove(url, code, sender_id="web-2") == "over"
    assert prove(url, code) == "right"


def test_a_turn_that_is_taken_again_finds_its_code_right_again(url: str) -> None:
    begin(url)
    code = code_of(url)
    assert prove(url, code) == "right"
    assert prove(url, code) == "right"
    assert prove(url, wrong(code)) == "over"
    assert prove(url, code, NOW + CODE_LIFE + timedelta(seconds=1)) == "over"


def test_a_newer_code_takes_the_place_of_the_older(url: str) -> None:
    begin(url)
    first = code_of(url)
    begin(url)
    second = code_of(url)
    assert first == second or prove(url, first) == "wrong"
    assert prove(url, second) == "right"


def test_nobody_gets_more_than_a_few_codes_a_day_whoever_asks(url: str) -> None:
    real = datetime.now(UTC)
    assert [begin(url, f"web-{at}", real) for at in range(MOST_CODES + 1)] == [True] * MOST_CODES + [False]
    assert begin(url, "web-9", real + timedelta(days=1, minutes=1))


def test_codes_to_one_number_count_whatever_else_a_conversation_does(url: str) -> None:
    """Another number in between, or everything erased, frees nothing."""
    real = datetime.now(UTC)
    for _ in range(MOST_CODES):
        assert begin(url, "web-1", real)
        reminders.begin_by_code("web-1", "+15305550171", str, at=real, url=url)
        texters.erase("web-1", url=url)
    assert not begin(url, "web-1", real)


def test_a_number_that_said_stop_gets_no_code_and_nobody_is_told(url: str) -> None:
    with transaction(url) as session:
        texters.stop(session, texters.texter_id(ROSA), NOW)
    assert begin(url)
    assert sent(url) == []


def test_a_number_that_nobody_proved_is_erased(url: str) -> None:
    begin(url)
    assert reminders.drop_unproved(NOW + CODE_LIFE - timedelta(minutes=1), url=url) == 0
    assert reminders.drop_unproved(NOW + CODE_LIFE + timedelta(minutes=1), url=url) == 1
    assert prove(url, "000000") == "over"


def test_when_they_end_the_number_is_erased(url: str) -> None:
    begin(url)
    prove(url, code_of(url))
    assert reminders.end("web-1", url=url)
    assert not reminders.end("web-1", url=url)
    with transaction(url) as session:
        assert session.execute("select sealed from reminders").scalar() is None


def test_who_texts_needs_no_code_and_the_number_comes_with_the_answer(url: str) -> None:
    sender_id = texters.texter_id(ROSA)
    reminders.begin_by_text(sender_id, TODAY, url=url)
    assert reminders.are_on_for(sender_id, url=url)
    assert reminders.wanted(url=url) == [], "not before the number is there"
    with transaction(url) as session:
        reminders.give_phone(session, sender_id, ROSA)
    assert [one.phone for one in reminders.wanted(url=url)] == [ROSA]


def test_asking_again_does_not_begin_anew(url: str) -> None:
    sender_id = texters.texter_id(ROSA)
    reminders.begin_by_text(sender_id, TODAY, url=url)
    reminders.begin_by_text(sender_id, TODAY + timedelta(days=9), url=url)
    with transaction(url) as session:
        reminders.give_phone(session, sender_id, ROSA)
    assert reminders.wanted(url=url)[0].since == TODAY


def test_a_reminder_that_is_not_wanted_any_more_is_not_made(url: str) -> None:
    begin(url)
    prove(url, code_of(url))
    [one] = reminders.wanted(url=url)
    reminders.end("web-1", url=url)
    assert not reminders.send(one, TODAY, 7, "a reminder", url=url)
    assert sent(url) == []
    begin(url)
    prove(url, code_of(url))
    [again] = reminders.wanted(url=url)
    assert reminders.send(again, TODAY, 7, "a reminder", url=url), "what was not made is not noted as sent"


def test_a_day_later_nothing_is_left_of_a_number_that_nobody_proved(url: str) -> None:
    begin(url)
    reminders.drop_unproved(NOW + timedelta(days=1, minutes=1), url=url)
    with transaction(url) as session:
        assert session.execute("select count(*) from reminders").scalar() == 0


def test_requests_at_the_same_moment_get_no_more_codes_than_one_after_the_other(url: str) -> None:
    real = datetime.now(UTC)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda at: begin(url, f"web-{at}", real), range(8)))
    assert made.count(True) == MOST_CODES
