"""Repairs misspelt words of the domain: "medicly" is "medically". Only words that no English vocabulary knows
are touched, and only when one domain word is close."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from nlu.encoder.weights import package_folder

SHORTEST = 5
LONG = 9


@lru_cache
def common_words() -> frozenset[str]:
    """The whole words of the sentence encoder's vocabulary: 20,000 of the commonest in English."""
    data = json.loads((package_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(word for word in data["model"]["vocab"] if word.isalpha() and len(word) > 1)


def _shortened(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))} | {word}


class Speller:
    """Maps an unknown word to the domain word that is one edit away (two letters swapped count as one), or,
    for long words, two."""

    def __init__(self, domain: Iterable[str]) -> None:
        self._domain = {word for word in domain if len(word) >= SHORTEST and word.isalpha()}
        self._near: dict[str, set[str]] = {}
        for word in self._domain:
            for short in _shortened(word):
                self._near.setdefault(short, set()).add(word)
        self._repaired: dict[str, str] = {}

    def repair(self, word: str) -> str:
        """The domain word meant, or the word itself."""
        if len(word) < SHORTEST or not word.isalpha() or word in self._domain or word in common_words():
            return word
        if word not in self._repaired:
            if len(self._repaired) > 50_000:
                self._repaired.clear()
            self._repaired[word] = self._closest(word)
        return self._repaired[word]

    def _closest(self, word: str) -> str:
        candidates = {near for short in _shortened(word) for near in self._near.get(short, ())}
        allowed = 2 if len(word) >= LONG else 1
        if len(word) == SHORTEST:
            candidates = {near for near in candidates if len(near) > len(word) or sorted(near) == sorted(word)}
        if len(word) >= LONG:
            candidates |= {near for near in self._domain if near[0] == word[0] and abs(len(near) - len(word)) <= 2}
        ranked = min(
            ((distance(word, near, allowed), -_begin_alike(word, near), near) for near in candidates), default=None
        )
        return ranked[2] if ranked and ranked[0] <= allowed else word


def _begin_alike(one: str, other: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words (a swap of neighbours is one), or `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
