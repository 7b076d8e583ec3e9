"""Recognise the words of the rule book behind shorthand, disguises and slips of the finger.

A word that the rule book knows, or that is an ordinary word of its own, is never touched. Another word of five
letters or more is read as the one key word of six letters or more that is a single edit away.
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
        self._vocabulary = frozenset(vocabulary)
        self._shorthand = dict(shorthand)
        self._ordinary = frozenset(ordinary)
        self._endings = sorted(endings.items(), key=lambda ending: -len(ending[0]))
        self._shortened = _index_by_deletion(self._vocabulary | self._shorthand.keys())

    def plain_words(self, folded: str) -> tuple[str, ...]:
        """The plain words behind `folded` (already lower case, no accents); itself when nothing is known."""
        return self._known(folded) or self._split(folded) or self._relaxed(folded) or (_bare(folded),)

    def undisguised(self, folded: str) -> tuple[str, ...] | None:
        """The words behind a form with apostrophes, figures or signs among its letters; None if not known."""
        whole = self._known(folded) or self._split(folded)
        if whole is not None or "'" in folded:
            return whole or self._relaxed(_bare(folded))
        letters = folded.translate(_FIGURES_FOR_LETTERS)
        if letters.isalpha():
            return self._known(letters) or self._guess(letters)
        tries = (self._known(letters.replace("*", vowel)) for vowel in _VOWELS)
        return next((known for known in tries if known), None)

    def _known(self, folded: str) -> tuple[str, ...] | None:
        for form in (folded, _bare(folded)):
            if form in self._shorthand:
                return self._shorthand[form]
        if "'" in folded:
            return None
        return (folded,) if folded in self._vocabulary or folded in self._ordinary else None

    def _split(self, folded: str) -> tuple[str, ...] | None:
        """A word and what its apostrophe hides: "Carlos's" is "carlos 's", "mom'll" is "mom will"."""
        for ending, hidden in self._endings:
            if folded.endswith(ending) and len(folded) > len(ending):
                return (*self.plain_words(_bare(folded.removesuffix(ending))), hidden)
        return None

    def _relaxed(self, folded: str) -> tuple[str, ...] | None:
        """`folded` without drawn-out letters ("heeelp"), else the key word one edit away."""
        for pattern, kept in ((_DRAWN_OUT, r"\1\1"), (_DRAWN_OUT, r"\1"), (_DOUBLED, r"\1")):
            shorter = pattern.sub(kept, folded)
            if shorter != folded and (known := self._known(shorter)):
                return known
        return self._guess(_DRAWN_OUT.sub(r"\1", folded))

    def _guess(self, folded: str) -> tuple[str, ...] | None:
        if len(folded) < SHORTEST_KEY_WORD - 1 or not folded.isalpha():
            return None
        for shortened in (folded, *_deletions(folded)):
            for candidate in self._shortened.get(shortened, ()):
                if one_edit_apart(folded, candidate):
                    return self._shorthand.get(candidate, (candidate,))
        return None


def one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter dropped, added, replaced, or two neighbours swapped turns one word into the other."""
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
