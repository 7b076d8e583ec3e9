"""Conversations with the real assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cli.talking import Assistant, Conversation


@pytest.fixture
def someone(assistant: Assistant) -> Iterator[Callable[[], Conversation]]:
    """Opens conversations, and closes them afterwards."""
    opened: list[Conversation] = []

    def open_one() -> Conversation:
        opened.append(Conversation(assistant.url))
        return opened[-1]

    yield open_one
    for conversation in opened:
        conversation.close()
