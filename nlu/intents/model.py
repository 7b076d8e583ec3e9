"""The trained intent model: a linear layer over the sentence vector and the text's letter and word weights.

Predicting needs NumPy only and takes less than a millisecond. Stored as two files, numbers (npz) and words
(JSON); nothing in them is code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np

from nlu.intents.features import Vocabulary
from nlu.intents.spelling import prepared
from nlu.intents.text import has_words

FALLBACK = "nlu_fallback"  # Rasa's name for "not understood"
RANKING_LENGTH = 3  # stored with every message, so kept short
STEM = "intents"  # of the names of its two files
FORMAT = 1


def file_names(stem: str = STEM) -> tuple[str, str]:
    """The names of the two files of a model: numbers and words."""
    return f"{stem}.npz", f"{stem}.json"


class ModelFilesError(RuntimeError):
    """The stored intent model is missing, damaged or of another format. The message is one line."""


@dataclass(frozen=True)
class Prediction:
    """What one message wants. `ranking` holds up to three (intent, probability) pairs, best first;
    `answered` is false when the best is too unsure to act on."""

    ranking: tuple[tuple[str, float], ...] = ()
    answered: bool = False

    @property
    def name(self) -> str:
        """The intent, or `nlu_fallback`."""
        return self.ranking[0][0] if self.answered else FALLBACK

    @property
    def confidence(self) -> float:
        """Probability of the best intent, 0 to 1 (also when it is too low to answer)."""
        return self.ranking[0][1] if self.ranking else 0.0


@dataclass(frozen=True)
class IntentModel:
    """Weights and calibration. Shapes: `dense` (1152, intents), each of `sparse` (terms, intents), `bias`
    (intents). `temperature` divides the scores before they become probabilities; `threshold` is the lowest
    probability that is answered. `notes` records how the model was made (plain JSON values)."""

    labels: tuple[str, ...]
    dense: np.ndarray
    vocabularies: tuple[Vocabulary, ...]
    sparse: tuple[np.ndarray, ...]
    bias: np.ndarray
    temperature: float
    threshold: float
    notes: dict[str, Any]

    def predict(self, text: str, vector: np.ndarray) -> Prediction:
        """The intent of one message. `vector` is the encoder's row of features for it (1152 numbers).

        A text without letters and digits, or a vector that is not finite, is not answered.
        """
        text = prepared(text)
        if not has_words(text) or not np.all(np.isfinite(vector)):
            return Prediction()
        return self._ranked(self.probabilities(text, vector))

    def probabilities(self, text: str, vector: np.ndarray) -> np.ndarray:
        """One probability an intent, in the order of `labels`. `text` is prepared already."""
        return softmax(self._scores(text, vector) / self.temperature)

    def _scores(self, text: str, vector: np.ndarray) -> np.ndarray:
        scores = vector.reshape(-1) @ self.dense + self.bias
        for vocabulary, weights in zip(self.vocabularies, self.sparse, strict=True):
            places, values = vocabulary.read(text)
            scores = scores + values @ weights[places]
        result: np.ndarray = scores
        return result

    def _ranked(self, probabilities: np.ndarray) -> Prediction:
        best = np.argsort(-probabilities, kind="stable")[:RANKING_LENGTH]
        ranking = tuple((self.labels[place], float(probabilities[place])) for place in best)
        return Prediction(ranking, answered=ranking[0][1] >= self.threshold)

    def save(self, folder: Path, stem: str = STEM) -> None:
        """Write both files into an existing folder."""
        numbers_file, words_file = file_names(stem)
        blocks = {f"sparse_{v.kind}": block for v, block in zip(self.vocabularies, self.sparse, strict=True)}
        term_weights = {f"weights_{v.kind}": v.weights for v in self.vocabularies}
        np.savez_compressed(folder / numbers_file, dense=self.dense, bias=self.bias, **blocks, **term_weights)
        words = {
            "format": FORMAT,
            "labels": self.labels,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "terms": {vocabulary.kind: vocabulary.terms for vocabulary in self.vocabularies},
            "notes": self.notes,
        }
        (folder / words_file).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, stem: str = STEM) -> IntentModel:
        """Read both files. Raises ModelFilesError."""
        numbers_file, words_file = file_names(stem)
        try:
            with (folder / numbers_file).open("rb") as numbers:
                return cls.read(numbers, (folder / words_file).read_text(encoding="utf-8"))
        except OSError as error:
            raise ModelFilesError(f"The model {stem} in {folder} cannot be read: {error.strerror}.") from error

    @classmethod
    def read(cls, numbers: BinaryIO, words: str) -> IntentModel:
        """The model from the contents of its two files. Raises ModelFilesError."""
        try:
            about = json.loads(words)
            if about["format"] != FORMAT:
                raise ModelFilesError(f"The intent model has format {about['format']}, not {FORMAT}.")
            with np.load(numbers, allow_pickle=False) as arrays:
                return cls._assembled(about, arrays)
        except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
            raise ModelFilesError(f"The stored intent model is damaged: {error!r}.") from error

    @classmethod
    def _assembled(cls, about: dict[str, Any], arrays: Any) -> IntentModel:
        kinds: Sequence[str] = list(about["terms"])
        return cls(
            labels=tuple(about["labels"]),
            dense=arrays["dense"],
            vocabularies=tuple(
                Vocabulary(kind, tuple(about["terms"][kind]), arrays[f"weights_{kind}"]) for kind in kinds
            ),
            sparse=tuple(arrays[f"sparse_{kind}"] for kind in kinds),
            bias=arrays["bias"],
            temperature=float(about["temperature"]),
            threshold=float(about["threshold"]),
            notes=dict(about["notes"]),
        )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores as probabilities along the last axis, without overflow."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: np.ndarray = shifted / shifted.sum(axis=-1, keepdims=True)
    return result
