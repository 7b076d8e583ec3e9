"""The last answer of a conversation, for a message that comes again."""

from __future__ import annotations

import pytest

from channels import answers
from channels.answers import LastAnswers


def test_only_the_last_message_of_a_conversation_is_answered_from_memory() -> None:
    kept = LastAnswers()
    kept.keep("web-1", "a", {"heard": "A"})
    assert kept.given("web-1", "a") == {"heard": "A"}
    assert kept.given("web-2", "a") is None
    kept.keep("web-1", "b", {"heard": "B"})
    assert [kept.given("web-1", number) for number in ("a", "b")] == [None, {"heard": "B"}]


def test_a_message_without_a_number_is_never_answered_from_memory() -> None:
    kept = LastAnswers()
    kept.keep("web-1", None, {"heard": "A"})
    assert kept.given("web-1", None) is None


def test_an_answer_is_remembered_for_minutes_only() -> None:
    now = [0.0]
    kept = LastAnswers(lambda: now[0])
    kept.keep("web-1", "a", {"heard": "A"})
    now[0] = answers.LIFE_SECONDS
    assert kept.given("web-1", "a") is not None
    now[0] += 1
    assert kept.given("web-1", "a") is None
    assert len(kept._kept) == 0


def test_what_a_person_erased_is_not_given_again() -> None:
    kept = LastAnswers()
    kept.keep("web-1", "a", {"heard": "A"})
    kept.forget("web-1")
    kept.forget("web-2")
    assert kept.given("web-1", "a") is None


def test_of_many_conversations_the_one_that_is_silent_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST", 2)
    kept = LastAnswers()
    for sender, number in (("web-1", "a"), ("web-2", "b"), ("web-1", "c"), ("web-3", "d")):
        kept.keep(sender, number, {})
    assert [kept.given(sender, number) for sender, number in (("web-1", "c"), ("web-2", "b"), ("web-3", "d"))] == [
        {},
        None,
        {},
    ]
