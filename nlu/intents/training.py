"""Makes an intent model from labelled texts: fit it, calibrate it on texts held out, set the threshold."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from nlu.intents.candidates import BEST, CANDIDATES, Candidate
from nlu.intents.examples import FOLDS, Examples
from nlu.intents.model import IntentModel, softmax
from nlu.intents.space import Space, Weights

logger = logging.getLogger(__name__)

MAX_UNANSWERED = 0.08
SEED = 2026
CALIBRATION_FOLDS = 3  # enough to set temperature and threshold; the evaluation uses FOLDS


@dataclass(frozen=True)
class Calibration:
    """What out-of-fold predictions say. Shares run from 0 to 1."""

    temperature: float
    threshold: float
    accuracy: float
    answered_accuracy: float
    unanswered: float


def train(examples: Examples, name: str = BEST, max_unanswered: float = MAX_UNANSWERED) -> IntentModel:
    """The finished model. `max_unanswered` is the share of messages that the threshold may leave without
    an answer, measured out of fold."""
    logger.info("checking the intent model on %d folds", CALIBRATION_FOLDS)
    scores = out_of_fold(examples, CANDIDATES[name], CALIBRATION_FOLDS)
    measured = calibrate(scores, examples.targets, max_unanswered)
    logger.info("fitting the intent model on %d examples", len(examples.texts))
    space, weights = fit(examples, CANDIDATES[name])
    about = notes(name, examples, measured)
    return assembled(examples, space, weights, measured.temperature, measured.threshold, about)


def assembled(
    examples: Examples, space: Space, weights: Weights, temperature: float, threshold: float, about: dict[str, object]
) -> IntentModel:
    """The fitted parts put together as they are stored."""
    return IntentModel(
        labels=examples.labels,
        dense=padded(weights, space, examples.features.shape[1]),
        vocabularies=space.vocabularies,
        sparse=tuple(block.astype(np.float32) for block in weights.sparse),
        bias=weights.bias.astype(np.float32),
        temperature=temperature,
        threshold=threshold,
        notes=about,
    )


def fit(examples: Examples, candidate: Candidate) -> tuple[Space, Weights]:
    """Columns and weights learned from these examples alone."""
    space = Space.learn(examples, candidate.columns, candidate.kinds)
    return space, space.unfold(*candidate.fit(space.rows(examples), examples.targets))


def padded(weights: Weights, space: Space, width: int) -> np.ndarray:
    """The dense weights over all of the encoder's columns; columns that are not used weigh nothing."""
    full = np.zeros((width, len(weights.bias)), np.float32)
    full[space.columns] = weights.dense
    return full


def out_of_fold(examples: Examples, candidate: Candidate, folds: int = FOLDS) -> np.ndarray:
    """The score of every example under a model that did not see it; shape (texts, labels)."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros((len(examples.texts), len(examples.labels)))
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for seen, held_out in splitter.split(examples.texts, examples.targets):
        scores[held_out] = fold_scores(examples.some(seen), examples.some(held_out), candidate)
    return scores


def fold_scores(seen: Examples, held_out: Examples, candidate: Candidate) -> np.ndarray:
    """Scores for the texts held out, from a model of the texts seen."""
    space = Space.learn(seen, candidate.columns, candidate.kinds)
    weights, bias = candidate.fit(space.rows(seen), seen.targets)
    return space.rows(held_out).scores(weights) + bias


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
        "folds": CALIBRATION_FOLDS,
        "accuracy": round(measured.accuracy, 4),
        "accuracy_when_answering": round(measured.answered_accuracy, 4),
        "unanswered": round(measured.unanswered, 4),
    }
