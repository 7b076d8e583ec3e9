"""Long texts are read in windows that end where sentences end, never cut off after the first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CONTENT_TOKENS = 126  # 128 with the two marks that open and close a window
MAX_WINDOWS = 16  # about four pages; a longer text is heard at 16 evenly spread places
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+|\s*\n+\s*")


@dataclass(frozen=True)
class Window:
    """A run of tokens, `start` included and `end` not."""

    start: int
    end: int

    @property
    def tokens(self) -> int:
        return self.end - self.start


def split_windows(text: str, offsets: Sequence[tuple[int, int]]) -> list[Window]:
    """Windows of at most 126 tokens over the whole text. `offsets` are the tokens' places in the text."""
    if len(offsets) <= MAX_CONTENT_TOKENS:
        return [Window(0, len(offsets))] if offsets else []
    return spread(pack(sentences(text, offsets)))


def sentences(text: str, offsets: Sequence[tuple[int, int]]) -> list[Window]:
    """Runs of tokens between sentence ends; an over-long sentence is cut at the token limit."""
    borders = [match.end() for match in SENTENCE_END.finditer(text)]
    found: list[Window] = []
    start = 0
    for border in [*borders, len(text)]:
        end = start
        while end < len(offsets) and offsets[end][0] < border:
            end += 1
        found += cut(start, end)
        start = end
    return found


def cut(start: int, end: int) -> list[Window]:
    """One run of tokens as pieces that fit into a window."""
    step = MAX_CONTENT_TOKENS
    return [Window(first, min(first + step, end)) for first in range(start, end, step)]


def pack(runs: Sequence[Window]) -> list[Window]:
    """Neighbouring sentences put together as long as they fit into one window."""
    packed: list[Window] = []
    for run in runs:
        if packed and packed[-1].tokens + run.tokens <= MAX_CONTENT_TOKENS:
            packed[-1] = Window(packed[-1].start, run.end)
        else:
            packed.append(run)
    return packed


def spread(windows: list[Window]) -> list[Window]:
    """At most `MAX_WINDOWS` of them, first and last included, so that any text takes bounded time."""
    if len(windows) <= MAX_WINDOWS:
        return windows
    step = (len(windows) - 1) / (MAX_WINDOWS - 1)
    return [windows[round(place * step)] for place in range(MAX_WINDOWS)]
