"""The numbers a model is trained on: encoder features put on one scale, beside word and letter weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.intents.examples import Examples
from nlu.intents.features import Vocabulary, matrix

# How long the two parts of a row are on average; chosen by cross-validation, and flat around these values.
ENCODER_LENGTH = 1.75
SPARSE_LENGTH = 0.55
SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True)
class Space:
    """How texts and encoder features become columns. `mean` and `scale` belong to the encoder's columns."""

    columns: slice
    mean: np.ndarray
    scale: np.ndarray
    vocabularies: tuple[Vocabulary, ...]

    @classmethod
    def learn(cls, examples: Examples, columns: slice, kinds: Sequence[str]) -> Space:
        """Learn from the examples, using these `columns` of their encoder features."""
        chosen = examples.features[:, columns]
        scale = (chosen.std(axis=0) + SMALLEST_SPREAD) * np.sqrt(chosen.shape[1]) / ENCODER_LENGTH
        learned = tuple(Vocabulary.learn(kind, examples.counts[kind]) for kind in kinds)
        return cls(columns, chosen.mean(axis=0), scale, learned)

    def matrix(self, examples: Examples) -> np.ndarray:
        """One row a text, float32: encoder columns, then those of each vocabulary."""
        dense = (examples.features[:, self.columns] - self.mean) / self.scale
        sparse = [SPARSE_LENGTH * matrix(each, examples.counts[each.kind]) for each in self.vocabularies]
        return np.concatenate([dense.astype(np.float32), *sparse], axis=1)

    def unfold(self, weights: np.ndarray, bias: np.ndarray) -> Weights:
        """Weights for this space as weights for raw features, so that nothing is scaled when predicting."""
        width = len(self.mean)
        used = weights[:width] / self.scale[:, None]
        blocks = np.split(weights[width:] * SPARSE_LENGTH, self._borders())[: len(self.vocabularies)]
        return Weights(used, tuple(blocks), bias - self.mean @ used)

    def _borders(self) -> list[int]:
        return [int(end) for end in np.cumsum([len(vocabulary.terms) for vocabulary in self.vocabularies])]


@dataclass(frozen=True)
class Weights:
    """A linear model over raw features: `dense` for the encoder's columns, `sparse` for each vocabulary."""

    dense: np.ndarray
    sparse: tuple[np.ndarray, ...]
    bias: np.ndarray
