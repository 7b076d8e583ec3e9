"""Who types what a button says is understood as if the button had been pressed."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.hearing import Heard, hear
from actions.memory import Memory
from actions.words import words

TITLES = [
    (fact, choice["title"], choice["facts"])
    for fact, entry in words()["questions"].items()
    for choice in entry.get("choices", [])
]


def typed(text: str, asked: str | None) -> Heard:
    """What is heard of a text to which the model has nothing to say."""
    latest = {"intent": {"name": "nlu_fallback"}, "entities": [], "text": text}
    tracker = Tracker("someone", {}, latest, [], False, None, {}, "action_listen")
    return hear(tracker, Memory(asked=asked))


@pytest.mark.parametrize(("asked", "title", "facts"), TITLES, ids=[f"{fact}: {title}" for fact, title, _ in TITLES])
def test_a_choice_that_is_typed_is_understood(asked: str, title: str, facts: dict[str, Any]) -> None:
    assert typed(title, asked).facts == facts
    assert typed(f"{title.lower()}.", asked).facts == facts


def test_the_words_of_a_choice_mean_nothing_when_it_was_not_offered() -> None:
    assert typed("Another one", None).facts == {}
    assert typed("Another one", "product").facts == {}
