"""A text holds one way to reach a person, or it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic import law
from records.reach import Reach, as_reach, without_reaches

PHONE = Reach("phone", "(415) 555-0134")


@pytest.mark.parametrize(
    "text",
    [
        "4155550134",
        "415-555-0134",
        "(415) 555-0134",
        "(415)555-0134",
        "415.555.0134",
        "415 555 0134",
        "415–555–0134",
        "+1 415 555 0134",
        "+14155550134",
        "1-415-555-0134",
        "1 (415) 555-0134",
        "415/555-0134",
        "my cell is 415-555-0134, after 5",
        "call me at (415) 555-0134.",
        "415-555-0134 or 415 555 0134",
    ],
)
def test_a_phone_number_is_read_however_it_is_written(text: str) -> None:
    assert as_reach(text) == PHONE


@pytest.mark.parametrize(
    "text",
    [
        "415-555-0134 x12",
        "4155550134x12",
        "(415) 555-0134, ext. 12",
        "415 555 0134 Extension 12",
        "415-555-0134 ext 12.",
    ],
)
def test_an_extension_belongs_to_the_number(text: str) -> None:
    assert as_reach(text) == Reach("phone", "(415) 555-0134 ext. 12")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("maria@example.com", "maria@example.com"),
        ("Maria.Test+plan@Example.co.uk", "Maria.Test+plan@Example.co.uk"),
        ("it is maria_t@mail-server.example.org, thanks", "maria_t@mail-server.example.org"),
        ("e-mail: <maria@example.com>.", "maria@example.com"),
        ("maria@example.com and again maria@example.com", "maria@example.com"),
        ("m4155550134@example.com", "m4155550134@example.com"),
        ("4155550134@example.com", "4155550134@example.com"),
    ],
)
def test_an_e_mail_address_is_read_as_it_stands(text: str, address: str) -> None:
    assert as_reach(text) == Reach("email", address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Maria",
        "call me",
        "555-0134",
        "115-555-0134",
        "015-555-0134",
        "415-155-0134",
        "415-911-0134",
        "415-555-013",
        "415-555-01345",
        "2-415-555-0134",
        "41555501341234",
        "415-55-0134",
        "123-45-6789",
        "+44 20 7946 0958",
        "maria@",
        "@example.com",
        "maria@example",
        "maria@@example.com",
        "maria..t@example.com",
        "maria.@example.com",
        "maria@-example.com",
        "maria@example..com",
        "maria@example.c",
        "a" * 65 + "@example.com",
    ],
)
def test_anything_else_is_no_way_to_reach_a_person(text: str) -> None:
    assert as_reach(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "415-555-0134 or 415-555-0199",
        "415-555-0134 or maria@example.com",
        "maria@example.com or m@example.com",
    ],
)
def test_several_ways_are_not_one(text: str) -> None:
    assert as_reach(text) is None


def test_a_very_long_text_is_read_at_once() -> None:
    assert as_reach("a." * 2000 + "@" + "1-" * 2000) is None


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    as_reach(text)


@given(st.from_regex(r"\A[2-9][0-9]{2}[2-9](?!11)[0-9]{2}[0-9]{4}\Z", fullmatch=True).filter(str.isascii))
def test_what_was_read_reads_the_same_again(digits: str) -> None:
    once = as_reach(digits)
    assert once
    assert as_reach(once.value) == once
    assert as_reach(f"{once.value} x5 please") == Reach("phone", f"{once.value} ext. 5")


# Taking them out.


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("please call me at 415-555-0134, it is urgent", "please call me at X, it is urgent"),
        ("+1 (415) 555-0134 or maria@example.com.", "X or X."),
        ("415 555 0134 ext. 12 or 415 555 0199", "X or X"),
        ("4155550134@example.com", "X"),
        ("the DMHC said 1-888-466-2219 on 10/05/2026", "the DMHC said 1-888-466-2219 on 10/05/2026"),
        ("dial (888) 466-2219; mine is 415-555-0134", "dial (888) 466-2219; mine is X"),
        ("1-888-466-2219 x415", "X"),  # somebody's own line
        ("claim 2026-0012345678, $1,250, 911", "claim 2026-0012345678, $1,250, 911"),
        ("", ""),
    ],
)
def test_ways_to_reach_a_person_are_taken_out_and_the_rest_stays(text: str, left: str) -> None:
    assert without_reaches(text, "X") == left


@pytest.mark.parametrize("name", law.load("contacts"))
def test_no_contact_of_the_law_is_taken_out(name: str) -> None:
    contact = law.load("contacts")[name]
    numbers = " or ".join(contact[way] for way in ("phone", "tdd", "fax") if way in contact)
    assert without_reaches(f"I called {numbers}.", "X") == f"I called {numbers}."


@given(st.text())
def test_nothing_is_left_to_take_out(text: str) -> None:
    once = without_reaches(text, "[removed]")
    assert without_reaches(once, "[removed]") == once
