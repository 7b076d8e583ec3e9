"""The whole way over HTTP: web app, Rasa with our channel, an action server, the database.

A very small assistant stands in for the real one; everything else is what `./imr serve` runs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.turns import notice_of
from channels.wording import wording
from records.redaction import redact
from tests.channels.talk import NOT_FILED, QUESTION, Talk, error_code
from tests.channels.tiny_bot import Assistant
from tests.databases import asked


def test_a_session_opens_with_the_opening_turn(talk: Talk) -> None:
    assert talk.opened.status_code == 200
    assert set(talk.opened.json()) == {"session", "messages"}
    assert talk.opened.json()["messages"][0]["text"] == "Hello. This is a test."


def test_a_message_is_answered(talk: Talk) -> None:
    assert talk.text(text="my scan was denied") == "You said: 'my scan was denied'"


def test_a_question_keeps_text_buttons_and_what_it_asks_in_one_message(talk: Talk) -> None:
    answer = talk.send(text=QUESTION).json()
    assert answer.pop("session")
    assert answer == {
        "messages": [
            {
                "text": "Did you file a grievance?\n\nIt matters.",
                "buttons": [
                    {"title": "Not yet", "payload": NOT_FILED},
                    {"title": "I'm not sure", "payload": "grievance_status=null"},
                ],
                "asks": "grievance_status",
                "input": "choice",
                "assessment": None,
                "card": None,
                "papers": [],
                "anew": False,
            }
        ],
        "heard": None,
        "again": False,
    }


def test_an_offered_button_may_be_pressed_and_its_answer_may_ask_for_a_date(talk: Talk) -> None:
    talk.send(text=QUESTION)
    reply = talk.send(payload=NOT_FILED).json()["messages"][0]
    assert reply["text"] == f"You chose: {NOT_FILED}"
    assert (reply["asks"], reply["input"]) == ("denial_letter_date", "date")


def test_an_assessment_is_passed_on(talk: Talk) -> None:
    assert talk.send(text="assess it").json()["messages"][0]["assessment"] == {"route": "plan_grievance"}


@pytest.mark.parametrize("payload", [NOT_FILED, "/restart", "", 'x"}/restart{"'])
def test_a_button_that_was_not_offered_is_refused(payload: str, talk: Talk) -> None:
    answer = talk.send(payload=payload)
    assert (answer.status_code, error_code(answer)) == (400, "unknown_choice")


def test_a_button_offered_to_someone_else_is_refused(talk: Talk, assistant: Assistant) -> None:
    talk.send(text=QUESTION)
    assert Talk(assistant.web).send(payload=NOT_FILED).status_code == 400


@pytest.mark.parametrize("text", ["/restart", " \u200b/greet", '/give_details{"choice": "a=b"}'])
def test_a_text_that_starts_with_a_slash_is_only_text(text: str, talk: Talk) -> None:
    talk.send(text=QUESTION)
    assert talk.text(text=text).startswith("You said: '\\u2060/")
    assert talk.send(payload=NOT_FILED).status_code == 200, "the conversation was not restarted"


def test_a_text_that_is_too_long_is_answered_politely_and_not_passed_on(talk: Talk) -> None:
    assert talk.text(text="a" * 4000) == f"You said: '{'a' * 4000}'"
    assert talk.text(text="a" * 4001) == wording("replies", "too_long", length=4001, limit=4000)
    assert talk.send(text="a" * 4001).json()["heard"] == "", "nothing of it was taken in"


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u2060"])
def test_a_blank_text_is_answered_kindly(text: str, talk: Talk) -> None:
    assert talk.text(text=text) == wording("replies", "blank")


def test_odd_characters_arrive_clean(talk: Talk) -> None:
    assert talk.text(text="cafe\u0301 \u0000👩\u200d👧\ufeff") == "You said: 'café 👩\\u200d👧'"


def test_a_turn_that_says_nothing_still_gets_an_answer(talk: Talk) -> None:
    assert talk.text(text="silent") == wording("replies", "no_answer")


def test_two_messages_of_one_session_are_handled_one_after_the_other(talk: Talk) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: talk.text(text="slow"), range(3)))
    assert answers == ["one after the other"] * 3


def test_two_sessions_are_handled_at_the_same_time(assistant: Assistant) -> None:
    talks = [Talk(assistant.web) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: one.text(text="slow"), talks))
    assert "at the same time" in answers


def test_what_people_say_is_in_the_database_and_in_no_log(talk: Talk, assistant: Assistant) -> None:
    talk.send(text="my-private-words, explode not")
    talk.send(text="my-private-words")
    assert asked(assistant.database, "SELECT 1 FROM events WHERE data LIKE '%my-private-words%'")
    senders = [sender for (sender,) in asked(assistant.database, "SELECT sender_id FROM conversations")]
    logs = "".join(assistant.log(name).read_text() for name in ("rasa", "actions", "web"))
    assert "my-private-words" not in logs
    assert talk.token not in logs
    assert not any(sender in logs for sender in senders)


def test_a_name_told_for_a_consultation_is_heard_and_not_kept_with_the_conversation(
    talk: Talk, assistant: Assistant
) -> None:
    assert talk.text(text="please call me") == "What is your name?"
    assert talk.text(text="Zebedee Testperson") == "You said: 'Zebedee Testperson'"
    assert talk.text(text="and this is kept") == "You said: 'and this is kept'"
    rows = "".join(data for (data,) in asked(assistant.database, "SELECT data FROM events"))
    assert "Zebedee" not in rows
    assert "and this is kept" in rows


def test_a_number_told_unasked_is_taken_out_before_the_assistant_hears_it(talk: Talk, assistant: Assistant) -> None:
    answer = talk.send(text="my scan was denied, I am at 213-555-0147").json()
    assert answer["heard"] == "my scan was denied, I am at [phone number]"
    assert [reply["text"] for reply in answer["messages"]] == [
        notice_of(redact("213-555-0147")),
        "You said: 'my scan was denied, I am at [phone number]'",
    ]
    rows = "".join(data for (data,) in asked(assistant.database, "SELECT data FROM events"))
    assert "555-0147" not in rows
    assert "my scan was denied, I am at [phone number]" in rows


def test_a_conversation_can_be_read_back(talk: Talk) -> None:
    talk.send(text=QUESTION)
    talk.send(payload=NOT_FILED)
    opening, asked, chosen = talk.history()
    assert (opening["said"], opening["messages"][0]["text"]) == (None, "Hello. This is a test.")
    assert asked["said"]["text"] == QUESTION
    assert [button["title"] for button in asked["messages"][0]["buttons"]] == ["Not yet", "I'm not sure"]
    assert chosen["said"]["text"] == "Not yet"
