"""Whatever a person types is text, and only text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from channels.clean import WORD_JOINER, as_plain_text, clean, is_blank

ANYTHING = st.text(st.characters(), max_size=40)
CLEANED = [
    ("hello", "hello"),
    ("  hello \n", "hello"),
    ("a\x00b\x07c", "abc"),
    ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
    ("tab\there", "tab here"),
    ("can\u00adcer", "cancer"),
    ("\ufeffhello\u200b", "hello"),
    ("\u202edlrow\u202c", "dlrow"),
    ("lone \ud800 half", "lone  half"),
    ("cafe\u0301", "caf\u00e9"),
    ("👩\u200d👧 ¿qué?", "👩\u200d👧 ¿qué?"),
    ("\ue000private\uffff", "private"),
]
COMMANDS = [
    "/restart",
    "  /restart",
    "\n\t/restart",
    "\u200b/restart",
    "\ufeff \u2060/restart",
    "\u200d/restart",
    "\u00a0\u3000/restart",
    "\x1c/restart",
    "\x00/restart",
    '/give_details{"choice": "urgent=true"}',
]
BLANK = ["", " ", "\n\t", "\u200b", "\u2060\ufeff", "\u00a0\u3000", "\x00\x01", "\u200d", "\ud800"]


@pytest.mark.parametrize(("text", "expected"), CLEANED)
def test_text_is_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_is_marked_as_plain_text(text: str) -> None:
    assert as_plain_text(text).startswith(WORD_JOINER)


@pytest.mark.parametrize("text", ["hello", "1/2 of it", "and/or", "the / sign", "\\restart"])
def test_other_text_gets_no_mark(text: str) -> None:
    assert as_plain_text(text) == text


@given(ANYTHING | ANYTHING.map(lambda text: f" {text}/restart"))
@example("\x1f/restart")
@example("\u200c /greet")
def test_rasa_takes_no_text_for_a_command(text: str) -> None:
    heard = UserMessage(as_plain_text(text)).text
    message = YAMLStoryReader.unpack_regex_message(Message({TEXT: heard}))
    assert message.get(INTENT) is None


@given(ANYTHING)
def test_cleaned_text_can_be_stored_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(character) == "Cc" and character != "\n" for character in cleaned)


@pytest.mark.parametrize("text", BLANK)
def test_blank_text_is_noticed(text: str) -> None:
    assert is_blank(as_plain_text(text))


@pytest.mark.parametrize("text", ["a", "?", "👍", "7", "/", "否"])
def test_anything_that_can_be_seen_is_not_blank(text: str) -> None:
    assert not is_blank(as_plain_text(text))
