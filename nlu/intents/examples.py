"""Labelled messages as a model learns them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.intents.features import KINDS, count
from nlu.intents.spelling import prepared

FOLDS = 5  # every intent needs at least one example for each


class TrainingDataError(ValueError):
    """The examples cannot make a model. The message is one line."""


@dataclass(frozen=True)
class Examples:
    """Labelled texts with their encoder features (texts, 1152) and their counted word and letter sequences.
    `targets` are places in `labels`."""

    texts: tuple[str, ...]
    features: np.ndarray
    labels: tuple[str, ...]
    targets: np.ndarray
    counts: dict[str, tuple[Counter[str], ...]]

    @classmethod
    def of(cls, texts: Sequence[str], features: np.ndarray, intents: Sequence[str]) -> Examples:
        """Put the three side by side. Raises TrainingDataError for fewer than two intents, or an intent
        with fewer examples than there are folds. Texts are prepared on the way in."""
        labels = tuple(sorted(set(intents)))
        check_enough(labels, intents)
        targets = np.array([labels.index(intent) for intent in intents])
        texts = tuple(prepared(text) for text in texts)
        counts = {kind: tuple(count(kind, text) for text in texts) for kind in KINDS}
        return cls(texts, features, labels, targets, counts)

    def some(self, places: np.ndarray) -> Examples:
        """Only the examples at these places, with all labels."""
        texts = tuple(self.texts[place] for place in places)
        counts = {kind: tuple(of_all[place] for place in places) for kind, of_all in self.counts.items()}
        return Examples(texts, self.features[places], self.labels, self.targets[places], counts)


def check_enough(labels: Sequence[str], intents: Sequence[str]) -> None:
    """Raises TrainingDataError when cross-validation would be impossible."""
    if len(labels) < 2:
        raise TrainingDataError("The training data needs two intents or more.")
    for label in labels:
        if (count := list(intents).count(label)) < FOLDS:
            raise TrainingDataError(f"The intent {label} has {count} examples; it needs {FOLDS} or more.")
