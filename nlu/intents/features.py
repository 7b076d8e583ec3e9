"""Counts of word and letter sequences, weighted by how telling they are (tf-idf), without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from nlu.intents.text import letter_sequences, word_sequences

Sequencer = Callable[[str], Iterator[str]]
KINDS: dict[str, Sequencer] = {"words": word_sequences, "letters": letter_sequences}
MIN_TEXTS = 2  # a sequence seen in one text only says nothing about another


@dataclass(frozen=True)
class Vocabulary:
    """The sequences of one kind that count, and the weight of each (natural logarithm, 1 or more)."""

    kind: str
    terms: tuple[str, ...]
    weights: np.ndarray
    _places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {term: place for place, term in enumerate(self.terms)})

    @classmethod
    def learn(cls, kind: str, counted: Sequence[Counter[str]]) -> Vocabulary:
        """The sequences that occur in two texts or more; each text comes as its `count`."""
        seen: Counter[str] = Counter()
        for counts in counted:
            seen.update(counts.keys())
        terms = tuple(sorted(term for term, times in seen.items() if times >= MIN_TEXTS))
        share = np.array([(1 + len(counted)) / (1 + seen[term]) for term in terms], np.float64)
        return cls(kind, terms, (np.log(share) + 1).astype(np.float32))

    def read(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Places and weights of the sequences in one prepared text; the weights have length 1 together."""
        return self.weigh(count(self.kind, text))

    def weigh(self, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        """The same for a text that was counted before."""
        known = {self._places[term]: times for term, times in counts.items() if term in self._places}
        places = np.fromiter(known.keys(), np.int64, len(known))
        times = np.fromiter(known.values(), np.float32, len(known))
        values = (1 + np.log(times)) * self.weights[places]
        length = float(np.linalg.norm(values))
        return places, values / length if length else values


@lru_cache(maxsize=4)  # the intent model and the ear read the same message, one after the other
def count(kind: str, text: str) -> Counter[str]:
    """How often each sequence of a kind occurs in a prepared text. The result is shared: not to be changed."""
    return Counter(KINDS[kind](text))


def matrix(vocabulary: Vocabulary, counted: Sequence[Counter[str]]) -> Any:
    """Many texts as a sparse SciPy (texts, terms) matrix; used when a model is trained."""
    from scipy.sparse import csr_matrix  # not needed to predict

    read = [vocabulary.weigh(counts) for counts in counted]
    ends = np.cumsum([0, *(len(places) for places, _ in read)])
    places = np.concatenate([places for places, _ in read]) if read else np.zeros(0, np.int64)
    values = np.concatenate([values for _, values in read]) if read else np.zeros(0, np.float32)
    return csr_matrix((values, places, ends), shape=(len(counted), len(vocabulary.terms)), dtype=np.float32)
