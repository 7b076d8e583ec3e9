"""The models that are compared before one is kept. All are linear, so that one format serves them all. Those
that read words get sparse rows, the others only the encoder's columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from nlu.encoder import DIMENSIONS
from nlu.intents.space import Rows

STEPS = 50  # of the optimiser; accuracy no longer moves after about 40
LOGISTIC_PENALTY = 0.05
SVM_PENALTY = 1.0
DISCRIMINANT_SHRINKAGE = 0.5

Fitted = tuple[np.ndarray, np.ndarray]
Fit = Callable[[Rows, np.ndarray], Fitted]


def logistic(rows: Rows, targets: np.ndarray) -> Fitted:
    """Multinomial logistic regression with a squared penalty, by L-BFGS. `targets` are label places; returns
    weights (columns, labels) and bias (labels)."""
    wanted = one_hot(targets)
    shape = (rows.width + 1, wanted.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        return logistic_loss(flat.reshape(shape).astype(np.float32), rows, wanted)

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x.reshape(shape)
    return found[:-1], found[-1]


def logistic_loss(weights: np.ndarray, rows: Rows, wanted: np.ndarray) -> tuple[float, np.ndarray]:
    """Loss and its slope. The last row of `weights` is the bias, which is not penalised."""
    scores = rows.scores(weights[:-1]) + weights[-1]
    scores -= scores.max(axis=1, keepdims=True)
    shares = np.exp(scores)
    totals = shares.sum(axis=1, keepdims=True)
    surprise = -float((wanted * (scores - np.log(totals))).sum())
    error = shares / totals - wanted
    slope = np.empty_like(weights)
    slope[:-1] = rows.blame(error) + LOGISTIC_PENALTY * weights[:-1]
    slope[-1] = error.sum(axis=0)
    penalty = LOGISTIC_PENALTY / 2 * float((weights[:-1] ** 2).sum())
    return surprise + penalty, slope.astype(np.float64).ravel()


def support_vectors(rows: Rows, targets: np.ndarray) -> Fitted:
    """scikit-learn's linear support vector machine, one a label against all others."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=SVM_PENALTY, tol=1e-2, random_state=0).fit(rows.stacked(), targets)
    return machine.coef_.T, machine.intercept_


def discriminant(rows: Rows, targets: np.ndarray) -> Fitted:
    """Linear discriminant analysis with a covariance shrunk halfway to a sphere."""
    centres = class_means(rows.dense, targets)
    rest = rows.dense - centres[targets]
    covariance = rest.T @ rest
    covariance *= len(covariance) / np.trace(covariance)
    shrunk = (1 - DISCRIMINANT_SHRINKAGE) * covariance + DISCRIMINANT_SHRINKAGE * np.eye(len(covariance))
    weights = np.linalg.solve(shrunk, centres.T)
    return weights, -0.5 * (centres.T * weights).sum(axis=0)


def centroid(rows: Rows, targets: np.ndarray) -> Fitted:
    """The label whose mean row is nearest by angle."""
    centres = class_means(rows.dense, targets)
    weights = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T
    return weights, np.zeros(weights.shape[1])


def class_means(rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The mean row of every label; shape (labels, columns)."""
    wanted = one_hot(targets)
    result: np.ndarray = (wanted.T @ rows) / wanted.sum(axis=0)[:, None]
    return result


def one_hot(targets: np.ndarray) -> np.ndarray:
    """1 at a text's label, else 0; shape (texts, labels)."""
    return np.eye(int(targets.max()) + 1, dtype=np.float32)[targets]


@dataclass(frozen=True)
class Candidate:
    """What is fitted, on which of the encoder's columns, and with which vocabularies beside them."""

    fit: Fit
    columns: slice
    kinds: tuple[str, ...] = ()


SENTENCE = slice(0, DIMENSIONS)
ALL_LAYERS = slice(0, None)
WORDS_AND_LETTERS = ("words", "letters")

CANDIDATES: dict[str, Candidate] = {
    "sentence_centroid": Candidate(centroid, SENTENCE),
    "sentence_logistic": Candidate(logistic, SENTENCE),
    "layers_logistic": Candidate(logistic, ALL_LAYERS),
    "layers_discriminant": Candidate(discriminant, ALL_LAYERS),
    "layers_words_svm": Candidate(support_vectors, ALL_LAYERS, WORDS_AND_LETTERS),
    "layers_words_logistic": Candidate(logistic, ALL_LAYERS, WORDS_AND_LETTERS),
}
BEST = "layers_words_logistic"  # by `./imr evaluate nlu`
