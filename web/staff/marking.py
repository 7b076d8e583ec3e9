"""A message with what was understood marked where it stands. The text stays text, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from records.transcripts import Found


class Piece(NamedTuple):
    """A part of a text; `facts` are those that were read in just these words, none for the words between."""

    text: str
    facts: tuple[str, ...]


def pieces(text: str, found: Iterable[Found]) -> list[Piece]:
    """The text in parts. Of marks that overlap the first stands, of those that begin together the longest; others in
    the same words are named with it."""
    parts: list[Piece] = []
    end = 0
    for start, stop, facts in _marks(text, found):
        if start >= end:
            parts += [Piece(text[end:start], ())] if start > end else []
            parts.append(Piece(text[start:stop], facts))
            end = stop
    return [*parts, Piece(text[end:], ())] if end < len(text) else parts


def _marks(text: str, found: Iterable[Found]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    spans: dict[tuple[int, int], list[str]] = {}
    for one in found:
        if 0 <= one.start < one.end <= len(text):
            spans.setdefault((one.start, one.end), []).append(one.name)
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        yield start, stop, tuple(dict.fromkeys(spans[start, stop]))
