"""Repairs misspelt words of the domain: "medicly" is "medically". Only words that no English vocabulary knows
are touched, and only when one domain word is close or sounds the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nlu.encoder.weights import package_folder

SHORTEST = 5
# From here on two edits are forgiven.
LONG = 9
# So much of a word is a word of its own.
SHORTEST_STEM = 4
ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("ly", ""),
)
PREFIXES = ("re", "un", "non", "pre", "over", "out", "mis", "dis", "auto", "super", "inter")
SAME_SOUND = (
    ("ph", "f"),
    ("[cst]ion", "shon"),
    ("c(?=[eiy])", "s"),
    ("ck|[cq]", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("y", "i"),
    ("ae|oe", "e"),
    (r"(.)\1", r"\1"),
)


@lru_cache
def common_words() -> frozenset[str]:
    """The whole words of the sentence encoder's vocabulary: 20,000 of the commonest in English."""
    data = json.loads((package_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(word for word in data["model"]["vocab"] if word.isalpha() and len(word) > 1)


def is_made_of_a_common_word(word: str) -> bool:
    """Whether it is a common word with an ending or a beginning: "clowns", "mailing", "rehearing"."""
    stems = [word[: -len(end)] + more for end, more in ENDINGS if word.endswith(end)]
    stems += [word.removeprefix(start) for start in PREFIXES if word.startswith(start)]
    return any(len(stem) >= SHORTEST_STEM and stem in common_words() for stem in stems)


def sound(word: str) -> str:
    """How a word sounds, roughly: "nesesary" and "necessary" are both "nesesari"."""
    for written, heard in SAME_SOUND:
        word = re.sub(written, heard, word)
    return word


def _shortened(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))} | {word}


class Speller:
    """Maps an unknown word to the domain word that is one edit away (two letters swapped count as one), or,
    for long words, two, or that sounds the same."""

    def __init__(self, domain: Iterable[str]) -> None:
        self._domain = {word for word in domain if len(word) >= SHORTEST - 1 and word.isalpha()}
        self._near: dict[str, set[str]] = {}
        self._by_sound: dict[str, set[str]] = {}
        for word in self._domain:
            for short in _shortened(word):
                self._near.setdefault(short, set()).add(word)
            self._by_sound.setdefault(sound(word), set()).add(word)
        self._repaired: dict[str, str] = {}

    def repair(self, word: str) -> str:
        """The domain word meant, or the word itself."""
        if len(word) < SHORTEST - 1 or not word.isalpha() or word in self._domain or word in common_words():
            return word
        if word not in self._repaired:
            if len(self._repaired) > 50_000:
                self._repaired.clear()
            self._repaired[word] = self._meant(word)
        return self._repaired[word]

    def _meant(self, word: str) -> str:
        if word[-1] == "s" and word[:-1] in self._domain:
            return word[:-1]
        made = is_made_of_a_common_word(word)
        ranked = min(
            ((*_unlike(word, near), near) for near in self._candidates(word) if not made or _slip(word, near)),
            default=None,
        )
        return str(ranked[-1]) if ranked else word

    def _candidates(self, word: str) -> Iterator[str]:
        near = {one for short in _shortened(word) for one in self._near.get(short, ())}
        if len(word) <= SHORTEST:
            near = {one for one in near if _slip(word, one) or len(one) > len(word) >= SHORTEST}
        if len(word) >= LONG:
            near |= {one for one in self._domain if one[0] == word[0] and abs(len(one) - len(word)) <= 2}
        allowed = 2 if len(word) >= LONG else 1
        yield from (one for one in near if _begins_alike(word, one) and distance(word, one, allowed) <= allowed)
        if len(word) >= SHORTEST:
            yield from self._by_sound.get(sound(word), ())


def _unlike(word: str, near: str) -> tuple[int, int, bool, int]:
    """How unlikely it is that `near` was meant: edits; letters swapped or doubled before one left out before another
    letter; the same end; the longer beginning."""
    kind = 0 if _slip(word, near) else 1 if len(word) != len(near) else 2
    return distance(word, near, LONG), kind, word[-1] != near[-1], -_alike(word, near)


def _slip(word: str, near: str) -> bool:
    """Whether only letters are swapped or doubled."""
    if len(word) == len(near):
        return sorted(word) == sorted(near) and distance(word, near, 1) <= 1
    return re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", near)


def _begins_alike(word: str, near: str) -> bool:
    """First letters are left out or swapped, hardly ever another letter."""
    return word[0] == near[0] or word == near[1:] or _slip(word, near)


def _alike(one: str, other: str) -> int:
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
