"""The little language that patterns are written in, and what it compiles to.

A pattern is words that follow one another. Beside plain words:

    (a|b c)      one of the alternatives; a group may stand in a group
    (a|b)?       may be left out
    @name        one of the words of a list in _words.yml or _ways.yml
    *3           up to three words in between, none of them a negation or the start of another clause
    ~3           up to three words in between, of any kind
    #            a number, in figures or in words
    !(a|b)       what follows is none of these
    <!(a|b)      what stands before is none of these (each of plain words)
    ^ and $      the start and the end of the sentence

Words are matched as the pipeline spells them: lower case, contractions opened, accents off, hyphens as blanks,
apostrophes and full stops inside words left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import combining, normalize

PIECES = re.compile(r"<!\(|!\(|\(|\)\??|\||[*~]\d+|@\w+\??|[^\s()|]+")
NUMBER = (
    r"(?:[\d][\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|ninety|several|couple|dozen) "
)
# So common that a pattern is better looked up by another of its words.
COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "it",
        "is",
        "was",
        "my",
        "not",
        "no",
        "to",
        "of",
        "for",
        "and",
        "in",
        "on",
        "that",
        "they",
        "he",
        "she",
        "we",
        "me",
        "be",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "this",
        "with",
        "are",
        "will",
        "from",
        "you",
        "her",
        "his",
        "our",
        "by",
        "as",
        "at",
        "or",
        "but",
        "if",
        "so",
        "their",
    ]
)

Lists = Mapping[str, list[str]]
Needed = list[frozenset[str]]


class PatternError(ValueError):
    """A pattern that cannot be read. The message names it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern: its regular expression, and the words of which at least one must be in the sentence
    for it to match (None: that cannot be told)."""

    regex: str
    needed: frozenset[str] | None


@dataclass(frozen=True)
class Compiled:
    """A pattern made ready. `key` is the group of words to look it up by, `others` must each be met too."""

    source: str
    key: frozenset[str]
    others: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, compiled when it is first asked for."""
        return re.compile(self.source)


def plain(words: str) -> str:
    """Words as the pipeline spells them."""
    if words.isascii() and words.isalpha():
        return words.lower()
    words = "".join(sign for sign in normalize("NFD", words.lower()) if not combining(sign))
    words = re.sub(r"(?<=\w)-|-(?=\w)", " ", words.replace("\u2019", "'"))
    words = re.sub(r"(\w)'(\w)", r"\1 \2", words).replace("'", "")
    return re.sub(r"  +", " ", re.sub(r"(?<=\w)\.|\.(?=\w)", "", words)).strip()


class Grammar:
    """Compiles patterns with one set of word lists."""

    def __init__(self, lists: Lists, gap_stops: Iterable[str]) -> None:
        self._lists = lists
        stops = "|".join(re.escape(word) for word in sorted(gap_stops))
        self._calm_word = rf"(?:(?!(?:{stops}) )\S+ )"
        self._of_list = lru_cache(maxsize=None)(self._make_list)

    def compile(self, source: str) -> Compiled:
        """A pattern made ready. Raises PatternError."""
        pieces = iter(PIECES.findall(plain(source)))
        parts, end = self._sequence(pieces)
        if end:
            raise PatternError(f"The pattern closes a group that it never opened: {source}")
        needed = sorted((part.needed for part in parts if part.needed), key=_cost)
        if not needed:
            raise PatternError(f"The pattern could match anything: {source}")
        regex = "(?<= )" + "".join(part.regex for part in parts)
        return Compiled(regex, needed[0], tuple(needed[1:]))

    def _sequence(self, pieces: Iterator[str]) -> tuple[list[Piece], str]:
        """The parts up to the end of the alternative, and what ended it: `|`, `)`, `)?` or nothing."""
        parts: list[Piece] = []
        for piece in pieces:
            if piece in ("|", ")", ")?"):
                return parts, piece
            parts.append(self._part(piece, pieces))
        return parts, ""

    def _part(self, piece: str, pieces: Iterator[str]) -> Piece:
        if piece == "(":
            return self._group(pieces)
        if piece == "!(":
            return Piece(f"(?!{self._group(pieces).regex})", None)
        if piece == "<!(":
            return self._not_after(pieces)
        if piece[0] == "@":
            return self._of_list(piece)
        if piece[0] in "*~" and piece[1:].isdigit():
            word = self._calm_word if piece[0] == "*" else r"(?:\S+ )"
            return Piece(rf"{word}{{0,{piece[1:]}}}?", None)
        return _sign_or_word(piece)

    def _group(self, pieces: Iterator[str]) -> Piece:
        alternatives, end = [], "|"
        while end == "|":
            parts, end = self._sequence(pieces)
            alternatives.append(parts)
        if not end:
            raise PatternError("A pattern leaves a group open.")
        return _either(alternatives, optional=end == ")?")

    def _not_after(self, pieces: Iterator[str]) -> Piece:
        words, piece = [""], next(pieces)
        while piece != ")":
            words = [*words, ""] if piece == "|" else [*words[:-1], words[-1] + piece + " "]
            piece = next(pieces)
        return Piece("".join(f"(?<! {re.escape(word)})" for word in words), None)

    def _make_list(self, name: str) -> Piece:
        words = self._lists.get(name.strip("@?"))
        if words is None:
            raise PatternError(f"There is no list of words called {name}.")
        parts = [self._sequence(iter(PIECES.findall(plain(str(word)))))[0] for word in _longest_first(words)]
        return _either(parts, optional=name.endswith("?"))


def _longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word.split()), word))


def _sign_or_word(piece: str) -> Piece:
    if piece == "#":
        return Piece(NUMBER, None)
    if piece == "^":
        return Piece(r"(?<=\^ )", None)
    if piece == "$":
        return Piece(r"(?=[^\w]*$)", None)
    return Piece(re.escape(piece) + " ", frozenset({piece}))


def _either(alternatives: list[list[Piece]], optional: bool) -> Piece:
    regex = "(?:" + "|".join("".join(part.regex for part in parts) for parts in alternatives) + ")"
    best = [_best(parts) for parts in alternatives]
    if optional or not all(best):
        return Piece(regex + "?" * optional, None)
    return Piece(regex, frozenset().union(*[words for words in best if words]))


def _best(parts: list[Piece]) -> frozenset[str] | None:
    needed = [part.needed for part in parts if part.needed]
    return min(needed, key=_cost) if needed else None


def _cost(words: frozenset[str]) -> int:
    """How often a group of words is met, roughly."""
    return sum(100 if word in COMMON else 10 if len(word) < 4 else 1 for word in words)
