"""Hearing danger in one message."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.intents import IntentModel, prepared
from nlu.intents.text import has_words
from nlu.reading import SafetyKind

NO_DANGER = "none"
KINDS: tuple[SafetyKind, ...] = ("medical_emergency", "self_harm")
STEM = "ear"  # of its two files


@dataclass(frozen=True)
class Heard:
    """What was heard: the likelier kind, and the probability (0 to 1) that there is danger of any kind."""

    kind: SafetyKind
    confidence: float


@dataclass(frozen=True)
class Ear:
    """`model` tells the two dangers and `none` apart; its threshold is the lowest probability of danger that
    counts."""

    model: IntentModel

    @classmethod
    def load(cls, folder: Path) -> Ear:
        """Read the stored model. Raises ModelFilesError."""
        return cls(IntentModel.load(folder, STEM))

    def save(self, folder: Path) -> None:
        """Write the model into an existing folder."""
        self.model.save(folder, STEM)

    def hear(self, text: str, vector: np.ndarray) -> Heard | None:
        """The danger in one message, or None. `vector` is the encoder's row of features for it.

        A text without letters and digits, or a vector that is not finite, holds none.
        """
        text = prepared(text)
        if not has_words(text) or not np.all(np.isfinite(vector)):
            return None
        shares = dict(zip(self.model.labels, self.model.probabilities(text, vector), strict=True))
        danger = 1.0 - float(shares[NO_DANGER])
        if danger < self.model.threshold:
            return None
        return Heard(max(KINDS, key=lambda kind: shares[kind]), danger)
