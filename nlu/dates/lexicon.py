"""Classes of words, and shapes: patterns over the classes instead of over the letters.

Each class gets one character; a text becomes a string of them, one for each word, and a shape such as
`month day year?` becomes a regular expression over that string. Matching stays fast and cannot blow up, and
a new spelling is a new line of data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from nlu.dates.patterns import Words, spellings
from nlu.dates.tokens import Token, cut

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def _numbers(meaning: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in meaning.split())
    except ValueError:
        return ()


class Alphabet:
    """One character for every class name, and shapes compiled over them."""

    def __init__(self, names: Iterable[str], macros: dict[str, str] | None = None) -> None:
        self._characters = {name: chr(0x4E00 + place) for place, name in enumerate(dict.fromkeys(names))}
        self._macros = macros or {}

    def __getitem__(self, name: str) -> str:
        return self._characters[name]

    def __contains__(self, name: str) -> bool:
        return name in self._characters

    def compile(self, shape: str) -> re.Pattern[str]:
        """The shape as a regular expression. Raises KeyError for a class that does not exist."""
        return re.compile(self._expand(shape).replace(" ", ""))

    def names(self, shape: str) -> frozenset[str]:
        """The classes that a shape looks for; what it only lets pass between them is left out."""
        found: set[str] = set()
        for name in _NAME.findall(re.sub(r"\[\^.*?\]|\(\?<?!.*?\)", " ", shape)):
            found |= self.names(self._macros[name]) if name in self._macros else {name}
        return frozenset(found)

    def _expand(self, shape: str) -> str:
        return _NAME.sub(lambda name: self._one(name.group()), shape)

    def _one(self, name: str) -> str:
        if name in self._macros:
            return f"(?:{self._expand(self._macros[name])})"
        return self._characters[name]


class Lexicon:
    """Finds the words and phrases of a set of classes, the longest first."""

    def __init__(self, classes: dict[str, Words], hyphens: bool = True) -> None:
        """`hyphens`: whether the texts will hold the hyphens inside of words."""
        self._root: dict[str, Any] = {}
        for kind, words in classes.items():
            for spelt, meaning in spellings(words):
                self._add(spelt if hyphens else spelt.replace("-", " "), kind, meaning)

    def _add(self, spelt: str, kind: str, meaning: str) -> None:
        node = self._root
        for token in cut(spelt):
            node = node.setdefault(token.text, {})
        if "" in node and node[""][0] != kind:
            raise ValueError(f"{spelt!r} is in two classes: {node[''][0]} and {kind}")
        node[""] = (kind, _numbers(meaning), meaning)

    def __contains__(self, word: str) -> bool:
        """Whether a word or phrase begins with this word."""
        return word in self._root

    def longest(self, tokens: list[Token], place: int) -> tuple[str, tuple[int, ...], str, int] | None:
        """The class, the value, the name and the number of words of the longest phrase that begins at `place`."""
        node, best, size = self._root.get(tokens[place].text), None, 1
        while node:
            if "" in node:
                best = (*node[""], size)
            if place + size >= len(tokens):
                break
            node = node.get(tokens[place + size].text)
            size += 1
        return best

    def merge(self, tokens: list[Token]) -> list[Token]:
        """The tokens with every phrase of the lexicon made one token of its class."""
        merged, place = [], 0
        while place < len(tokens):
            token = tokens[place]
            found = self.longest(tokens, place) if token.text in self._root else None
            if found is None:
                merged.append(token)
                place += 1
                continue
            kind, value, name, size = found
            end = tokens[place + size - 1].end
            text = token.text if size == 1 else " ".join(part.text for part in tokens[place : place + size])
            merged.append(Token(kind, text, token.start, end, value or token.value, name))
            place += size
        return merged
