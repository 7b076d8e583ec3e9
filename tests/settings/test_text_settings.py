"""The settings of text messages: all or none, and a bad value is named in one line without the secret."""

from __future__ import annotations

import pytest

from settings import Settings, SettingsError, clear_settings, read_settings
from tests.texting.people import ACCOUNT


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    clear_settings()


def test_the_whole_account_is_taken() -> None:
    assert read_settings().takes_texts
    assert read_settings().twilio_api_url == "https://api.twilio.com"


def test_without_an_account_there_are_no_text_messages() -> None:
    assert not Settings(twilio_account_sid=None).takes_texts


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL", "TWILIO_ACCOUNT_SID"])
def test_what_lacks_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"IMR_{name}")
    with pytest.raises(SettingsError, match=f"IMR_{name} must be set too"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "AC123"),
        ("TWILIO_ACCOUNT_SID", "SK" + "a" * 32),
        ("TWILIO_FROM", "415-555-0100"),
        ("TWILIO_FROM", "+0"),
        ("TWILIO_FROM", "Kaiser"),
        ("PUBLIC_URL", "texts.example.org"),
        ("PUBLIC_URL", "https://texts.example.org/chat"),
        ("PUBLIC_URL", "https://me:pass@texts.example.org"),
        ("PUBLIC_URL", "https://texts.example.org?a=b"),
        ("TWILIO_API_URL", "api.twilio.com"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"IMR_{name}", value)
    with pytest.raises(SettingsError, match=f"^IMR_{name} must be "):
        read_settings()


def test_a_slash_at_the_end_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_PUBLIC_URL", "https://texts.example.org/")
    assert read_settings().public_url == "https://texts.example.org"


def test_the_token_is_in_no_error_and_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ACCOUNT["TWILIO_AUTH_TOKEN"] not in repr(read_settings())
    monkeypatch.delenv("IMR_TWILIO_ACCOUNT_SID")
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert ACCOUNT["TWILIO_AUTH_TOKEN"] not in str(error.value)
