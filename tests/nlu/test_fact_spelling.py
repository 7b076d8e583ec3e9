"""How misspelt and shortened words become the words that the patterns know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.facts.pipeline import pipeline, straightened
from nlu.facts.sentences import START, sentences
from nlu.facts.spelling import Speller, common_words, distance

SPELLER = Speller(["surgery", "necessary", "medically", "authorization", "denied", "hospital", "hospice", "appeal"])


def line(text: str) -> str:
    """All sentences of a text as the patterns see them."""
    return " ".join(one.line.removeprefix(START).strip() for one in sentences(pipeline()(straightened(text))))


MISSPELT = [
    ("surgury", "surgery"),
    ("surgrey", "surgery"),
    ("neccesary", "necessary"),
    ("medicaly", "medically"),
    ("autorization", "authorization"),
    ("deneid", "denied"),
    ("surgery", "surgery"),
    ("nesesary", "necessary"),
    ("hospitel", "hospital"),
    ("eppeal", "eppeal"),
    ("ppeal", "appeal"),
]


@pytest.mark.parametrize(("written", "meant"), MISSPELT)
def test_a_misspelt_word_of_the_domain_is_repaired(written: str, meant: str) -> None:
    assert SPELLER.repair(written) == meant


@pytest.mark.parametrize("word", ["hospitality", "apple", "texting", "laser", "xyz", "h2o", "", "surgically"])
def test_other_words_are_left_alone(word: str) -> None:
    assert SPELLER.repair(word) == word


@pytest.mark.parametrize("word", ["clowns", "mailing", "rehearing", "phoned", "parties"])
def test_a_common_word_with_an_ending_is_left_alone(word: str) -> None:
    near = {
        "clowns": "crowns",
        "mailing": "failing",
        "rehearing": "referring",
        "phoned": "phone",
        "parties": "partial",
    }
    assert Speller([near[word]]).repair(word) == word


def test_a_swap_or_a_doubled_letter_is_repaired_even_so() -> None:
    assert Speller(["referring"]).repair("refering") == "referring"


def test_of_two_words_as_near_the_one_with_a_letter_left_out_is_meant() -> None:
    assert Speller(["charge", "charged"]).repair("chargd") == "charged"


def test_short_words_are_repaired_only_when_letters_are_swapped() -> None:
    speller = Speller(["wait", "walk"])
    assert speller.repair("wiat") == "wait"
    assert speller.repair("wlak") == "walk"
    assert speller.repair("wapt") == "wapt"


NAMES = ["nguyen", "hernandez", "bakersfield", "hemet", "petrosyan", "crohns", "kaweah", "escondido", "custodian"]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_places_stay_what_they_are(name: str) -> None:
    assert line(name) == name


def test_common_english_words_are_never_repaired() -> None:
    assert {"trail", "house", "doctor"} <= common_words()


MEANT = [
    ("I wont pay", "i will not pay"),
    ("they don't", "they do not"),
    ("didnt", "did not"),
    ("it's", "it is"),
    ("its a ppo", "it is a ppo"),
    ("upheld its denial", "upheld its denial"),
    ("mom's in rehab", "mom is in rehab"),
    ("my doctor's letter", "my doctor s letter"),
    ("thru my job w/ kaiser", "through my job with kaiser"),
    ("prior auth from my pcp", "prior authorization from my primary care doctor"),
    ("negaron la cirugía", "denied la surgery"),
    ("no es médicamente necesario", "is not medically necessary"),
    ("mi mamá tiene Medi-Cal", "my mom has medi cal"),
    ("apelé", "i appealed"),
    ("not medicaly neccesary", "not medically necessary"),
    ("no pre-cert on file", "no prior authorization on file"),
    ("it wasnt in the formualry", "it was not in the formulary"),
    ("my hearnig aids, thay sed no", "my hearing aids , they said no"),
    ("Dr. Ho said no.", "doctor ho said no ."),
]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_words_are_said_as_the_patterns_say_them(text: str, meant: str) -> None:
    assert line(text) == meant


def test_a_title_does_not_end_a_sentence_and_my_dr_does() -> None:
    assert len(list(sentences(pipeline()("Dr. Ho said no")))) == 1
    assert len(list(sentences(pipeline()("i asked my dr. they denied it")))) == 2


def test_every_word_of_the_line_leads_back_to_the_text() -> None:
    text = "Mi mamá's plan: \u201cnot covered\u201d"
    for sentence in sentences(pipeline()(straightened(text))):
        start = sentence.line.index("covered")
        assert text[slice(*sentence.span(start, start + len("covered")))] == "covered"


@settings(max_examples=100)
@given(st.text(alphabet="abcdefgh", max_size=9), st.text(alphabet="abcdefgh", max_size=9))
def test_the_distance_between_two_words_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)


@settings(max_examples=100)
@given(st.text(alphabet="abcdefgh", min_size=2, max_size=9), st.integers(min_value=0, max_value=7))
def test_two_letters_swapped_are_one_edit(word: str, place: int) -> None:
    place = min(place, len(word) - 2)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert distance(word, swapped, 3) <= 1


def test_a_distance_beyond_the_limit_is_cut_off() -> None:
    assert distance("abc", "xyzabc", 2) == 3


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_straightening_keeps_the_length(text: str) -> None:
    assert len(straightened(text)) == len(text)
