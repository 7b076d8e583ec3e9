"""The last answer of each conversation, for a message that comes again because its answer was lost on the way.

What is kept in the database lacks the words of private answers and what the door itself said; this is in memory, for
as many conversations as were going on lately.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

MOST = 2000


class LastAnswers:
    """By conversation: the number of its last message, and what was answered."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, dict[str, Any]]] = OrderedDict()

    def keep(self, sender_id: str, message_id: str | None, answer: dict[str, Any]) -> None:
        """Keep the answer to a message that has a number."""
        if message_id is None:
            return
        self._kept[sender_id] = (message_id, answer)
        self._kept.move_to_end(sender_id)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def given(self, sender_id: str, message_id: str | None) -> dict[str, Any] | None:
        """The answer that was given to this message, if it was the last one."""
        known, answer = self._kept.get(sender_id, (None, None))
        return answer if message_id is not None and known == message_id else None

    def forget(self, sender_id: str) -> None:
        """What a person erased is not given again."""
        self._kept.pop(sender_id, None)
