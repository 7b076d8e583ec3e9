"""What messages state, row by row: the corpora are written as people write and read by the rules alone.

The rows are in fact_corpus, one message a line. Days are left out there: the corpora of the dates hold those.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_logic import vocabulary
from nlu.facts import read

TODAY = date(2026, 11, 23)
CORPUS = Path(__file__).parent / "fact_corpus"
HARD = "hard.txt"  # what is not read rightly yet: known, written down, and not counted as right
YES_NO = {"yes": True, "no": False}
PROMISED = 0.98
Facts = dict[str, Any]


class Row(NamedTuple):
    """One line of a corpus: the fact that was asked for, if any, the message, and what it states."""

    asked: str | None
    text: str
    facts: Facts


def labelled(words: str) -> Facts:
    """The facts of a row: `fact=value fact=value`, reasons joined by `+`."""
    facts: Facts = {}
    for word in words.split():
        fact, _, value = word.partition("=")
        facts[fact] = sorted(value.split("+")) if vocabulary()[fact].kind == "choices" else YES_NO.get(value, value)
    return facts


def row(line: str) -> Row:
    text, _, facts = line.rpartition("=>")
    asked, _, said = text[1:].partition("] ") if text.startswith("[") else ("", "", text)
    return Row(asked or None, said.strip(), labelled(facts))


def rows(path: Path) -> Iterator[tuple[str, Row]]:
    """The rows of one corpus with their names."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.stem}-{number}", row(line)


def stated(text: str, asked: str | None = None) -> Facts:
    """The facts read from a message, days left out, lists in order."""
    plain = {
        name: sorted(value) if isinstance(value, list) else value
        for name, value in read(text, TODAY, asked).facts.items()
    }
    return {name: value for name, value in plain.items() if vocabulary()[name].kind != "day"}


def pairs(facts: Facts) -> set[tuple[str, Any]]:
    return {(name, one) for name, value in facts.items() for one in (value if isinstance(value, list) else [value])}


ROWS = {name: one for path in sorted(CORPUS.glob("*.txt")) if path.name != HARD for name, one in rows(path)}
HARD_ROWS = [one for _, one in rows(CORPUS / HARD)]


@pytest.mark.parametrize("told", ROWS.values(), ids=ROWS)
def test_a_message_states_just_these_facts(told: Row) -> None:
    assert stated(told.text, told.asked) == told.facts


def test_over_all_messages_the_measure_stays_above_what_is_promised() -> None:
    found = [(pairs(stated(one.text, one.asked)), pairs(one.facts)) for one in [*ROWS.values(), *HARD_ROWS]]
    right = sum(len(read_pairs & told) for read_pairs, told in found)
    wrong = sum(len(read_pairs ^ told) for read_pairs, told in found)
    assert 2 * right / (2 * right + wrong) >= PROMISED


def test_every_value_that_a_person_can_state_stands_in_a_row() -> None:
    told = set().union(*(pairs(one.facts) for one in ROWS.values()))
    wanted = {
        (name, value)
        for name, spec in vocabulary().items()
        for value in ((True, False) if spec.kind == "yes_no" else spec.values)
    }
    assert sorted(map(str, wanted - told)) == []


# ---- what only follows is implied, never stated


IMPLIED = [
    ("Kaiser denied it", {"regulator": "dmhc"}),
    ("I have IEHP", {"plan_type": "medi_cal_managed_care"}),
    ("L.A. Care said no", {"plan_type": "medi_cal_managed_care"}),
    ("my mom has CalOptima", {"plan_type": "medi_cal_cohs"}),
    ("Partnership HealthPlan denied her", {"plan_type": "medi_cal_cohs"}),
    ("she is in SCAN", {"plan_type": "medicare_advantage"}),
    ("I am on Medi-Cal", {"plan_type": "medi_cal_managed_care"}),
    ("I filed a grievance on November 2", {"grievance_status": "pending"}),
    ("it is an Anthem HMO", {"regulator": "dmhc"}),
    ("Anthem PPO", {}),
    ("Kaiser, regulated by the DMHC", {}),
]


@pytest.mark.parametrize(("text", "implied"), IMPLIED)
def test_what_only_follows_is_implied(text: str, implied: Facts) -> None:
    reading = read(text, TODAY)
    assert {name: reading.implied.get(name) for name in implied} == implied
    assert implied or not reading.implied
    assert not set(reading.implied) & set(reading.facts)


def test_an_implied_fact_says_that_it_is_not_stated_and_how_sure_it_is() -> None:
    evidence = {one.fact: one for one in read("I have IEHP", TODAY).evidence}
    assert not evidence["plan_type"].stated
    assert evidence["plan_type"].confidence == 0.7
    assert evidence["carrier"].stated


def test_a_plan_that_sells_almost_only_medi_cal_is_not_commercial_for_being_an_hmo() -> None:
    reading = read("IEHP, the HMO", TODAY)
    assert "plan_type" not in reading.facts
    assert reading.implied["plan_type"] == "medi_cal_managed_care"


# ---- negation, suppositions, other people, and what is taken back


