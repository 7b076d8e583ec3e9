"""How long reading one message takes, one after the other, on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from cli.evaluate.messages import Case
from cli.evaluate.scores import percentile

MOST_WORDS = 60
LETTER_CHARACTERS = 2_000
ROUNDS = 3
LETTERS = 10

Read = Callable[[str, date], object]


@dataclass(frozen=True)
class Latency:
    """Milliseconds: half of the messages of up to 60 words take no longer than `p50`, 95 of 100 no longer than
    `p95`; `letter` is the 95th percentile for letters of 2,000 characters. `times` are all of the short ones."""

    p50: float
    p95: float
    letter: float
    times: tuple[float, ...]


def measure(read: Read, cases: Sequence[Case]) -> Latency:
    """Read every message of up to 60 words three times, and ten letters put together from the longest."""
    short = [case for case in cases if len(case.text.split()) <= MOST_WORDS]
    times = [timed(read, case.text, case.today) for _ in range(ROUNDS) for case in short]
    day = cases[0].today
    slow = [timed(read, text, day) for text in letters(cases)]
    return Latency(percentile(times, 50), percentile(times, 95), percentile(slow, 95), tuple(times))


def timed(read: Read, text: str, today: date) -> float:
    """Milliseconds for one message."""
    started = time.perf_counter()
    read(text, today)
    return (time.perf_counter() - started) * 1000


def letters(cases: Sequence[Case]) -> list[str]:
    """Texts of 2,000 characters, each begun with another message."""
    texts = [case.text for case in sorted(cases, key=lambda case: -len(case.text))][: 4 * LETTERS]
    return [letter(texts[start:] + texts[:start]) for start in range(min(LETTERS, len(texts)))]


def letter(texts: Sequence[str]) -> str:
    """Messages one after the other, as often as it takes, cut at 2,000 characters."""
    joined = "\n\n".join(texts)
    while len(joined) < LETTER_CHARACTERS:
        joined += "\n\n" + joined
    return joined[:LETTER_CHARACTERS]
