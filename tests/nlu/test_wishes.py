"""What a short message wishes of the talk itself; and what must not be taken for a wish."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlu.facts import read

TODAY = date(2026, 11, 23)
CORPUS = Path(__file__).parents[1] / "texting" / "corpus"
# Of what somebody wrote who had not seen the patterns, these are not understood: half Spanish, and too short.
NOT_UNDERSTOOD = {
    "yes text me",
    "dont let me forget the date, text me",
    "me puede recordar antes de la fecha",
    "m\u00e1ndeme un mensaje antes de la fecha l\u00edmite",
    "me puede avisar por texto antes que se venza",
}
WISHES = [
    ("why do you ask", "why"),
    ("Why do you need to know that?", "why"),
    ("why is that important", "why"),
    ("what does that matter", "why"),
    ("why?", "why"),
    ("what difference does it make", "why"),
    ("tell me more", "more"),
    ("more please", "more"),
    ("what else should I know", "more"),
    ("go on", "more"),
    ("send me the papers", "papers"),
    ("can i have the calendar file", "papers"),
    ("i want a pdf", "papers"),
    ("can you write the letter for me?", "papers"),
    ("where do I find that on my card?", "where"),
    ("where does it say that", "where"),
    ("how would I know that?", "where"),
    ("skip", "skip"),
    ("what does that mean?", "unclear"),
    ("i don't understand", "unclear"),
    ("what do you mean", "unclear"),
    *(
        (text, "privacy")
        for text in (
            "do you keep my data?",
            "can I delete my data later?",
            "do not delete my data",
            "i do not want to delete my data",
            "don't erase anything yet",
            "please keep my data",
            "is my information private?",
            "are you storing my information",
            "will my data be deleted?",
            "do you delete my data when i close this?",
            "how do i erase this?",
            "does kaiser delete my data?",
            "who sees my data?",
            "what happens to my data?",
            "do you keep what i write?",
        )
    ),
    ("wait who reads this", "privacy"),
    ("my id is [member number]", "identifiers"),
    ("his policy is [member number], phone [phone number]", "identifiers"),
    ("can my daughter send it in for us?", "explain helper"),
    ("can i file for my mom", "explain helper"),
    ("cancel my call request", "cancel_call"),
    ("delete my call request", "cancel_call"),
    ("please do not call me", "cancel_call"),
    ("go back", "back"),
    ("go back to the question about my plan", "back"),
    ("undo", "back"),
    ("are you a real person?", "robot"),
    ("am i talking to a robot", "robot"),
    ("how do i print them", "papers"),
    ("what is Medicare Advantage?", "explain medicare_advantage"),
    ("what's tricare", "explain tricare"),
    ("what is a ppo?", "explain plan_kinds"),
    ("next question", "skip"),
    ("rather not say", "skip"),
    ("what is a grievance", "explain grievance"),
    ("whats an appeal?", "explain appeal"),
    ("what is a hearing", "explain hearing"),
    ("what does expedited mean", "explain expedited"),
    ("I don't know what a grievance is", "explain grievance"),
    ("what is an independent medical review", "explain review"),
    ("what does parity mean", "explain parity"),
    ("did a computer deny her?", "explain clinician"),
    ("was it a computer that said no", "explain clinician"),
    ("who decided that?", "explain clinician"),
    ("what is mean expedited", "explain expedited"),
    ("what does experimental even mean?", "explain experimental"),
    ("What is grievance? I not understand this word. I call to them on phone", "explain grievance"),
    ("what is the physician certification", "explain certification"),
    ("what do i do first", "first"),
    ("what I must do today, simple please", "first"),
    ("just tell me the one thing to do tonight", "first"),
    ("who pays for the days while we appeal?", "goes_on"),
    ("can I keep my therapy while I appeal", "goes_on"),
    ("does anthem have to keep paying until it's decided?", "goes_on"),
    ("can i keep getting them in the meantime", "goes_on"),
    ("will she still get them while they decide?", "goes_on"),
    ("can you explain what medical necessity even means", "explain necessity"),
    ("please tell me what a grievance is", "explain grievance"),
    ("I want a judge", "explain hearing"),
    ("have someone ring me please", "consultation"),
    ("could somebody from your office call me", "consultation"),
    ("give me the letter to anthem", "papers"),
    ("change my number please", "change_contact"),
    ("my number is wrong", "change_contact"),
    ("hablan espanol?", "spanish"),
    ("is there someone who speaks spanish", "spanish"),
    ("no hablo ingles", "spanish"),
    ("I am so scared", "feeling"),
    ("this is scary", "feeling"),
    ("my dad died in June", "loss"),
]
NOT_WISHES = [
    "where do I find my member number?",
    "why did they deny it?",
    "what papers do I need to gather",
    "where do I send the papers",
    "where can I get a birth certificate",
    "until next time",
    "what is this page for",
    "I skipped the surgery because they said no",
    "my doctor wants more tests and they said no to the scan that he asked for last month, why would they do that",
    "call me",
    "they called me back and said no",
    "the judge ruled against us",
    "can you explain the letter",
    "can I still appeal",
    "do i have to pay",
    "do we still have to pay the bill?",
    "I'm afraid not",
    "what happens after the hearing?",
    "what is the deadline for a grievance",
    "I filed a grievance",
    "no",
]


@pytest.mark.parametrize(("text", "wish"), WISHES)
def test_a_short_message_can_wish_something_of_the_talk(text: str, wish: str) -> None:
    assert read(text, TODAY).wish == wish


@pytest.mark.parametrize("text", NOT_WISHES)
def test_a_question_or_a_story_is_no_wish(text: str) -> None:
    assert read(text, TODAY).wish is None


def test_a_message_that_tells_a_fact_is_a_telling_whatever_it_wishes() -> None:
    found = read("skip that, it is Kaiser", TODAY)
    assert found.facts["carrier"] == "kaiser"
    assert found.wish is None


@pytest.mark.parametrize(
    "text",
    ["what is Medicare Advantage?", "what's tricare", "what is self funded", "what is an HMO?", "what is medi-cal"],
)
def test_who_asks_what_a_word_means_tells_nothing(text: str) -> None:
    assert read(text, TODAY, expecting="plan_type").facts == {}


def test_who_tells_beside_asking_is_heard() -> None:
    assert "plan_type" in read("what is an appeal? I have Medicare Advantage", TODAY).facts


@pytest.mark.parametrize(
    "text",
    ["delete my data", "can you delete my data", "could you please erase everything", "forget me", "erase it all"],
)
def test_who_wants_all_erased_is_not_taken_for_one_who_asks(text: str) -> None:
    assert read(text, TODAY).wish is None


@pytest.mark.parametrize(
    "text", ["someone is in danger now", "my mother is in danger now", "i am in danger right now", "he is in danger"]
)
def test_danger_told_at_any_time_is_danger(text: str) -> None:
    assert read(text, TODAY, expecting="denial_letter_date").facts["immediate_danger"] is True


@pytest.mark.parametrize(
    "text",
    ["I am in danger of losing my house", "nobody is in danger", "is someone in danger?", "I am not in danger"],
)
def test_what_is_no_danger_is_none(text: str) -> None:
    assert read(text, TODAY).facts.get("immediate_danger") is not True


@pytest.mark.parametrize(
    "text",
    [
        "ok so grievance, what does grievance mean",
        "i do not know what the grievance is",
        "explain a grievance to me please",
        "tell us what a grievance is",
        "could you please explain grievance",
    ],
)
def test_a_word_is_asked_about_in_many_ways(text: str) -> None:
    assert read(text, TODAY).wish == "explain grievance"


def lines(name: str) -> list[str]:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", sorted(set(lines("remind")) - NOT_UNDERSTOOD))
def test_who_wants_to_be_reminded_by_text_is_understood(text: str) -> None:
    assert read(text, TODAY).wish == "remind"


@pytest.mark.parametrize("text", ["ping me before that", "text us ahead of it"])
def test_the_day_that_was_just_told_may_be_meant(text: str) -> None:
    assert read(text, TODAY).wish == "remind"


@pytest.mark.parametrize("text", sorted(NOT_UNDERSTOOD))
def test_what_is_not_understood_yet_is_taken_for_nothing_else(text: str) -> None:
    assert read(text, TODAY).wish not in ("remind", "remind_off")


@pytest.mark.parametrize("text", lines("not_remind"))
def test_what_speaks_of_reminders_or_messages_wants_none(text: str) -> None:
    assert read(text, TODAY).wish not in ("remind", "remind_off")


@pytest.mark.parametrize(
    "text",
    [
        "no more reminders",
        "stop reminding me",
        "stop reminding me i already did it",
        "cancel the reminders please",
        "turn off reminders",
        "i dont need to be reminded",
        "take off the reminder i filed already",
        "ya no me recuerde",
    ],
)
def test_who_wants_no_more_reminders_is_understood(text: str) -> None:
    found = read(text, TODAY)
    assert found.wish == "remind_off"
    assert "denial_reasons" not in found.facts
    assert "care_status" not in found.facts
