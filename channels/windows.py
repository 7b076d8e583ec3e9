"""How often somebody did something in the last minute: kept in this process's memory, forgotten a minute later."""

from __future__ import annotations

from collections import OrderedDict, deque

MINUTE = 60.0  # seconds


class Window:
    """The moments, in seconds, of what somebody did in the last minute; of at most `most` things. 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._done: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, whose: str, now: float) -> float:
        """Counts one thing, unless that is too many: then the answer is how long to wait, in seconds; else 0."""
        if not self._most:
            return 0.0
        self._forget(now)
        done = self._done.setdefault(whose, deque())
        while done and done[0] <= now - MINUTE:
            done.popleft()
        if len(done) >= self._most:
            return done[0] + MINUTE - now
        done.append(now)
        self._done.move_to_end(whose)
        return 0.0

    def _forget(self, now: float) -> None:
        """Those who did nothing for a minute; they stand first."""
        while self._done and self._is_over(next(iter(self._done.values())), now):
            self._done.popitem(last=False)

    @staticmethod
    def _is_over(done: deque[float], now: float) -> bool:
        return done[-1] <= now - MINUTE

    def __len__(self) -> int:
        return len(self._done)
