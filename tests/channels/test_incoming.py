"""A request body is read strictly: a text or a choice, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from channels.incoming import Chosen, Said, as_rasa_choice, read_message
from channels.refusal import STATUS, RefusedError
from channels.wording import wording

DOMAIN = Domain.from_dict({"intents": ["give_details"], "entities": ["choice"]})
NOT_JSON = [b"", b"{", b"text=hello", b"\xff\xfe", b"[" * 15000, b'{"text": "a"', b"{\"text\": 'a'}"]
NOT_A_MESSAGE = [
    b"[]",
    b"null",
    b'"hello"',
    b"{}",
    b'{"message": "hello"}',
    b'{"text": null}',
    b'{"text": 1}',
    b'{"text": ["a"]}',
    b'{"payload": true}',
    b'{"payload": {"a": 1}}',
    b'{"text": "a", "payload": "b"}',
]


def code_of(body: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read_message(body)
    return caught.value.code


@pytest.mark.parametrize("body", NOT_JSON)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    assert code_of(body) == "bad_json"


@pytest.mark.parametrize("body", NOT_A_MESSAGE)
def test_what_holds_neither_a_text_nor_a_choice_is_refused(body: bytes) -> None:
    assert code_of(body) == "bad_message"


def test_a_refusal_says_what_is_allowed() -> None:
    message = RefusedError("bad_message").body()["error"]["message"]
    assert '"text"' in message
    assert '"payload"' in message


@pytest.mark.parametrize("code", STATUS)
def test_every_refusal_has_a_sentence(code: str) -> None:
    assert wording("errors", code, limit=16384, shortest=32).endswith(".")


def test_a_text_is_cleaned_and_its_length_is_what_came_in() -> None:
    assert read_message(b'{"text": " hello\\u0000 "}') == Said("hello", 8)


def test_an_unused_null_beside_a_text_does_no_harm() -> None:
    assert read_message(b'{"text": "hello", "payload": null}') == Said("hello", 5)


def test_half_a_character_is_dropped() -> None:
    assert read_message(b'{"text": "a\\ud800b"}') == Said("ab", 3)


def test_a_payload_is_kept_as_it_is() -> None:
    assert read_message(b'{"payload": "grievance_status=not_filed"}') == Chosen("grievance_status=not_filed")


def test_a_choice_reaches_rasa_as_one_entity() -> None:
    expected = '/give_details{"choice": "grievance_status=not_filed"}'
    assert as_rasa_choice("grievance_status=not_filed") == expected


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_nothing_in_a_payload_can_break_out_of_it(payload: str) -> None:
    heard = YAMLStoryReader.unpack_regex_message(Message({TEXT: as_rasa_choice(payload)}), DOMAIN)
    assert heard.get(INTENT)["name"] == "give_details"
    assert [(entity["entity"], entity["value"]) for entity in heard.get(ENTITIES)] == [("choice", payload)]


ANY_JSON = st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps).map(str.encode)


@given(st.binary(max_size=200) | ANY_JSON)
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    assert code_of(body) in ("bad_json", "bad_message")


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    assert isinstance(read_message(json.dumps({"text": text}).encode()), Said)


def test_a_message_may_have_a_number_of_the_clients() -> None:
    assert read_message(b'{"text": "hi", "id": "a-1_B"}') == Said("hi", 2, "a-1_B")
    assert read_message(b'{"payload": "a=b", "id": "7"}') == Chosen("a=b", "7")


@pytest.mark.parametrize("number", ["1", '""', '"a b"', f'"{"a" * 65}"', '["a"]', '"\\u00e4"'])
def test_a_number_of_another_kind_is_refused(number: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_message(f'{{"text": "hi", "id": {number}}}'.encode())
    assert refused.value.code == "bad_id"
