"""Reminders in a talk: turned on at once by who texts, with a number and a code by others; and off again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

import settings
from actions.words import phrase
from records import reminders, texters, texts_out
from records.engine import transaction
from records.models import now
from tests.actions.situations import DENIED, NO_DANGER, SENDER, Talk, stated
from tests.texting.people import ACCOUNT

pytestmark = pytest.mark.usefixtures("own_records")
REMIND = [{"entity": "wish", "value": "remind"}]
NO_MORE = [{"entity": "wish", "value": "remind_off"}]
NUMBER = "415-555-0134"
E164 = "+14155550134"


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text messages are set up."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    settings.clear_settings()


@pytest.fixture
def told() -> Talk:
    """A talk in which the answer was given."""
    talk = Talk(**DENIED)
    talk.hear("give_details", text="that is all")
    return talk


def are_on() -> bool:
    """Whether the conversation has reminders, with a phone number or without."""
    with transaction() as session:
        query = sa.text("select 1 from reminders where sender_id = :sender and state = 'on'")
        return session.execute(query, {"sender": SENDER}).first() is not None


def remind(talk: Talk, channel: str = "web") -> str:
    talk.channel = channel
    return talk.hear("add_detail", REMIND, "text me before the date")


def code() -> str:
    """The code that is in the text message."""
    [one] = texts_out.claim(now(), 5)
    texts_out.sent(one, f"SM{one.id}")
    return re.findall(r"\d{6}", one.envelope.words)[0]


def test_who_texts_has_them_at_once_and_hears_when_and_how_to_end_them(told: Talk, texts: None) -> None:
    said = remind(told, "sms")
    assert "30, 14, 7, 3 and 1 days before your next date, which is Friday, April 2, 2027" in said
    assert '"no more reminders"' in said
    assert are_on()


def test_others_tell_a_number_and_the_code_that_comes_to_it(told: Talk, texts: None) -> None:
    remind(told)
    assert told.asks == "contact_text_number"
    told.hear("nlu_fallback", text=f"my cell is {NUMBER}")
    assert told.asks == "contact_text_code"
    assert not are_on()
    said = told.hear("nlu_fallback", text=f"it says {code()}")
    assert "That is the code" in said
    assert [one.phone for one in reminders.wanted()] == [E164]


def test_a_number_is_asked_for_under_conditions_that_are_told(told: Talk, texts: None) -> None:
    said = remind(told)
    for word in ("agree", "five texts", "data rates", "STOP"):
        assert word in said


def test_a_wrong_code_is_said_to_be_wrong_and_a_few_end_it(told: Talk, texts: None) -> None:
    remind(told)
    told.hear("nlu_fallback", text=NUMBER)
    right = code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert "not the code" in told.hear("nlu_fallback", text=wrong)
    assert "six digits" in told.hear("nlu_fallback", text="what")
    for _ in range(2):
        told.hear("nlu_fallback", text=wrong)
    assert "did not work" in told.hear("nlu_fallback", text=wrong)
    assert told.asks is None
    assert not are_on()


@pytest.mark.parametrize(
    "text", ["my number", "12345", "+44 20 7946 0958", "415-555-013", "1-900-555-1234", "876-555-1234"]
)
def test_what_is_no_number_that_could_be_texted_is_asked_for_again(text: str, told: Talk, texts: None) -> None:
    remind(told)
    told.hear("nlu_fallback", text=text)
    assert told.asks == "contact_text_number"
    assert texts_out.waiting() == 0


def test_who_leaves_it_has_told_nothing(told: Talk, texts: None) -> None:
    remind(told)
    told.hear("nlu_fallback", text=NUMBER)
    assert "no reminders" in told.press("answer=no").lower()
    assert told.asks is None
    assert reminders.wanted() == []


def test_why_a_number_is_asked_for_is_answered_and_it_is_asked_for_again(told: Talk, texts: None) -> None:
    remind(told)
    assert "erased when they end" in told.hear("nlu_fallback", [{"entity": "wish", "value": "why"}], "why?")
    assert told.asks == "contact_text_number"


def test_after_too_many_codes_there_are_no_more_today(told: Talk, texts: None) -> None:
    for _ in range(reminders.MOST_CODES):
        remind(told)
        told.hear("nlu_fallback", text=NUMBER)
        told.press("answer=no")
    remind(told)
    assert "tomorrow" in told.hear("nlu_fallback", text=NUMBER)
    assert told.asks is None


def test_without_text_messages_the_calendar_file_does_it(told: Talk) -> None:
    assert "calendar file" in remind(told)
    assert told.asks is None


def test_without_a_date_there_is_nothing_to_remind_of(texts: None) -> None:
    talk = Talk(**NO_DANGER)
    assert "days by which you have to send something" in remind(talk, "sms")
    assert not are_on()


def test_an_open_question_stays_open_and_no_try_is_counted(texts: None) -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("give_details", text="hello")
    asked = talk.asks
    said = remind(talk, "sms")
    assert talk.asks == asked
    assert phrase("tries", "first") not in said


def test_whether_they_are_on_is_told_and_turns_nothing_on(told: Talk, texts: None) -> None:
    told.channel = "sms"
    status = [{"entity": "wish", "value": "remind_status"}]
    assert "off" in told.hear("add_detail", status, "are reminders on?")
    assert not are_on()
    remind(told, "sms")
    with transaction() as session:
        reminders.give_phone(session, SENDER, E164)
    assert "April 2, 2027" in told.hear("add_detail", status, "are reminders on?")


def test_reminders_that_wait_for_a_date_are_said_to_be_on(told: Talk, texts: None) -> None:
    remind(told, "sms")
    with transaction() as session:
        reminders.give_phone(session, SENDER, E164)
    told.hear("add_detail", stated(grievance_status="upheld"), "they said no again")
    said = told.hear("add_detail", [{"entity": "wish", "value": "remind_status"}], "are reminders on?")
    assert "Reminders are on" in said
    assert "no date at this moment" in said


def test_a_date_that_is_too_near_is_said_to_be(texts: None) -> None:
    talk = Talk(**{**DENIED, "denial_letter_date": "2026-05-28"})  # 180 days before the 24th of November
    talk.hear("give_details", text="that is all")
    assert "No reminder would come in time" in remind(talk, "sms")
    assert not are_on()


def test_a_code_that_did_not_come_is_sent_again(told: Talk, texts: None) -> None:
    remind(told)
    told.hear("nlu_fallback", text=NUMBER)
    first = code()
    assert "new code" in told.hear("deny", text="I didn't get it")
    assert told.asks == "contact_text_code"
    second = code()
    if first != second:
        told.hear("nlu_fallback", text=first)
        assert not are_on()
    assert "That is the code" in told.hear("nlu_fallback", text=second)


def test_a_phone_that_was_set_up_on_the_web_can_end_them_in_words(told: Talk, texts: None) -> None:
    remind(told)
    told.hear("nlu_fallback", text=NUMBER)
    told.hear("nlu_fallback", text=code())
    assert reminders.end(texters.texter_id(E164)), "what the conversation of the phone calls for"
    assert not are_on()


def test_asking_again_says_that_they_are_on(told: Talk, texts: None) -> None:
    remind(told, "sms")
    with transaction() as session:
        reminders.give_phone(session, SENDER, E164)
    assert "on already" in remind(told, "sms")


def test_a_turn_that_is_taken_again_because_the_process_died_says_the_same(told: Talk, texts: None) -> None:
    first = remind(told, "sms")
    told.memory, told._events = dict(told.memory), []
    assert remind(told, "sms") == first


def test_they_end_when_they_are_not_wanted_any_more(told: Talk, texts: None) -> None:
    remind(told, "sms")
    assert "are off" in told.hear("add_detail", NO_MORE, "no more reminders")
    assert not are_on()
    assert "no reminders" in told.hear("add_detail", NO_MORE, "no more reminders").lower()


def test_the_answer_offers_them_where_text_messages_are_set_up(texts: None) -> None:
    assert '"remind me"' in Talk(**DENIED).hear("give_details")


def test_the_answer_does_not_offer_what_there_is_not() -> None:
    assert '"remind me"' not in Talk(**DENIED).hear("give_details")


def test_erasing_everything_erases_the_reminders(told: Talk, texts: None) -> None:
    remind(told, "sms")
    texters.erase(SENDER)
    assert not are_on()
