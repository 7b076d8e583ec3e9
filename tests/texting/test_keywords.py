"""STOP in all its ways is heard, and a story in which something stops is none.

The lists were written by somebody who had not seen the patterns: at first look 229 of 262 ways of saying STOP were
heard, and 5 of 301 stories taken for one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from texting.keywords import is_own_number, is_spanish, keyword, number_in, plainly

CORPUS = Path(__file__).parent / "corpus"
# 47 CFR 64.1200(a)(10), Twilio's own list, and Spanish.
BY_LAW = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT",
          "ALTO", "PARAR", "CANCELAR")  # fmt: skip


def lines(name: str) -> list[str]:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("word", BY_LAW)
@pytest.mark.parametrize("way", ["{}", "{}.", " {} ", "{}!!", '"{}"', "please {}", "{} please", "{} {}"])
def test_every_word_of_the_law_is_honoured_however_it_is_written(word: str, way: str) -> None:
    said = way.format(word, word)
    assert {keyword(said), keyword(said.lower()), keyword(said.title())} == {"stop"}


@pytest.mark.parametrize("text", lines("stop"))
def test_who_wants_no_more_messages_is_heard(text: str) -> None:
    assert keyword(text) == "stop"


@pytest.mark.parametrize("text", lines("not_stop"))
def test_what_stops_in_a_story_stops_no_messages(text: str) -> None:
    assert keyword(text) != "stop"


@pytest.mark.parametrize("text", lines("help"))
def test_who_asks_for_help_alone_is_told_who_this_is(text: str) -> None:
    assert keyword(text) == "help"


@pytest.mark.parametrize("text", lines("not_help"))
def test_who_asks_for_help_with_something_tells_a_story(text: str) -> None:
    assert keyword(text) != "help"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("START", "start"),
        ("unstop", "start"),
        ("More", "more"),
        ("tell me more please", "more"),
        ("Done!", "done"),
        ("it's done, thank you", "done"),
        ("I filed it", None),  # a fact of the case
        ("sent", None),
        ("yes", None),
        ("2", None),
        ("", None),
        ("👍", None),
    ],
)
def test_the_other_keywords(text: str, meant: str | None) -> None:
    assert keyword(text) == meant


def test_a_long_message_is_never_a_stop() -> None:
    assert keyword("please stop texting me " + "because it is a long story " * 5) is None


def test_words_are_read_without_accents_signs_and_apostrophes() -> None:
    assert plainly("  ¡DON’T  stop…  ÉL 2! ") == "dont stop el 2"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), (" 2. ", 2), ("#2", 2), ("(2)", 2), ("Reply 2", 2), ("option 10 please", 10), ("two", 2),
        ("the second", 2), ("second one", 2), ("2nd", 2), ("the 3rd one", 3), ("first one", 1), ("no one", None),
        ("no", None), ("100", None), ("2 weeks ago", None), ("the other one", None), ("", None), ("the plan", None),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("This number.", True), ("the one I’m texting from", True), ("my number is 415-555-0134", False), ("", False)],
)
def test_the_phone_in_their_hand_is_named(text: str, is_one: bool) -> None:
    assert is_own_number(text) is is_one


@pytest.mark.parametrize(
    ("text", "spanish"),
    [("ALTO", True), ("ayuda por favor", True), ("ya no me manden mensajes", True), ("STOP", False), ("help", False)],
)
def test_a_keyword_in_spanish_is_told_from_one_in_english(text: str, spanish: bool) -> None:
    assert is_spanish(text) is spanish
