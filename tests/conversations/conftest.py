"""One running assistant, the real one, for all conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from cli.talking import Assistant, Conversation, running

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The whole of `./imr serve` on a free port, with a database of its own and the clock at TODAY."""
    folder = tmp_path_factory.mktemp("assistant")
    with running(TODAY, folder, folder / "serve.log") as started:
        yield started


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
