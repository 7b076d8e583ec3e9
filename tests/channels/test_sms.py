"""Texting with an assistant: over HTTP, with a stand-in for Twilio that signs as Twilio does."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest

from sandbox.signing import signature
from tests.channels.phone import Phone
from tests.channels.tiny_bot import Assistant
from tests.databases import asked, changed
from tests.texting.people import PUBLIC, TOKEN, form
from texting.webhook import MESSAGES, STATUS
from texting.wording import said

SEAL = "import sys; from records.texters import Envelope; print(Envelope(*sys.argv[1:]).sealed())"
ANSWER = "You said: 'hello'"


@pytest.fixture
def phone(assistant: Assistant) -> Phone:
    """A phone that nobody has texted from."""
    return Phone(assistant)


@pytest.fixture
def known(phone: Phone) -> Phone:
    """A phone whose owner was greeted."""
    phone.text("hello")
    phone.wait_for(2)
    return phone


def rows(assistant: Assistant, query: str) -> list[tuple[object, ...]]:
    return asked(assistant.database, query)


def turns(assistant: Assistant, words: str) -> int:
    """How many turns of the assistant were about these words."""
    query = f"select count(*) from events where type_name = 'user' and data like '%{words}%'"
    return int(str(rows(assistant, query)[0][0]))


def test_the_first_message_is_answered_after_who_writes_was_said(phone: Phone) -> None:
    assert phone.text("hello") == [200]
    assert phone.wait_for(2) == [said("door", "welcome"), ANSWER]


def test_who_was_greeted_is_not_greeted_again(known: Phone) -> None:
    assert known.ask("again") == "You said: 'again'"
    assert len(known.came) == 3


def test_a_message_is_acknowledged_without_an_answer_in_it(assistant: Assistant, phone: Phone) -> None:
    fields = form("hello", phone.number)
    signed = {"X-Twilio-Signature": signature(TOKEN, PUBLIC + MESSAGES, fields)}
    answer = httpx.post(assistant.web + MESSAGES, data=fields, headers=signed)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert "<Response/>" in answer.text
    phone.wait_for(2)


@pytest.mark.parametrize("path", [MESSAGES, STATUS])
@pytest.mark.parametrize("where", ["web", "rasa"])
def test_what_is_not_signed_is_refused_and_leaves_nothing(assistant: Assistant, path: str, where: str) -> None:
    before = rows(assistant, "select count(*) from texts_in")
    for headers in ({}, {"X-Twilio-Signature": "nonsense"}, {"Authorization": "Bearer x"}):
        answer = httpx.post(getattr(assistant, where) + path, data=form("let me in"), headers=headers)
        assert (answer.status_code, answer.content) == (403, b"")
    assert rows(assistant, "select count(*) from texts_in") == before


@pytest.mark.parametrize(
    "body", [b"", b"x" * 200_000, urlencode({"Body": "y" * 100_000}).encode(), b"\xff\xfe", b"{}"]
)
def test_the_signature_comes_before_every_other_limit(assistant: Assistant, body: bytes) -> None:
    assert httpx.post(assistant.web + MESSAGES, content=body).status_code == 403


def test_a_message_delivered_many_times_at_once_is_one_turn_and_one_answer(
    assistant: Assistant, known: Phone
) -> None:
    assistant.phone.inside.behave({"copies": 60})
    try:
        assert set(known.text("only once please", number="SMonce")) == {200}
    finally:
        assistant.phone.inside.behave({"copies": 1})
    known.wait_for(3)
    assert known.stays_silent()
    assert known.came[2:] == ["You said: 'only once please'"]
    assert turns(assistant, "only once please") == 1


def test_messages_of_one_phone_are_answered_one_after_the_other(known: Phone) -> None:
    for words in ("one", "slow", "two", "three"):
        known.text(words)
    assert known.wait_for(6)[2:] == ["You said: 'one'", "one after the other", "You said: 'two'", "You said: 'three'"]


def test_a_choice_is_made_by_number_or_word_and_free_words_go_on(known: Phone) -> None:
    question = known.ask("what is the status")
    assert question.endswith("1 Not yet\n2 I'm not sure")
    assert "grievance_status=not_filed" in known.ask("1")
    known.ask("what is the status")
    assert "grievance_status=null" in known.ask("i'm not sure")
    known.ask("what is the status")
    assert known.ask("it is complicated") == "You said: 'it is complicated'"
    assert known.ask("1") == "You said: '1'", "nothing is offered any more"


@pytest.mark.parametrize(("words", "pictures", "key"), [("", 1, "picture"), (" ", 3, "picture")])
def test_a_picture_alone_is_answered_kindly(words: str, pictures: int, key: str, known: Phone) -> None:
    known.text(words, pictures=pictures)
    assert known.wait_for(3)[2] == said("door", key)


def test_a_picture_with_words_has_its_words_read(known: Phone) -> None:
    known.text("see this", pictures=1)
    assert known.wait_for(3)[2] == "You said: 'see this'\n\n" + said("door", "picture_too")


def test_an_empty_message_is_answered_kindly(known: Phone) -> None:
    known.text("")
    assert known.wait_for(3)[2].startswith("I did not see any words")


def test_signs_that_other_channels_break_arrive_whole(known: Phone) -> None:
    assert known.ask("¡Hola! ¿Qué pasó? @ 😀") == "You said: '¡Hola! ¿Qué pasó? @ 😀'"


def test_what_looks_like_a_command_is_a_text(known: Phone) -> None:
    assert "/restart" in known.ask("/restart")


def test_identifiers_are_taken_out_before_rasa(assistant: Assistant, known: Phone) -> None:
    assert "[Social Security number]" in known.ask("my ssn is 123-45-6789")
    assert "123-45-6789" not in str(rows(assistant, "select data from events"))


def test_help_and_stop_are_answered_by_the_door_itself(known: Phone) -> None:
    assert known.ask("HELP") == said("door", "help")
    assert known.ask("stop texting me please") == said("door", "stop")
    known.text("hello?")
    assert known.stays_silent()
    assert known.ask("START") == said("door", "start")
    assert known.ask("hello") == ANSWER


def test_a_turn_that_fails_in_danger_gets_help_at_once(known: Phone) -> None:
    known.text("explode, I want to kill myself")
    assert known.wait_for(4)[2:] == [said("door", "failed_in_danger"), said("door", "failed")]


def test_a_phone_number_is_nowhere_in_clear(assistant: Assistant, known: Phone) -> None:
    number = known.number[2:].encode()
    files = [path for path in assistant.folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if number in path.read_bytes()]


def test_a_message_that_comes_while_rasa_is_away_is_answered_when_it_is_back(
    assistant: Assistant, known: Phone
) -> None:
    assistant.stop("rasa")
    try:
        assert known.text("are you there") == [200]
        refused = httpx.post(assistant.web + MESSAGES, data=form("let me in"))
        assert refused.status_code == 403
    finally:
        assistant.start("rasa")
        assistant.wait_until_well()
    assert known.wait_for(3)[2] == "You said: 'are you there'"


def test_a_turn_in_which_rasa_dies_is_answered_once_after_all(assistant: Assistant, known: Phone) -> None:
    known.text("slow")
    assistant.kill("rasa")
    known.text("and this")
    assistant.start("rasa")
    assistant.wait_until_well()
    assert known.wait_for(4)[3] == "You said: 'and this'"
    assert known.stays_silent()
    assert len(known.came) == 4


def test_an_answer_in_whose_sending_the_web_app_dies_comes_once(assistant: Assistant, known: Phone) -> None:
    assistant.phone.inside.behave({"slow": 1.0})
    try:
        known.text("hello")
        known.wait_until(lambda _: bool(rows(assistant, "select 1 from texts_out where state = 'trying'")))
        assistant.kill("web")
    finally:
        assistant.phone.inside.behave({"slow": 0.0})
        assistant.start("web")
        assistant.wait_until_well()
    assert known.wait_for(3)[2] == ANSWER
    known.wait_until(lambda _: not rows(assistant, "select 1 from texts_out where state in ('owed', 'trying')"))
    assert known.came[2:] == [ANSWER]


def test_answers_wait_while_twilio_is_down_and_then_come_in_order(assistant: Assistant, known: Phone) -> None:
    assistant.phone.inside.behave({"failure": "down", "failures": -1})
    try:
        for words in ("one", "two", "three"):
            known.text(words)
        known.wait_until(lambda _: not rows(assistant, "select 1 from texts_in where state = 'waiting'"))
    finally:
        assistant.phone.inside.behave({"failure": "", "failures": 0})
    assert known.wait_for(5)[2:] == ["You said: 'one'", "You said: 'two'", "You said: 'three'"]


def test_a_number_that_came_before_its_question_does_not_answer_it(known: Phone) -> None:
    """As when a number is sent twice, or an impatient person sends it before the question is there."""
    for words in ("slow", "what is the status", "1"):
        known.text(words)
    known.wait_until(lambda came: came[-1].startswith("Did you file"))
    assert known.stays_silent()
    assert [one[:12] for one in known.came[2:]] == ["one after the"[:12], "Did you file"]
    assert "grievance_status=not_filed" in known.ask("1")


def test_who_writes_in_several_messages_is_asked_once(known: Phone) -> None:
    for words in ("slow", "what is the status", "what is the status", "what is the status"):
        known.text(words)
    known.wait_until(lambda came: came[-1].startswith("Did you file"))
    assert known.stays_silent()
    assert len([one for one in known.came if one.startswith("Did you file")]) == 1


def test_in_danger_the_answer_comes_before_who_writes_is_told(phone: Phone) -> None:
    phone.text("I want to kill myself")
    assert phone.wait_for(2) == ["You said: 'I want to kill myself'", said("door", "welcome")]


def test_in_danger_no_word_is_a_choice(known: Phone) -> None:
    known.ask("what is the status")
    told = known.ask("not yet, I want to kill myself")
    assert told.startswith("You said: ")


def test_the_phone_in_their_hand_may_be_named_and_is_kept_nowhere_in_clear(
    assistant: Assistant, known: Phone
) -> None:
    known.ask("call me")
    told = known.ask("this number")
    assert known.number[-4:] in told
    assert "this number" not in told
    assert known.number[2:] not in str(rows(assistant, "select data from events"))


def test_a_turn_that_was_kept_is_not_taken_again(assistant: Assistant, known: Phone) -> None:
    """As when the process died between keeping the turn and owing the answer."""
    before = turns(assistant, "once and only once")
    known.ask("once and only once")
    [(mark,)] = asked(assistant.database, "select max(id) from texts_in")
    sealed = assistant.run("-c", SEAL, known.number, "once and only once").stdout.strip()
    again = "update texts_in set state = 'waiting', sealed = :sealed, due_at = came_at where id = :mark"
    changed(assistant.database, again, sealed=sealed, mark=mark)
    known.wait_for(4)
    assert known.came[2:] == ["You said: 'once and only once'"] * 2
    assert turns(assistant, "once and only once") == before + 1
