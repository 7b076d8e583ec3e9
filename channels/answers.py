"""The last answer of each conversation, for a message that comes again because its answer was lost on the way.

For minutes only: what a person has erased, in whichever process, must not live on in this one's memory.

What is kept in the database lacks the words of private answers and what the door itself said; this is in memory, for
as many conversations as were going on lately.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MOST = 2000
LIFE_SECONDS = 300.0


class LastAnswers:
    """By conversation: the number of its last message, and what was answered. `clock` gives growing seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[str, tuple[str, dict[str, Any], float]] = OrderedDict()
        self._clock = clock

    def keep(self, sender_id: str, message_id: str | None, answer: dict[str, Any]) -> None:
        """Keep the answer to a message that has a number."""
        if message_id is None:
            return
        self._kept[sender_id] = (message_id, answer, self._clock())
        self._kept.move_to_end(sender_id)
        self._drop_old()

    def given(self, sender_id: str, message_id: str | None) -> dict[str, Any] | None:
        """The answer that was given to this message, if it was the last one."""
        self._drop_old()
        known, answer, _ = self._kept.get(sender_id, (None, None, 0.0))
        return answer if message_id is not None and known == message_id else None

    def _drop_old(self) -> None:
        """Those of long ago; they stand first."""
        while self._kept and (len(self._kept) > MOST or self._is_old(next(iter(self._kept.values()))[2])):
            self._kept.popitem(last=False)

    def _is_old(self, at: float) -> bool:
        return self._clock() - at > LIFE_SECONDS

    def forget(self, sender_id: str) -> None:
        """What a person erased is not given again."""
        self._kept.pop(sender_id, None)
