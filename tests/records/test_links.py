"""Links to papers are ours alone, end in time, and the public number of a case tells nothing."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import SecretStr

import settings
from records import links
from records.tokens import SessionTokens
from settings import Settings
from tests.records.conftest import use_key

SENDER = "web-0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_link_leads_to_its_conversation(key: str) -> None:
    assert links.read(links.mint(SENDER)) == SENDER


def test_a_link_can_be_put_in_an_address_as_it_is(key: str) -> None:
    assert re.fullmatch(r"/papers/[A-Za-z0-9._-]+/calendar", links.path(links.mint(SENDER), "calendar"))


def test_nothing_of_the_conversation_can_be_read_from_a_link(key: str) -> None:
    token = links.mint(SENDER)
    opened = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert SENDER.encode() not in opened
    assert SENDER.removeprefix("web-") not in opened.hex()


def test_two_links_to_one_conversation_do_not_show_that_they_belong_together(key: str) -> None:
    first, second = (links.mint(SENDER, now=NOW) for _ in range(2))
    same = sum(a == b for a, b in zip(first[16:], second[16:], strict=True))  # after the moment that both name
    assert same < 20


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sender=st.text(st.characters(codec="utf-8"), min_size=1, max_size=120))
def test_a_link_is_short_and_safe_in_an_address_whatever_the_conversation_is_called(sender: str, key: str) -> None:
    token = links.mint(sender)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert len(token) < 800
    assert links.read(token) == sender


def test_a_link_of_the_web_is_no_longer_than_a_line(key: str) -> None:
    assert len(links.mint(SENDER)) <= 140


@pytest.mark.parametrize(("hours", "fine"), [(0, True), (47.9, True), (48, True), (48.1, False), (1000, False)])
def test_a_link_is_good_for_its_hours(hours: float, fine: bool, key: str) -> None:
    token = links.mint(SENDER, now=NOW)
    later = NOW + timedelta(hours=hours)
    if fine:
        assert links.read(token, now=later) == SENDER
    else:
        with pytest.raises(links.BadLink, match="too old"):
            links.read(token, now=later)


def test_the_hours_are_a_setting(key: str) -> None:
    token = links.mint(SENDER, now=NOW)
    short = settings.settings().model_copy(update={"link_hours": 1})
    with pytest.raises(links.BadLink):
        links.read(token, now=NOW + timedelta(hours=2), current=short)


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 139), character=st.sampled_from("abcXYZ019-_."))
def test_a_link_changed_anywhere_is_no_link(place: int, character: str, key: str) -> None:
    token = links.mint(SENDER, now=NOW)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(links.BadLink):
            links.read(changed, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "a b", "..", "=" * 500, "gAAAA", "a" * 5000])
def test_nonsense_is_no_link(token: str, key: str) -> None:
    with pytest.raises(links.BadLink):
        links.read(token)


def test_a_link_made_with_another_key_is_no_link(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.mint(SENDER)
    use_key(monkeypatch, "x" * 32)
    with pytest.raises(links.BadLink):
        links.read(token)


def test_a_session_token_is_no_link_and_a_link_no_session_token(key: str) -> None:
    tokens = SessionTokens(settings.signing_key(), 12)
    with pytest.raises(links.BadLink):
        links.read(tokens.mint(SENDER))
    with pytest.raises(Exception, match="bad_token"):
        tokens.read(f"Bearer {links.mint(SENDER)}")


def test_the_number_of_a_case_is_always_the_same(key: str) -> None:
    assert links.case_id(SENDER) == "rq27amdi3gjhgsel"


def test_the_number_of_a_case_belongs_to_one_conversation_and_one_key(key: str) -> None:
    others = {links.case_id(f"web-{number}") for number in range(100)}
    others.add(links.case_id(SENDER, current=Settings(secret_key=SecretStr("x" * 32))))
    others.add(links.case_id(SENDER))
    assert len(others) == 102
