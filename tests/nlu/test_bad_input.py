"""Whatever is sent, the whole of understanding answers, and takes nothing from what says nothing."""

from __future__ import annotations

import random
from base64 import b64encode
from datetime import date
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.understand import Understander, Understood
from tests.nlu import tiny

TODAY = date(2026, 11, 23)
LONGEST = 10_000


@lru_cache(maxsize=1)
def understander() -> Understander:
    return Understander(tiny.encoder(), tiny.model(), tiny.ear())


def understood(text: str) -> Understood:
    return understander().understand(text, TODAY)


def nothing_is_taken_from(text: str) -> bool:
    """No fact, no date with a role, no danger by a rule."""
    reading = understood(text).reading
    return (
        not reading.facts
        and not reading.implied
        and reading.safety is None
        and not any(one.fact for one in reading.dates)
    )


SAYS_NOTHING = {
    "empty": "",
    "blanks": " \n\t ",
    "one sign": ".",
    "emoji only": "\U0001f62d\U0001f64f\U0001f3fd\U0001f494\u2764\ufe0f",
    "10,000 letters": "a" * LONGEST,
    "10,000 question marks": "?" * LONGEST,
    "arabic": "\u0645\u0631\u062d\u0628\u0627 \u0643\u064a\u0641 \u062d\u0627\u0644\u0643",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "chinese": "\u4f60\u597d\uff0c\u4eca\u5929\u5929\u6c14\u5f88\u597d",
    "hindi": "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "armenian": "\u0532\u0561\u0580\u0587 \u0571\u0565\u0566",
    "right to left marks": "\u202e\u202d\u2066\u2069\u200f\u200e",
    "zero width": "\u200b\u200c\u200d\ufeff\u2060",
    "html": "<p><script>alert(1)</script><img src=x onerror=y>&nbsp;&lt;/p&gt;",
    "sql": "'; DROP TABLE cases; SELECT * FROM staff WHERE 1=1; --",
    "an intent": '/affirm{"urgent": true}',
    "a template": "{{7*7}} ${jndi:ldap://x} %s %n",
    "digits": "8675309 4111111111111111 " * 60,
    "base64": b64encode(bytes(range(256)) * 8).decode(),
    "a null and controls": "\x00\x01\x1b[31m\x7f",
    "half a surrogate pair": "\ud83d",
}


@pytest.mark.parametrize("text", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_nothing_is_taken_from_what_says_nothing(text: str) -> None:
    assert nothing_is_taken_from(text)


@pytest.mark.parametrize("around", ["", "\u200b", "<b>", "\U0001f62d ", "\n\n", "\u202e"])
def test_a_sentence_is_read_through_what_surrounds_it(around: str) -> None:
    facts = understood(f"{around}Kaiser denied my MRI{around}").reading.facts
    assert (facts.get("carrier"), facts.get("decision")) == ("kaiser", "denied")


def test_a_story_of_10_000_characters_is_read_to_its_end() -> None:
    story = "It was a long summer and the garden was dry. " * 250
    text = story[: LONGEST - 40] + ". Kaiser denied my MRI in the end."
    assert understood(text).reading.facts["carrier"] == "kaiser"


DIGITS = st.text("0123456789 -./:", max_size=300)
ENCODED = st.binary(min_size=1, max_size=300).map(lambda sent: b64encode(sent).decode())
FOREIGN = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x0FFF), max_size=200)
SIGNS = st.text("<>/{}[]()&;'\"\\|=+*%$#@!?~^`\u200b\u202e\ufeff\n ", max_size=200)


@settings(max_examples=120, deadline=None)
@given(st.one_of(ENCODED, FOREIGN, SIGNS))
def test_noise_never_becomes_a_fact(text: str) -> None:
    assert nothing_is_taken_from(text)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=400), DIGITS))
def test_any_text_is_understood_as_something_or_nothing(text: str) -> None:
    said = understood(text).as_json()
    assert set(said) == {"intent", "facts", "implied", "dates", "evidence", "safety"}
    assert all(0 <= one["start"] <= one["end"] <= len(text) for one in said["evidence"])


def test_words_in_any_order_are_read() -> None:
    words = [
        "they",
        "denied",
        "not",
        "my",
        "surgery",
        "because",
        "if",
        "Kaiser",
        "10/5",
        "(",
        ")",
        "?",
        "never",
        "said",
        "it's",
        "urgent",
        ",",
        "the",
        "letter",
        "no",
    ]
    shuffled = random.Random(7)
    for _ in range(60):
        understood(" ".join(shuffled.choices(words, k=40)))
