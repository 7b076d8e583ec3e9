"""Makes an intent model from labelled texts: fit, calibrate on texts not seen in fitting, set the threshold."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from nlu.intents.candidates import BEST, CANDIDATES, Candidate
from nlu.intents.model import IntentModel, softmax
from nlu.intents.space import Space, Weights
from nlu.intents.text import normalise

logger = logging.getLogger(__name__)

FOLDS = 5
MAX_UNANSWERED = 0.08
SEED = 2026


class TrainingDataError(ValueError):
    """The examples cannot make a model. The message is one line."""


@dataclass(frozen=True)
class Examples:
    """Labelled texts with their encoder features (texts, 1152). Texts are normalised on the way in."""

    texts: tuple[str, ...]
    features: np.ndarray
    labels: tuple[str, ...]
    targets: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str], features: np.ndarray, intents: Sequence[str]) -> Examples:
        """Put the three side by side. Raises TrainingDataError for fewer than two intents, or an intent
        with fewer examples than there are folds."""
        labels = tuple(sorted(set(intents)))
        check_enough(labels, intents)
        targets = np.array([labels.index(intent) for intent in intents])
        return cls(tuple(normalise(text) for text in texts), features, labels, targets)

    def some(self, places: np.ndarray) -> Examples:
        """Only the examples at these places, with all labels."""
        texts = tuple(self.texts[place] for place in places)
        return Examples(texts, self.features[places], self.labels, self.targets[places])


@dataclass(frozen=True)
class Calibration:
    """What out-of-fold predictions say. Shares run from 0 to 1."""

    temperature: float
    threshold: float
    accuracy: float
    answered_accuracy: float
    unanswered: float


def check_enough(labels: Sequence[str], intents: Sequence[str]) -> None:
    """Raises TrainingDataError when cross-validation would be impossible."""
    if len(labels) < 2:
        raise TrainingDataError("The training data needs two intents or more.")
    for label in labels:
        if (count := list(intents).count(label)) < FOLDS:
            raise TrainingDataError(f"The intent {label} has {count} examples; it needs {FOLDS} or more.")


def train(examples: Examples, name: str = BEST, max_unanswered: float = MAX_UNANSWERED) -> IntentModel:
    """The finished model. `max_unanswered` is the share of messages that the threshold may leave without
    an answer, measured out of fold."""
    logger.info("checking the intent model on %d folds", FOLDS)
    measured = calibrate(out_of_fold(examples, CANDIDATES[name]), examples.targets, max_unanswered)
    logger.info("fitting the intent model on %d examples", len(examples.texts))
    space, weights = fit(examples, CANDIDATES[name])
    return IntentModel(
        labels=examples.labels,
        dense=padded(weights, space, examples.features.shape[1]),
        vocabularies=space.vocabularies,
        sparse=tuple(block.astype(np.float32) for block in weights.sparse),
        bias=weights.bias.astype(np.float32),
        temperature=measured.temperature,
        threshold=measured.threshold,
        notes=notes(name, examples, measured),
    )


def fit(examples: Examples, candidate: Candidate) -> tuple[Space, Weights]:
    """Columns and weights learned from these examples alone."""
    space = Space.learn(examples.texts, examples.features, candidate.columns, candidate.kinds)
    rows = space.matrix(examples.texts, examples.features)
    return space, space.unfold(*candidate.fit(rows, examples.targets))


def padded(weights: Weights, space: Space, width: int) -> np.ndarray:
    """The dense weights over all of the encoder's columns; columns that are not used weigh nothing."""
    full = np.zeros((width, len(weights.bias)), np.float32)
    full[space.columns] = weights.dense
    return full


def out_of_fold(examples: Examples, candidate: Candidate) -> np.ndarray:
    """The score of every example under a model that did not see it; shape (texts, labels)."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros((len(examples.texts), len(examples.labels)))
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for seen, held_out in splitter.split(examples.texts, examples.targets):
        scores[held_out] = fold_scores(examples.some(seen), examples.some(held_out), candidate)
    return scores


def fold_scores(seen: Examples, held_out: Examples, candidate: Candidate) -> np.ndarray:
    """Scores for the texts held out, from a model of the texts seen."""
    space = Space.learn(seen.texts, seen.features, candidate.columns, candidate.kinds)
    weights, bias = candidate.fit(space.matrix(seen.texts, seen.features), seen.targets)
    result: np.ndarray = space.matrix(held_out.texts, held_out.features) @ weights + bias
    return result


def calibrate(scores: np.ndarray, targets: np.ndarray, max_unanswered: float) -> Calibration:
    """Temperature and threshold from out-of-fold scores."""
    temperature = best_temperature(scores, targets)
    probabilities = softmax(scores / temperature)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    threshold = best_threshold(confidence, right, max_unanswered)
    answered = confidence >= threshold
    return Calibration(
        temperature=temperature,
        threshold=threshold,
        accuracy=float(right.mean()),
        answered_accuracy=float(right[answered].mean()),
        unanswered=float(1 - answered.mean()),
    )


def best_temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """The divisor under which the probabilities surprise least (Guo et al., 2017)."""
    places = np.arange(len(targets))

    def surprise(log_temperature: float) -> float:
        chances = softmax(scores / np.exp(log_temperature))[places, targets]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-6, 6), method="bounded").x))


def best_threshold(confidence: np.ndarray, right: np.ndarray, max_unanswered: float) -> float:
    """The confidence from which answers are right most often, with at most that share left unanswered."""
    order = np.argsort(confidence)
    most = int(max_unanswered * len(confidence))
    right_from = right[order][::-1].cumsum()[::-1] / np.arange(len(confidence), 0, -1)
    return float(confidence[order][int(np.argmax(right_from[: most + 1]))])


def notes(name: str, examples: Examples, measured: Calibration) -> dict[str, object]:
    """How the model was made, stored beside it."""
    return {
        "candidate": name,
        "examples": len(examples.texts),
        "intents": len(examples.labels),
        "folds": FOLDS,
        "accuracy": round(measured.accuracy, 4),
        "accuracy_when_answering": round(measured.answered_accuracy, 4),
        "unanswered": round(measured.unanswered, 4),
    }