REACH = [
    ("they never said it was experimental", {}),
    ("They didn't call it experimental, they called it cosmetic.", {"denial_reasons": ["cosmetic"]}),
    ("not because it's experimental but because it's not on the formulary", {"denial_reasons": ["non_formulary"]}),
    ("it is not only experimental but also cosmetic", {"denial_reasons": ["cosmetic", "experimental"]}),
    ("no, it's urgent", {"urgent": True}),
    ("no it is urgent", {"urgent": True}),
    ("it is not that urgent", {"urgent": False}),
    ("They won't cover acupuncture.", {"decision": "denied", "service_category": "acupuncture"}),
    ("they have not denied it", {}),
    ("it was upheld, same reason as before", {"grievance_status": "upheld"}),
    ("The independent review. Upheld.", {"imr_decision": "upheld"}),
    ("It isn't Kaiser", {}),
    (
        "not on the Humana formulary",
        {"carrier": "humana", "denial_reasons": ["non_formulary"], "service_category": "medication"},
    ),
    ("we don't have Medi-Cal", {}),
    ("If they deny it again, what do I do?", {}),
    ("My coworker says Aetna denied her MRI.", {}),
    ("my car insurance won't pay for the accident", {}),
    ("a sharp pain", {}),
    ("Sharp pains since Monday", {}),
    ("my son Oscar is nine", {}),
    ("Dr. Molina is kind", {}),
    ("the ones I pay, you know, Sharp", {"carrier": "sharp"}),
    ("I said Kaiser. I meant Anthem.", {"carrier": "anthem"}),
    ("Like I said, it's a PPO.", {"product": "ppo"}),
    ("I already told you it's an EPO", {"product": "epo"}),
    ("it was an HMO, sorry, a PPO", {"product": "ppo"}),
    ("forget what I said about Kaiser", {}),
    ("we used to have Aetna", {}),
    ("it should say Cigna instead of Aetna", {"carrier": "cigna"}),
]


@pytest.mark.parametrize(("text", "facts"), REACH)
def test_a_word_reaches_as_far_as_people_mean_it(text: str, facts: Facts) -> None:
    assert stated(text) == facts


# ---- anything at all may be sent


JUNK = st.one_of(
    st.text(alphabet="0123456789 ", max_size=400),
    st.binary(min_size=8, max_size=200).map(lambda sent: b64encode(sent).decode()),
    st.text(alphabet="😀🙏🏽💔😭🏥✨❤️", max_size=60),
    st.lists(st.sampled_from(["<p>", "<br/>", "<div class='x'>", "</p>", "<script>", "&nbsp;"]), max_size=30).map(
        "".join
    ),
    st.text(alphabet=st.characters(min_codepoint=0x0370, max_codepoint=0x0FFF), max_size=200),
    st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=200),
    st.text(alphabet="\u200b\u202e\u2066\ufeff \n\t", max_size=60),
)
WORDS = st.sampled_from(
    [
        *["they", "denied", "not", "my", "surgery", "because", "(", ")", "?", "!", ".", ",", "'", '"', "it's"],
        *["isn't", "kaiser", "<b>", "{}", "/intent", "12", "\u00e9l", "no", "\u2019", "\n", "if", "doctor", "denial"],
    ]
)


@settings(max_examples=150)
@given(JUNK)
def test_what_says_nothing_gives_no_fact(text: str) -> None:
    assert stated(text) == {}


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_no_text_breaks_the_reader_and_every_span_lies_inside(text: str) -> None:
    reading = read(text, TODAY)
    assert all(0 <= one.start < one.end <= len(text) for one in reading.evidence)
    assert all(one.text == text[one.start : one.end] for one in reading.evidence)
    assert set(reading.facts) <= set(vocabulary())


@settings(max_examples=60)
@given(st.text(max_size=80), st.sampled_from(sorted(vocabulary())))
def test_no_answer_to_any_question_breaks_the_reader(text: str, asked: str) -> None:
    assert set(read(text, TODAY, asked).facts) <= set(vocabulary())


@pytest.mark.parametrize(
    "text", ["", "   ", "a" * 10_000, "not " * 3_000, "they denied my " * 700, "?" * 5_000, "SELECT * FROM x; --"]
)
def test_empty_long_and_hostile_texts_are_read_to_their_end(text: str) -> None:
    assert isinstance(read(text, TODAY).facts, dict)


@pytest.mark.parametrize(
    "text", ["Kaiser denied my MRI", "¿Por qué negaron la cirugía?", "\u201cnot covered\u201d\u2026"]
)
def test_every_fact_shows_the_words_it_was_found_in(text: str) -> None:
    reading = read(text, TODAY)
    assert {one.fact for one in reading.evidence if one.stated} == set(reading.facts)
    assert all(one.text == text[one.start : one.end] and one.text for one in reading.evidence)


def test_a_question_for_something_unknown_changes_nothing() -> None:
    assert stated("yes", "no_such_fact") == {}


@pytest.mark.parametrize("asked", [None, "grievance_status", "urgent", "denial_reasons"])
@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("this did not help", "not_helped"),
        ("That wasn't helpful at all.", "not_helped"),
        ("that was useless", "not_helped"),
        ("you were really helpful", "helped"),
        ("this helped", "helped"),
    ],
)
def test_what_people_say_of_the_help_answers_no_question(text: str, wish: str, asked: str | None) -> None:
    reading = read(text, TODAY, asked)
    assert (reading.wish, reading.facts) == (wish, {})


@pytest.mark.parametrize(
    "text", ["it did not help my back", "physical therapy did not help", "the drug is useless to me"]
)
def test_what_is_said_of_the_care_is_not_of_the_help(text: str) -> None:
    assert read(text, TODAY).wish is None
