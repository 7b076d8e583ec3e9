"""Answers as a phone gets them: dates first, choices by number, three messages at most, and the rest behind MORE."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cards import answer_card
from imr_logic import CaseFacts, assess
from settings import Settings
from texting.answers import MOST_MESSAGES, choices_of, chosen, in_messages, worded
from texting.segments import fits, size_of
from texting.wording import said

CHOICES = [
    {"title": "HMO", "payload": "product=hmo"},
    {"title": "PPO", "payload": "product=ppo"},
    {"title": "I'm not sure", "payload": "product=null"},
]
MORE = {"title": "Tell me more", "payload": "wish=more"}
pytestmark = pytest.mark.usefixtures("current")


def reply(text: str = "", **more: Any) -> dict[str, Any]:
    return {"text": text, "buttons": [], "asks": None, "input": "text", "card": None, "papers": [], **more}


def card(**facts: Any) -> dict[str, Any]:
    known = {
        "plan_type": "commercial",
        "product": "hmo",
        "denial_reasons": ["medical_necessity"],
        "denial_letter_date": "2026-10-05",
        "grievance_status": "not_filed",
        "immediate_danger": False,
        "urgent": False,
        **facts,
    }
    found = CaseFacts.model_validate({"today": "2026-11-23", **known})
    return answer_card(found, assess(found), "Noted: HMO.", "Ask me anything.")


def test_a_question_with_its_choices() -> None:
    asked = worded([reply("Is it an HMO or a PPO?", buttons=CHOICES)])
    assert asked.messages == (
        "Is it an HMO or a PPO?\n\nReply with a number, or in your own words:\n1 HMO\n2 PPO\n3 I'm not sure",
    )


def test_a_single_choice_stands_alone() -> None:
    [asked] = worded([reply("Call 911 now.", buttons=[{"title": "No emergency", "payload": "x=y"}])]).messages
    assert asked == "Call 911 now.\n\nReply 1: No emergency"


def test_more_is_a_word_and_no_number() -> None:
    [told] = worded([reply("That is it.", buttons=[MORE, *CHOICES])]).messages
    assert told.endswith("Reply MORE for more.")
    assert "1 HMO" in told
    assert choices_of([reply(buttons=[MORE, *CHOICES])]) == CHOICES


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("2", "product=ppo"),
        (" 2. ", "product=ppo"),
        ("#2", "product=ppo"),
        ("(2)", "product=ppo"),
        ("Reply 2", "product=ppo"),
        ("option 2 please", "product=ppo"),
        ("two", "product=ppo"),
        ("ppo", "product=ppo"),
        ("PPO!", "product=ppo"),
        ("i’m not sure", "product=null"),
        ("3", "product=null"),
        ("0", None),
        ("4", None),
        ("22", None),
        ("2 weeks ago", None),
        ("it is a PPO", None),
        ("", None),
    ],
)
def test_a_choice_is_named_by_number_or_word(text: str, payload: str | None) -> None:
    assert chosen(text, CHOICES) == payload


def test_without_choices_a_number_is_a_text() -> None:
    assert chosen("2", []) is None


def test_an_answer_tells_the_dates_first_then_the_first_step_then_the_path() -> None:
    told = "\n".join(worded([reply("not this", card=card())]).messages)
    places = [told.index(part) for part in ("Noted: HMO.", "Your dates:", "Do this first:", "A grievance (appeal)")]
    assert places == sorted(places)
    assert "not this" not in told
    assert "- by Friday, April 2, 2027 (in 130 days): File your grievance (28 CCR 1300.68(b)(9))" in told
    assert "- until Monday, April 5, 2027: The law may allow your grievance" in told


def test_an_answer_without_a_date_names_its_law() -> None:
    without = card(denial_letter_date=None, plan_type="original_medicare", product=None, grievance_status=None)
    told = "\n".join(worded([reply(card=without)]).messages)
    assert "Law: 42 CFR" in told or "(42 CFR" in told


def test_the_papers_are_one_link_that_is_made_when_there_are_any() -> None:
    made = []

    def link() -> str:
        made.append(1)
        return "Your papers: https://texts.example.org/p/x"

    assert "/p/x" not in worded([reply("hi")], link).messages[0]
    assert not made
    told = worded([reply("hi", papers=[{"title": "Summary", "url": "/papers/a/b"}] * 5)], link)
    assert "\n".join(told.messages).count("/p/x") == 1


def test_a_question_for_a_day_says_how_to_write_it() -> None:
    assert "10/5/2026" in worded([reply("Which day?", input="date")]).messages[0]


def test_who_is_asked_how_to_be_reached_may_say_this_number() -> None:
    assert '"this number"' in worded([reply("How?", asks="contact_reach")]).messages[0]


@given(st.text(st.sampled_from("abc. \né[😀"), max_size=4000))
def test_a_long_answer_comes_in_three_messages_and_the_rest_waits(text: str) -> None:
    told = in_messages(text)
    assert len(told.messages) <= MOST_MESSAGES
    assert all(fits(one) for one in told.messages)
    assert not told.rest or told.messages[-1].endswith(said("answer", "more"))


@given(
    st.lists(
        st.sampled_from(["One sentence here.", "Word", "another, longer one of more words", "\n\n"]), max_size=300
    )
)
def test_all_of_a_long_answer_comes_when_more_is_asked_for_again_and_again(words: list[str]) -> None:
    text = " ".join(words)
    came: list[str] = []
    told = in_messages(text)
    for _ in range(30):
        came += told.messages
        if not told.rest:
            break
        told = in_messages(told.rest)
    marks = {
        said("answer", "more"),
        *(said("answer", "part", number=a, count=b).strip() for a in (1, 2, 3) for b in (2, 3)),
    }
    got = " ".join(came)
    for mark in marks:
        got = got.replace(mark, "")
    assert got.split() == text.split()


def test_messages_that_belong_together_are_numbered() -> None:
    told = in_messages("A sentence of words. " * 40)
    assert [one[:6] for one in told.messages] == ["(1/2) ", "(2/2) "]


def test_an_accent_that_the_network_lacks_makes_shorter_messages(current: Settings) -> None:
    told = in_messages("Name: María. " * 30)
    assert size_of(told.messages[0]).encoding == "UCS-2"
    assert all(fits(one) for one in told.messages)
