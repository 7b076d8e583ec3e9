"""The simulated people themselves: what they may say, and that they say it as people do."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.simulated import Person, Scenario
from cli.simulated.days import say_day
from cli.simulated.phrases import added, answers, words
from cli.simulated.typing_habits import TYPING, slipped
from imr_logic import vocabulary
from tests.simulated.own_people import PEOPLE

TODAY = date(2026, 11, 23)
ASKED = [spec for spec in vocabulary().values() if spec.asked and spec.kind in ("choice", "yes_no")]
RARE = [spec for spec in vocabulary().values() if not spec.asked and spec.kind in ("choice", "yes_no")]
DAYS = [spec.name for spec in vocabulary().values() if spec.kind == "day"]


def someone(**facts: object) -> Person:
    """A person with these facts only."""
    return Person(Scenario("X", "", TODAY, dict(facts), "plan_grievance", frozenset(), frozenset()))


def values_of(spec: object) -> list[object]:
    """The values of a fact that can be known."""
    return [one for one in getattr(spec, "values", ()) or (True, False) if one != "unknown"]


@pytest.mark.parametrize(("fact", "value"), [(spec.name, value) for spec in ASKED for value in values_of(spec)])
def test_every_value_of_every_asked_fact_can_be_said(fact: str, value: object) -> None:
    assert answers(fact, value)


@pytest.mark.parametrize(("fact", "value"), [(spec.name, value) for spec in RARE for value in values_of(spec)])
def test_every_rare_fact_can_be_added(fact: str, value: object) -> None:
    assert added(fact, value)


@pytest.mark.parametrize("fact", DAYS)
def test_every_day_can_be_told(fact: str) -> None:
    assert added(fact, TODAY)


def test_every_reason_care_and_company_has_its_words() -> None:
    for fact, group in (("denial_reasons", words("story")["reasons"]), ("service_category", words("care"))):
        assert set(vocabulary()[fact].values) <= set(group)
    assert set(vocabulary()["carrier"].values) == set(words("plans")["companies"])


def test_the_words_speak_of_facts_of_the_vocabulary_only() -> None:
    known = {*vocabulary(), "not_known", "no_thanks", "not_an_emergency"}
    assert set(words("answers")) <= known
    assert {*words("later")["facts"], *words("days")["told"], *words("care")} <= known | set(words("care"))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("scenario", PEOPLE, ids=lambda one: one.id)
def test_a_story_has_no_gap_left_open_and_tells_only_what_the_person_knows(scenario: Scenario, seed: int) -> None:
    told = Person(scenario, seed).story()
    assert "{" not in told.text
    assert told.tells <= set(scenario.facts)


def test_the_same_seed_gives_the_same_words_and_another_gives_others() -> None:
    first, same, other = (Person(PEOPLE[0], seed).story().text for seed in (1, 1, 2))
    assert first == same != other


@pytest.mark.parametrize("fact", ["carrier", "product", "denial_letter_date", "urgent", "denial_reasons"])
def test_who_does_not_know_says_so_and_that_counts_as_told(fact: str) -> None:
    said = someone().answer(fact)
    assert said is not None
    assert re.search(r"not|n't|dont|no idea|idk|dunno", said.text.lower())
    assert said.tells == {fact}


def test_a_bare_no_tells_of_urgency_only_where_the_question_was_about_it() -> None:
    for seed in range(40):
        scenario = Scenario(
            str(seed), "", TODAY, {"immediate_danger": False, "urgent": False}, "", frozenset(), frozenset()
        )
        alone, both = (Person(scenario).answer("immediate_danger", about) for about in ((), ("urgent",)))
        assert alone is not None
        assert both is not None
        if alone.text.lower() == "no":
            assert (alone.tells, both.tells) == ({"immediate_danger"}, {"immediate_danger", "urgent"})


def test_patience_ends() -> None:
    person = someone(denial_letter_date=date(2026, 10, 5))
    said = [person.answer("denial_letter_date") for _ in range(5)]
    assert [one is None for one in said] == [False, False, False, False, True]


def test_what_was_not_asked_is_added_once() -> None:
    person = someone(denial_letter_date=date(2026, 10, 5), grandfathered=True, product="hmo")
    first = person.more()
    assert first is not None
    assert first.tells == {"denial_letter_date", "grandfathered"}
    assert person.more() is None


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 50))
def test_a_day_said_without_its_year_is_one_of_the_last_months(day: date, seed: int) -> None:
    said = say_day(day, TODAY, Random(seed))
    if not re.search(r"\d{4}|/\d\d$|today|yesterday", said) or said.count("/") == 1:
        assert timedelta(0) <= TODAY - day <= timedelta(days=150)


@pytest.mark.parametrize(
    ("habit", "typed"),
    [
        ("careful", "It's dated Oct. 5, I'm sure."),
        ("small letters", "it's dated oct. 5, i'm sure."),
        ("no signs", "it's dated oct 5 i'm sure"),
        ("in haste", "Its dated Oct. 5, Im sure."),
    ],
)
def test_people_type_each_in_their_way(habit: str, typed: str) -> None:
    assert TYPING[habit]("It's dated Oct. 5, I'm sure.") == typed


@given(st.integers())
def test_a_slip_swaps_two_letters_and_loses_none(seed: int) -> None:
    text = "The plan denied my reconstructive surgery on 10/5/2026."
    assert sorted(slipped(text, Random(seed))) == sorted(text)
