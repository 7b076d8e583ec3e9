"""A sentence as the patterns see it: words with one blank each, and the way back to the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc, Span, Token

START = " ^ "


@dataclass(frozen=True)
class Sentence:
    """`line` is the sentence in repaired words, each followed by a blank, after a sign for its start; `places`
    gives for each character of the line the token it belongs to."""

    number: int
    line: str
    tokens: tuple[Token, ...]
    places: tuple[int, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the line."""
        return frozenset(self.line.split())

    @cached_property
    def asks(self) -> bool:
        """Whether it ends in a question mark."""
        return "?" in self.line[-8:].split()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the line stands in the text."""
        first, last = self.tokens[self.places[start]], self.tokens[self.places[max(start, end - 1)]]
        return first.idx, last.idx + len(last)

    def words_before(self, start: int, most: int) -> list[str]:
        """Up to `most` words before a place in the line, nearest first."""
        return self.line[len(START) : start].split()[::-1][:most]


def _sentence(number: int, span: Span) -> Sentence:
    line, places = [START], [0] * len(START)
    tokens: list[Token] = []
    last = len(span) - 1
    for place, token in enumerate(span):
        spelled = token.norm_.replace("^", "").strip()
        if not spelled or token.is_space or spelled in ("'", '"') or (spelled == "." and place < last):
            continue
        line.append(spelled + " ")
        places += [len(tokens)] * (len(spelled) + 1)
        tokens.append(token)
    return Sentence(number, "".join(line), tuple(tokens), tuple(places))


def sentences(doc: Doc) -> Iterator[Sentence]:
    """The sentences of a document that hold words."""
    starts = [token.i for token in doc if token.i == 0 or token.is_sent_start]
    for number, start in enumerate(starts):
        found = _sentence(number, doc[start : (*starts, len(doc))[number + 1]])
        if found.tokens:
            yield found
