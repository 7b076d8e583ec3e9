"""Text messages in the database: claimed by one process at a time, answered and sent once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from records import reminders, texters, texts_in, texts_out
from records.engine import transaction
from records.models import now
from records.texters import Envelope, Known
from records.texts_in import Came
from tests.records.conftest import use_key

pytestmark = pytest.mark.usefixtures("key")
ROSA, WALTER = "+14155550134", "+15305550171"
LATER = timedelta(minutes=10)


def take_in(url: str, words: str, phone: str = ROSA, number: str = "") -> bool:
    return texts_in.take_in(Came.of(number or words, phone), Envelope(phone, words), url=url)


def claim(url: str, owner: str = "me", moment: datetime | None = None) -> list[str]:
    return [one.envelope.words for one in texts_in.claim(owner, moment or now(), 10, url=url)]


def test_a_phone_number_is_known_by_what_tells_nothing_of_it() -> None:
    assert texters.texter_id(ROSA) == texters.texter_id(ROSA)
    assert texters.texter_id(ROSA) != texters.texter_id(WALTER)
    assert "0134" not in texters.texter_id(ROSA)
    assert len(texters.texter_id(ROSA)) == len("sms-") + 32


def test_a_letter_is_sealed_and_opened() -> None:
    envelope = Envelope(ROSA, "Kaiser said no. ¡Ay! 😀", 2)
    assert "Kaiser" not in envelope.sealed()
    assert Envelope.opened(envelope.sealed()) == envelope


def test_of_each_phone_the_oldest_message_is_claimed(url: str) -> None:
    for words, phone in (("one", ROSA), ("two", ROSA), ("w one", WALTER), ("w two", WALTER)):
        take_in(url, words, phone)
    assert claim(url) == ["one", "w one"]
    assert claim(url) == [], "until they are done"


def test_a_message_is_claimed_by_one_process(url: str) -> None:
    for at in range(10):
        take_in(url, f"{at}", f"+1415555{at:04d}")
    with ThreadPoolExecutor(6) as pool:
        found = [one for some in pool.map(lambda at: claim(url, f"process {at}"), range(6)) for one in some]
    assert sorted(found) == [f"{at}" for at in range(10)]


def test_what_a_process_claimed_and_left_is_claimed_by_another_when_its_time_is_over(url: str) -> None:
    take_in(url, "one")
    [left] = texts_in.claim("the dead", now(), 1, url=url)
    assert claim(url, "another") == []
    assert claim(url, "another", now() + LATER) == ["one"]
    with pytest.raises(texts_in.LostClaimError):
        texts_in.finish(left, ["late"], url=url)
    assert texts_out.waiting(url=url) == 0


def test_a_process_that_starts_anew_takes_up_what_it_left(url: str) -> None:
    take_in(url, "one")
    claim(url, "127.0.0.1:5005")
    assert texts_in.release("127.0.0.1:5005", url=url) == 1
    assert claim(url, "127.0.0.1:5005") == ["one"]


def test_a_failed_try_is_followed_by_another_after_a_pause_that_doubles(url: str) -> None:
    take_in(url, "one")
    moment = now()
    waits = []
    for _ in range(9):
        [one] = texts_in.claim("me", moment, 1, url=url)
        texts_in.failed(one, moment, url=url)
        wait = timedelta(0)
        while not texts_in.claim("probe", moment + wait, 1, url=url):
            wait += timedelta(seconds=1)
        texts_in.release("probe", url=url)
        waits.append(wait.seconds)
        moment = now() + timedelta(hours=len(waits))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_answer_is_owed_in_the_moment_in_which_the_message_is_done(url: str) -> None:
    take_in(url, "hello")
    [one] = texts_in.claim("me", now(), 1, url=url)
    texts_in.finish(one, ["first", "second"], rest="third", greeted=True, url=url)
    assert texters.known(one.texter_id, url=url) == Known(True, False, "third")
    sent = []
    for _ in range(2):
        [owed] = texts_out.claim(now(), 10, url=url)
        sent.append(owed.envelope)
        texts_out.sent(owed, f"SM{len(sent)}", url=url)
    assert sent == [Envelope(ROSA, "first"), Envelope(ROSA, "second")]


def test_a_message_that_failed_does_not_hold_up_another_phone(url: str) -> None:
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["one", "two"], "answer", url=url)
    texts_out.owe(texters.texter_id(WALTER), WALTER, ["w"], "answer", url=url)
    first, other = texts_out.claim(now(), 10, url=url)
    texts_out.refused(first, now(), url=url)
    texts_out.sent(other, "SM1", url=url)
    assert texts_out.claim(now(), 10, url=url) == []
    assert [one.envelope.words for one in texts_out.claim(now() + LATER, 10, url=url)] == ["one"]


def test_a_message_that_was_refused_is_surely_not_there_and_one_without_a_word_may_be(url: str) -> None:
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["one"], "answer", url=url)
    moment = now()
    [one] = texts_out.claim(moment, 1, url=url)
    assert one.first_tried_at is None
    texts_out.refused(one, moment, url=url)
    [one] = texts_out.claim(moment + LATER, 1, url=url)
    assert one.first_tried_at is None
    texts_out.unsure(one, moment + LATER, url=url)
    [again] = texts_out.claim(moment + 3 * LATER, 1, url=url)
    assert again.first_tried_at == moment + LATER
    texts_out.unsure(again, moment + 3 * LATER, url=url)
    [third] = texts_out.claim(moment + 6 * LATER, 1, url=url)
    assert third.first_tried_at == moment + LATER, "since it was first handed over without a word"


def test_the_pause_doubles_up_to_five_minutes() -> None:
    owed = texts_out.Owed(1, "sms-1", "answer", Envelope(ROSA, "x"), 0, now(), None)
    pauses = [texts_out.pause(owed._replace(tries=tries)).seconds for tries in (0, 1, 2, 7, 8, 100)]
    assert pauses == [2, 4, 8, 256, 300, 300]


def test_what_another_key_sealed_is_done_with_and_holds_up_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(url, "old")
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["old answer"], "answer", url=url)
    use_key(monkeypatch, "n" * 32)
    take_in(url, "new")
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["new answer"], "answer", url=url)
    assert [one.envelope.words for _ in range(2) for one in texts_in.claim("me", now(), 10, url=url)] == ["new"]
    assert [one.envelope.words for _ in range(2) for one in texts_out.claim(now(), 10, url=url)] == ["new answer"]


def test_what_waits_behind_more_stays_when_an_answer_leaves_it(url: str) -> None:
    for at, rest in enumerate(("what waits", None)):
        take_in(url, f"{at}")
        [one] = texts_in.claim("me", now(), 1, url=url)
        texts_in.finish(one, [], rest=rest, url=url)
    assert texters.known(one.texter_id, url=url) == Known(False, False, "what waits")


def test_the_phone_of_who_texts_comes_to_their_reminders_with_the_answer(url: str) -> None:
    reminders.begin_by_text(texters.texter_id(ROSA), date(2026, 11, 23), url=url)
    take_in(url, "remind me")
    [one] = texts_in.claim("me", now(), 1, url=url)
    texts_in.finish(one, ["on"], url=url)
    assert [wanted.phone for wanted in reminders.wanted(url=url)] == [ROSA]


def test_whether_somebody_has_written_again_is_known(url: str) -> None:
    take_in(url, "one")
    [one] = texts_in.claim("me", now(), 1, url=url)
    assert not texts_in.is_followed(one, url=url)
    take_in(url, "two", WALTER)
    assert not texts_in.is_followed(one, url=url)
    take_in(url, "three")
    assert texts_in.is_followed(one, url=url)


def test_what_is_given_up_is_erased(url: str) -> None:
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["one"], "answer", url=url)
    [one] = texts_out.claim(now(), 1, url=url)
    texts_out.given_up(one, 30006, url=url)
    with transaction(url) as session:
        assert session.execute(sa.text("select state, sealed, error from texts_out")).all() == [
            ("failed", None, 30006)
        ]


def test_what_was_made_in_the_moment_of_a_stop_is_not_sent(url: str) -> None:
    with transaction(url) as session:
        texters.stop(session, texters.texter_id(ROSA), now())
    for kind in ("reminder", "answer", "code", "danger", "notice"):
        texts_out.owe(texters.texter_id(ROSA), ROSA, [kind], kind, url=url)
    found = [one.envelope.words for _ in range(5) for one in texts_out.claim(now(), 10, url=url)]
    assert found == ["notice"], "that is the word that the STOP was honoured"


def test_a_status_that_comes_late_takes_nothing_back(url: str) -> None:
    texts_out.owe(texters.texter_id(ROSA), ROSA, ["one"], "answer", url=url)
    [one] = texts_out.claim(now(), 1, url=url)
    texts_out.sent(one, "SM1", url=url)
    told = [texts_out.note_status("SM1", status, None, url=url) for status in ("queued", "delivered", "sent")]
    assert told == [True, True, False]


def test_reminders_wished_for_in_the_moment_of_a_stop_stay_off(url: str) -> None:
    texter = texters.texter_id(ROSA)
    with transaction(url) as session:
        texters.stop(session, texter, now())
    reminders.begin_by_text(texter, date(2026, 11, 23), url=url)
    with transaction(url) as session:
        texters.begin(session, texter)
        reminders.give_phone(session, texter, ROSA)
    assert reminders.wanted(url=url) == []
