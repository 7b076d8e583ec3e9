"""Recognise the words of the rule book behind shorthand, disguises and slips of the finger.

A word that the rule book knows, or that is an ordinary word of its own, is never touched. Another word of
five letters or more is read as the key word of six letters or more that is a single edit away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

SHORTEST_KEY_WORD = 6
"""Letters. Shorter words have too many honest neighbours to be guessed at."""

_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")
_FIGURES_FOR_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "!": "i"})
_VOWELS = "aeiou"


class Spelling:
    """The reader of single words: `shorthand` maps a written form to the words it stands for."""

    def __init__(
        self,
        vocabulary: Iterable[str],
        shorthand: Mapping[str, tuple[str, ...]],
        ordinary: Iterable[str],
        endings: Mapping[str, str],
    ) -> None:
        """`vocabulary` are the rule book's words, `ordinary` the real words that merely look like them.

        `endings` says what an apostrophe hides at the end of a word ("'ll" is "will").
        """
        words = frozenset(vocabulary)
        self._shorthand = dict(shorthand)
        self._meanings = {word: (word,) for word in words.union(ordinary)} | self._shorthand
        self._endings = sorted(endings.items(), key=lambda ending: -len(ending[0]))
        self._shortened = _index_by_deletion(words | shorthand.keys())
        self._longest = max(map(len, self._shortened), default=0) + 1

    def plain_words(self, folded: str) -> tuple[str, ...]:
        """The plain words behind `folded` (already lower case, no accents); itself when nothing is known."""
        known = self._meanings.get(folded)
        if known is not None:
            return known
        if "'" in folded:
            return self._with_apostrophe(folded) or (_bare(folded),)
        return self._relaxed(folded) or (folded,)

    def undisguised(self, folded: str) -> tuple[str, ...] | None:
        """The words behind a form with apostrophes, figures or signs among its letters; None if not known."""
        if "'" in folded or folded in self._meanings:
            return self._meanings.get(folded) or self._with_apostrophe(folded)
        letters = folded.translate(_FIGURES_FOR_LETTERS)
        if letters.isalpha():
            return self._meanings.get(letters) or self._guess(letters)
        tries = (self._meanings.get(letters.replace("*", vowel)) for vowel in _VOWELS)
        return next((known for known in tries if known), None)

    def _with_apostrophe(self, folded: str) -> tuple[str, ...] | None:
        """ "cant" for "can't"; else the word and what its apostrophe hides: "Carlos's" is "carlos 's"."""
        bare = _bare(folded)
        if bare in self._shorthand:
            return self._shorthand[bare]
        for ending, hidden in self._endings:
            if folded.endswith(ending) and len(folded) > len(ending):
                return (*self.plain_words(_bare(folded.removesuffix(ending))), hidden)
        return self._meanings.get(bare) or self._relaxed(bare)

    def _relaxed(self, folded: str) -> tuple[str, ...] | None:
        """`folded` without drawn-out letters ("heeelp"), else the key word one edit away."""
        if _DOUBLED.search(folded):
            for pattern, kept in ((_DRAWN_OUT, r"\1\1"), (_DRAWN_OUT, r"\1"), (_DOUBLED, r"\1")):
                if known := self._meanings.get(pattern.sub(kept, folded)):
                    return known
        return self._guess(_DRAWN_OUT.sub(r"\1", folded))

    def _guess(self, folded: str) -> tuple[str, ...] | None:
        if not SHORTEST_KEY_WORD - 1 <= len(folded) <= self._longest or not folded.isalpha():
            return None
        for shortened in (folded, *_deletions(folded)):
            for candidate in self._shortened.get(shortened, ()):
                if one_edit_apart(folded, candidate):
                    return self._meanings[candidate]
        return None


def one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter dropped, added, replaced or two neighbours swapped turn one word into the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return left == right
    if len(left) > len(right):
        left, right = right, left
    first = next((place for place, letter in enumerate(left) if letter != right[place]), len(left))
    if len(left) < len(right):
        return left[first:] == right[first + 1 :]
    swapped = left[first : first + 2][::-1] == right[first : first + 2] and left[first + 2 :] == right[first + 2 :]
    return swapped or left[first + 1 :] == right[first + 1 :]


def _bare(folded: str) -> str:
    return folded.replace("'", "")


def _deletions(word: str) -> Iterable[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _index_by_deletion(vocabulary: Set[str]) -> dict[str, list[str]]:
    """Each key word under itself and under every form that lacks one of its letters."""
    index: dict[str, list[str]] = defaultdict(list)
    for word in sorted(vocabulary):
        if len(word) >= SHORTEST_KEY_WORD and word.isalpha():
            for form in {word, *_deletions(word)}:
                index[form].append(word)
    return dict(index)
