"""A message is counted as the network counts it, and a long one is parted where people would part it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texting.segments import fits, parted, plain_signs, size_of

TEXTS = st.text(st.sampled_from("abc dé.\n[]€?ABí😀 "), max_size=1500)


@pytest.mark.parametrize(
    ("text", "encoding", "length", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("a" * 459, "GSM-7", 459, 3),
        ("a" * 460, "GSM-7", 460, 4),
        ("[" * 80, "GSM-7", 160, 1),
        ("€" + "a" * 159, "GSM-7", 161, 2),
        ("é§ñü¿", "GSM-7", 5, 1),
        ("í" + "a" * 69, "UCS-2", 70, 1),
        ("í" + "a" * 70, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("’", "UCS-2", 1, 1),
    ],
)
def test_the_size_of_a_message(text: str, encoding: str, length: int, segments: int) -> None:
    assert size_of(text) == (encoding, length, segments)


def test_typographic_signs_are_written_plainly() -> None:
    plain = plain_signs("• “It’s” – 3 × 4 … →\u00a0x")
    assert plain == '- "It\'s" - 3 x 4 ... -> x'
    assert size_of(plain).encoding == "GSM-7"


@given(TEXTS, st.sampled_from(["", "(1/3) ", "x" * 150]))
def test_every_part_fits_beside_what_stands_with_it(text: str, beside: str) -> None:
    assert all(fits(part + beside) for part in parted(text, beside))


@given(TEXTS)
def test_no_sign_is_lost(text: str) -> None:
    assert re.sub(r"\s", "", "".join(parted(text))) == re.sub(r"\s", "", text)


def test_what_fits_is_not_parted() -> None:
    assert parted("a" * 459) == ["a" * 459]


def test_a_text_is_parted_between_paragraphs_then_sentences_then_words() -> None:
    assert parted("a" * 300 + "\n\n" + "b" * 300) == ["a" * 300, "b" * 300]
    assert parted("A" * 299 + ". " + "B" * 299 + ".")[0] == "A" * 299 + "."
    assert all(set(part) <= {"w", "o", "r", "d", " "} and part.startswith("word") for part in parted("word " * 300))


def test_no_address_is_cut() -> None:
    link = "https://texts.example.org/p/bcdfghjkmnpq"
    assert any(link in part for part in parted("x" * 430 + " " + link))
