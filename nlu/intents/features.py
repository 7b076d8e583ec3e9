"""Counts of word and letter sequences, weighted by how telling they are (tf-idf), without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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
    def learn(cls, kind: str, texts: Iterable[str]) -> Vocabulary:
        """The sequences of normalised `texts` that occur in two of them or more."""
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(set(KINDS[kind](text)))
            count += 1
        terms = tuple(sorted(term for term, times in seen.items() if times >= MIN_TEXTS))
        share = np.array([(1 + count) / (1 + seen[term]) for term in terms], np.float64)
        return cls(kind, terms, (np.log(share) + 1).astype(np.float32))

    def read(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Places and weights of the sequences in one normalised text; the weights have length 1 together."""
        counts = Counter(self._known(text))
        places = np.fromiter(counts.keys(), np.int64, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(times)) * self.weights[places]
        length = float(np.linalg.norm(values))
        return places, values / length if length else values

    def _known(self, text: str) -> Iterator[int]:
        places = self._places
        for term in KINDS[self.kind](text):
            if term in places:
                yield places[term]


def matrix(vocabulary: Vocabulary, texts: Sequence[str]) -> np.ndarray:
    """The same for many texts as a full (texts, terms) matrix; used when a model is trained."""
    rows = np.zeros((len(texts), len(vocabulary.terms)), np.float32)
    for row, text in zip(rows, texts, strict=True):
        places, values = vocabulary.read(text)
        row[places] = values
    return rows
