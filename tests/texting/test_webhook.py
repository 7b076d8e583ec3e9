"""What Twilio posts is told from what anybody else posts, and read."""

from __future__ import annotations

import pytest

from sandbox.signing import signature
from settings import Settings
from tests.texting.people import ROSA, TOKEN, form, posted
from texting.webhook import MESSAGES, STATUS, Form, is_signed, read_form, read_message, read_status

# The example in Twilio's documentation of its signature.
EXAMPLE = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}


def signed(current: Settings, body: bytes, headers: dict[str, str], path: str = MESSAGES) -> bool:
    return is_signed(read_form(body), path, headers, current)


def test_the_stand_in_signs_as_twilio_documents_it() -> None:
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", address, EXAMPLE) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("words", ["hello", "", "¡Hola! ¿Qué pasó?", "a&b=c+d%20", "😀" * 700, "\n \t"])
def test_every_text_that_twilio_signed_is_let_in(words: str, current: Settings) -> None:
    assert signed(current, *posted(form(words)))


def test_what_is_not_signed_is_refused(current: Settings) -> None:
    body, _ = posted(form("hello"))
    assert not signed(current, body, {})
    assert not signed(current, body, {"x-twilio-signature": ""})
    assert not signed(current, body, {"x-twilio-signature": "ü"})


def test_what_was_signed_with_another_token_is_refused(current: Settings) -> None:
    assert not signed(current, *posted(form("hello"), token="1" * 32))


def test_what_was_signed_for_the_other_path_is_refused(current: Settings) -> None:
    body, headers = posted(form("hello"))
    assert not signed(current, body, headers, STATUS)


def test_a_changed_form_is_refused(current: Settings) -> None:
    body, headers = posted(form("hello"))
    for changed in (body.replace(b"hello", b"hallo"), body + b"&More=1", body + b"&Body=again", b"", b"\xff\xfe"):
        assert not signed(current, changed, headers)


def test_forwarded_headers_change_nothing(current: Settings) -> None:
    fields = form("hello")
    evil = {"x-twilio-signature": signature(TOKEN, "https://evil.example" + MESSAGES, fields)}
    claims = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    body, _ = posted(fields)
    assert not signed(current, body, {**evil, **claims})


def test_nothing_is_let_in_when_text_messages_are_not_set_up(current: Settings) -> None:
    nothing = {"twilio_account_sid": None, "twilio_auth_token": None, "twilio_from": None}
    body, headers = posted(form("hello"))
    assert not is_signed(read_form(body), MESSAGES, headers, current.model_copy(update=nothing))


def test_a_message_is_read() -> None:
    found = read_message(Form(list(form(" hi ", number="SM1", NumMedia="2").items())))
    assert found == ("SM1", ROSA, " hi ", 2, "")


@pytest.mark.parametrize(
    "changes",
    [{"From": "KAISER"}, {"From": "whatsapp:+14155550134"}, {"From": ""}, {"From": "+"}, {"MessageSid": ""}],
)
def test_what_is_not_from_a_phone_is_no_message(changes: dict[str, str]) -> None:
    assert read_message(Form(list({**form("hi"), **changes}.items()))) is None


def test_a_message_without_words_is_a_message() -> None:
    fields = form("", NumMedia="x")
    del fields["Body"]
    assert read_message(Form(list(fields.items())))[2:] == ("", 0, "")


def test_a_status_is_read() -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert read_status(Form(list(fields.items()))) == ("SM1", "undelivered", 30003)
    assert read_status(Form([("MessageSid", "SM1")])) is None
