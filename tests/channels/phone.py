"""Somebody's phone, which texts with the very small assistant through the stand-in for Twilio."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import httpx

from tests.channels.tiny_bot import Assistant

NUMBERS = itertools.count(1)
SECONDS = 40


class Phone:
    """One phone, whose number nobody texted from before."""

    def __init__(self, assistant: Assistant) -> None:
        self.number = f"+1415555{next(NUMBERS):04d}"
        self._stand_in = assistant.phone

    def text(self, words: str, *, pictures: int = 0, number: str | None = None) -> list[int]:
        """Text the assistant. Returns the status codes of its acknowledgements."""
        said = {"from": self.number, "body": words, "pictures": pictures, "sid": number}
        answer = httpx.post(f"{self._stand_in.url}/sandbox/text", json=said, timeout=60)
        statuses: list[int] = answer.json()["statuses"]
        return statuses

    @property
    def came(self) -> list[str]:
        """Every message that came, in order."""
        all_of_them = self._stand_in.inside.messages
        return [one.body for one in all_of_them if one.direction != "inbound" and one.receiver == self.number]

    def wait_for(self, count: int) -> list[str]:
        """The messages, once there are so many. Raises AssertionError when they do not come."""
        return self.wait_until(lambda came: len(came) >= count)

    def wait_until(self, is_enough: Callable[[list[str]], bool]) -> list[str]:
        """The messages, once they are enough. Raises AssertionError when they do not come."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if is_enough(self.came):
                return self.came
            time.sleep(0.05)
        raise AssertionError(f"only {self.came} came")

    def ask(self, words: str) -> str:
        """Text, and what comes next."""
        before = len(self.came)
        self.text(words)
        return self.wait_for(before + 1)[-1]

    def stays_silent(self, seconds: float = 2.5) -> bool:
        """Whether nothing comes for a while."""
        before = len(self.came)
        time.sleep(seconds)
        return len(self.came) == before
