"""The numbers a model is trained on: encoder features put on one scale, beside word and letter weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.intents.examples import Examples
from nlu.intents.features import Vocabulary, matrix

# How long the two parts of a row are on average; chosen by cross-validation, and flat around these values.
ENCODER_LENGTH = 1.75
SPARSE_LENGTH = 1.4
SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True)
class Rows:
    """Texts as numbers: `dense` (texts, columns) float32, and beside it sparse SciPy blocks (texts, terms)."""

    dense: np.ndarray
    sparse: tuple[Any, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are in all."""
        return self.dense.shape[1] + sum(block.shape[1] for block in self.sparse)

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """The rows times weights of shape (width, labels)."""
        first, *rest = self._parts(weights)
        result: np.ndarray = self.dense @ first
        for block, part in zip(self.sparse, rest, strict=True):
            result += block @ part
        return result

    def blame(self, errors: np.ndarray) -> np.ndarray:
        """The transposed rows times errors of shape (texts, labels): the slope of a loss in the weights."""
        return np.concatenate([self.dense.T @ errors, *(block.T @ errors for block in self.sparse)])

    def stacked(self) -> Any:
        """All columns side by side: an array, or one sparse matrix."""
        from scipy.sparse import csr_matrix, hstack

        return hstack([csr_matrix(self.dense), *self.sparse]).tocsr() if self.sparse else self.dense

    def _parts(self, weights: np.ndarray) -> list[np.ndarray]:
        widths = [self.dense.shape[1], *(block.shape[1] for block in self.sparse)]
        return np.split(weights, np.cumsum(widths)[:-1])


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

    def rows(self, examples: Examples) -> Rows:
        """One row a text: encoder columns, then those of each vocabulary."""
        dense = ((examples.features[:, self.columns] - self.mean) / self.scale).astype(np.float32)
        blocks = tuple(SPARSE_LENGTH * matrix(each, examples.counts[each.kind]) for each in self.vocabularies)
        return Rows(dense, blocks)

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
