"""Session tokens are ours alone, and end."""

from __future__ import annotations

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from channels.refusal import RefusedError
from channels.tokens import Tokens, new_sender_id

KEY = "k" * 40
HOURS = 12
SENDER = "web-0123456789abcdef0123456789abcdef"


def code_of(tokens: Tokens, header: str | None) -> str:
    with pytest.raises(RefusedError) as caught:
        tokens.read(header)
    assert caught.value.status == 401
    return caught.value.code


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_stands_for_its_conversation(scheme: str) -> None:
    tokens = Tokens(KEY, HOURS)
    assert tokens.read(f"{scheme} {tokens.mint(SENDER)}") == SENDER


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_request_without_a_token_is_told_so(header: str | None) -> None:
    assert code_of(Tokens(KEY, HOURS), header) == "missing_token"


def test_a_token_of_another_key_is_forged() -> None:
    assert code_of(Tokens(KEY, HOURS), f"Bearer {Tokens('x' * 40, HOURS).mint(SENDER)}") == "bad_token"


@given(st.integers(0, 60), st.sampled_from("abcXYZ019-_."))
def test_a_token_changed_anywhere_is_forged(place: int, character: str) -> None:
    tokens = Tokens(KEY, HOURS)
    token = tokens.mint(SENDER)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        assert code_of(tokens, f"Bearer {changed}") == "bad_token"


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "a b", "..", "=" * 500])
def test_nonsense_is_no_token(token: str) -> None:
    assert code_of(Tokens(KEY, HOURS), f"Bearer {token}") == "bad_token"


def test_a_token_is_good_for_its_hours_and_no_longer() -> None:
    tokens = Tokens(KEY, HOURS)
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
        header = f"Bearer {tokens.mint(SENDER)}"
    with time_machine.travel("2026-11-23T19:59:59Z", tick=False):
        assert tokens.read(header) == SENDER
    with time_machine.travel("2026-11-23T20:00:01Z", tick=False):
        assert code_of(tokens, header) == "expired_token"


def test_conversation_ids_are_random_and_name_their_channel() -> None:
    ids = {new_sender_id("web", "k" * 32, None) for _ in range(100)}
    assert len(ids) == 100
    assert all(sender.startswith("web-") and len(sender) == 36 for sender in ids)
