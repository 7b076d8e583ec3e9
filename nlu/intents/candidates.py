"""The models that are compared before one is kept. All are linear, so that one format serves them all. Those
that read words get sparse rows, the others only the encoder's columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from nlu.encoder import DIMENSIONS
from nlu.intents.model import softmax
from nlu.intents.space import Rows

STEPS = 10  # of the optimiser; accuracy no longer moves after about 8
LOGISTIC_PENALTY = 0.05
SVM_PENALTY = 1.0
DISCRIMINANT_SHRINKAGE = 0.5

Fitted = tuple[np.ndarray, np.ndarray]
Fit = Callable[[Rows, np.ndarray], Fitted]


def logistic(rows: Rows, targets: np.ndarray) -> Fitted:
    """Multinomial logistic regression with a squared penalty, by Newton's method. `targets` are label places; returns
    weights (columns, labels) and bias (labels)."""
    problem = Softmax(rows, one_hot(targets))
    start = np.zeros(problem.shape[0] * problem.shape[1])
    method = {
        "method": "Newton-CG",
        "options": {"maxiter": STEPS},
    }  # L-BFGS-B loops over the bounds of a million weights
    found = minimize(problem.loss, start, jac=True, hessp=problem.curvature, **method).x.reshape(problem.shape)
    return found[:-1], found[-1]


class Softmax:
    """The loss of a softmax model, with slope and curvature. `wanted` is 1 at each text's label; weights come as one
    flat vector of `shape` (columns + 1, labels), whose last row is the bias, which is not penalised."""

    def __init__(self, rows: Rows, wanted: np.ndarray) -> None:
        self._rows = rows
        self._wanted = wanted
        self.shape = (rows.width + 1, wanted.shape[1])
        self._at: np.ndarray | None = None
        self._shares_there = wanted

    def loss(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """The surprise over all texts plus the penalty, and its slope."""
        shares = self._shares(flat)
        surprise = -float(np.log(np.maximum((shares * self._wanted).sum(axis=1), 1e-30)).sum())
        weights = self._folded(flat)[:-1]
        penalty = LOGISTIC_PENALTY / 2 * float((weights**2).sum())
        return surprise + penalty, self._pulled_back(shares - self._wanted, weights)

    def curvature(self, flat: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """The second derivative at `flat`, times a direction."""
        shares, along = self._shares(flat), self._folded(direction)
        change = self._rows.scores(along[:-1]) + along[-1]
        return self._pulled_back(shares * (change - (shares * change).sum(axis=1, keepdims=True)), along[:-1])

    def _pulled_back(self, errors: np.ndarray, weights: np.ndarray) -> np.ndarray:
        slope = np.empty(self.shape, np.float32)
        slope[:-1] = self._rows.blame(errors) + LOGISTIC_PENALTY * weights
        slope[-1] = errors.sum(axis=0)
        return slope.astype(np.float64).ravel()

    def _shares(self, flat: np.ndarray) -> np.ndarray:
        """The probabilities under these weights; kept, since slope and curvature are asked for at one place."""
        if self._at is None or not np.array_equal(self._at, flat):
            weights = self._folded(flat)
            self._shares_there = softmax(self._rows.scores(weights[:-1]) + weights[-1])
            self._at = flat.copy()
        return self._shares_there

    def _folded(self, flat: np.ndarray) -> np.ndarray:
        return flat.reshape(self.shape).astype(np.float32)


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
