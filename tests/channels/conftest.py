"""The very small assistant, and a conversation with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.channels.talk import Talk
from tests.channels.tiny_bot import Assistant


@pytest.fixture
def assistant(tiny_assistant: Assistant) -> Assistant:
    """The running assistant."""
    return tiny_assistant


@pytest.fixture
def talk(assistant: Assistant) -> Iterator[Talk]:
    """A new conversation."""
    begun = Talk(assistant.web)
    with closing(begun.http):
        yield begun
