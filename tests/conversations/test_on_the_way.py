"""What people do on the way: interrupt, ask why, want more, want a call, want all erased. With the real assistant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from cli.talking import Assistant, Conversation
from records import consultations, inbox
from records.engine import new_engine
from records.inbox import Wanted
from tests.conversations.test_whole_conversations import ANSWERS, BACK_MRI, answer_all, said

Open = Callable[[], Conversation]
MRI_AND_PLAN = f"{BACK_MRI} I buy it through Covered California."
QUESTIONS = {
    "by when do I have to file?": "Your dates:",
    "can I even use the review for this?": "grievance",
    "how do I file the thing?": "www.HealthHelp.ca.gov",
    "what papers do I need to gather?": "Gather these:",
    "what should my doctor write in the letter?": "doctor's letter",
    "how long does each step take?": "within 30 calendar days",
    "how often do people win?": "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient.",
    "what happens after I win?": "5 working days",
    "what does it cost to file?": "costs you nothing",
    "who regulates my plan?": "DMHC",
    "are you a lawyer?": "no advice",
}


@pytest.fixture
def database(assistant: Assistant) -> str:
    """The address of the running assistant's own database."""
    return assistant.database_url


def all_of_the_database(url: str) -> str:
    """Everything that is kept, as text."""
    with new_engine(url).connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    return "\n".join(str(tuple(row)) for row in rows)  # the rows themselves are shown cut short


@pytest.mark.parametrize(("question", "words"), QUESTIONS.items(), ids=QUESTIONS)
def test_every_question_is_answered_in_the_middle_and_the_open_one_comes_again(
    someone: Open, question: str, words: str
) -> None:
    talk = someone()
    talk.say(MRI_AND_PLAN)
    open_question, asked_as = talk.asks, said(talk).split(". ")[-1]
    talk.say(question)
    assert words in talk.messages[0]["text"]
    assert talk.asks == open_question
    assert talk.messages[-1]["text"] != asked_as


@pytest.mark.parametrize(("question", "words"), QUESTIONS.items(), ids=QUESTIONS)
def test_every_question_is_answered_after_the_answer_too(someone: Open, question: str, words: str) -> None:
    talk = someone()
    talk.say(BACK_MRI)
    answer_all(talk, ANSWERS)
    talk.say(question)
    assert words in said(talk)
    assert talk.asks is None


def test_a_question_with_facts_in_it_opens_the_case(someone: Open) -> None:
    talk = someone()
    talk.say("my Kaiser letter is dated October 5 2026, by when must I file?")
    assert talk.asks == "immediate_danger"


def test_why_where_and_more_are_understood(someone: Open) -> None:
    talk = someone()
    talk.say(BACK_MRI)
    talk.say("why do you ask?")
    assert "Danger comes first" in said(talk)
    talk.say("no, it can wait")
    talk.say("where do I find that?")
    assert "front of your member card" in said(talk)
    answer_all(talk, ANSWERS)
    talk.say("tell me more")
    assert said(talk).startswith("Then:")


def test_skip_is_an_answer(someone: Open) -> None:
    talk = someone()
    talk.say("my plan said no")
    asked = talk.asks
    talk.say("skip")
    assert talk.asks not in (None, asked)


def test_stop_is_kept_until_something_new_is_told(someone: Open) -> None:
    talk = someone()
    talk.say(BACK_MRI)
    talk.say("stop asking me questions")
    assert talk.asks is None
    talk.say("what does it cost to file?")
    assert talk.asks is None
    talk.say("the letter also says it is experimental")
    assert talk.asks


def test_a_request_for_a_call_is_stored_sealed_and_its_words_are_kept_nowhere_else(
    someone: Open, database: str
) -> None:
    talk = someone()
    talk.say("I want a lawyer to call me back")
    for answer in ("Zebulon Quist", "zq@example.org", "any time"):
        talk.say(answer)
    assert talk.asks == "contact_consent"
    talk.say("yes please")
    assert "Your request has number" in said(talk)
    kept = all_of_the_database(database)
    assert "Zebulon" not in kept
    assert "zq@example" not in kept
    assert len(consultations.owed(consultations.now(), 10, url=database)) >= 1


def requests_in(url: str) -> int:
    """How many requests for a call are kept, agreed to or not."""
    with new_engine(url).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM consultations")).scalar_one())


def test_a_request_that_is_not_agreed_to_leaves_nothing(someone: Open, database: str) -> None:
    before = requests_in(database)
    talk = someone()
    talk.say("can I get an appointment with an attorney")
    for answer in ("Ottoline Bram", "(415) 555-0177", "mornings"):
        talk.say(answer)
    talk.say("no")
    assert "kept" in said(talk)
    assert requests_in(database) == before
    assert "555-0177" not in all_of_the_database(database)


def test_erase_my_data_erases_the_words_and_gives_a_receipt(someone: Open, database: str) -> None:
    talk = someone()
    talk.say("Kaiser denied my xylophonic implant on October 5")
    assert "xylophonic" in all_of_the_database(database)
    talk.say("delete my data")
    assert "November 23, 2026" in said(talk)
    assert "xylophonic" not in all_of_the_database(database)
    talk.say("Molina denied my wheelchair")
    assert "Kaiser" not in said(talk)


def test_no_message_is_said_twice_in_a_row_however_often_something_is_asked(someone: Open) -> None:
    talk = someone()
    before = said(talk)
    for words in ("hello", "hello", "thanks", "thanks", "what is this", "what is this", "you idiot", "you idiot"):
        talk.say(words)
        assert said(talk) != before, words
        before = said(talk)


def test_nothing_that_is_said_is_longer_than_the_channel_takes(someone: Open) -> None:
    talk = someone()
    talk.say(BACK_MRI)
    answer_all(talk, ANSWERS)
    for question in (*QUESTIONS, "tell me more", "tell me more"):
        assert all(len(message["text"]) <= 900 for message in talk.say(question)), question


def test_papers_are_links_of_this_conversation_that_open(someone: Open, assistant: Assistant, tmp_path: Path) -> None:
    import httpx

    talk = someone()
    talk.say(BACK_MRI)
    answer_all(talk, ANSWERS)
    papers = talk.messages[-1]["papers"]
    assert papers
    for paper in papers:
        answer = httpx.get(assistant.url + paper["url"])
        assert answer.status_code == httpx.codes.OK, paper
        assert answer.content
    forged = papers[0]["url"].replace("/papers/", "/papers/x")
    assert httpx.get(assistant.url + forged).status_code == httpx.codes.NOT_FOUND


def test_who_erased_all_and_tells_a_new_story_is_kept_from_then_on(someone: Open, database: str) -> None:
    talk = someone()
    talk.say("Kaiser refused my rhodium brace")
    talk.say("delete my data")
    for words in ("Anthem refused my palladium crown in a letter of Nov 2", "it can wait"):
        talk.say(words)
    [line] = inbox.page(Wanted(words="palladium"), 9, url=database).lines
    assert line.messages == 2
    assert inbox.page(Wanted(words="rhodium"), 9, url=database).lines == []
