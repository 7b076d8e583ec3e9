"""Makes the ear: from the lines under data/danger, and from the intents' own examples as ordinary talk."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.ear.ear import KINDS, NO_DANGER, Ear
from nlu.intents.candidates import BEST, CANDIDATES
from nlu.intents.examples import FOLDS, Examples, TrainingDataError
from nlu.intents.model import softmax
from nlu.intents.training import CALIBRATION_FOLDS, assembled, best_temperature, fit, out_of_fold

logger = logging.getLogger(__name__)

FOLDERS = ("by_rule", "by_ear")
FILES = {"medical_emergency": "medical_emergency", "self_harm": "self_harm", "lookalikes": NO_DANGER}
OF_INTENT = {"medical_emergency": "medical_emergency", "crisis_self_harm": "self_harm"}
MAX_FALSE = 0.03  # share of the lookalikes that may fire, out of fold; ordinary talk fires ten times less


@dataclass(frozen=True)
class Line:
    """One message with its label. `hard`: written to come close to a danger, or to be one."""

    text: str
    label: str
    hard: bool


def lines(folder: Path, talk: Iterable[tuple[str, str]] = ()) -> list[Line]:
    """All lines to learn from: the files of `folder`, then `talk`, pairs of text and intent. Each text counts
    once, by its first label. Raises TrainingDataError when a file is missing."""
    found: dict[str, Line] = {}
    for line in [*_written(folder), *(Line(text, OF_INTENT.get(intent, NO_DANGER), False) for text, intent in talk)]:
        found.setdefault(line.text.casefold().strip(), line)
    return list(found.values())


def _written(folder: Path) -> Iterator[Line]:
    for path, label in [(folder / part / f"{name}.txt", label) for part in FOLDERS for name, label in FILES.items()]:
        if not path.is_file():
            raise TrainingDataError(f"{path} is missing: the ear learns danger from it.")
        for text in path.read_text(encoding="utf-8").splitlines():
            if text.strip():
                yield Line(text, label, True)


def train(told: Sequence[Line], features: np.ndarray) -> Ear:
    """The finished ear. `features` holds the encoder's row for each line. The threshold is the lowest that lets
    at most 3 % of the lookalikes fire, measured out of fold."""
    logger.info("checking the ear for danger on %d messages", len(told))
    examples = _examples(told, features)
    temperature, danger = _out_of_fold(examples, CALIBRATION_FOLDS)
    threshold, caught, fired = measured(danger, examples, _hard(told))
    space, weights = fit(examples, CANDIDATES[BEST])
    notes = {"candidate": BEST, "lines": len(told), "noticed": round(caught, 4), "wrongly_fired": round(fired, 4)}
    return Ear(assembled(examples, space, weights, temperature, threshold, dict(notes)))


def heard_out_of_fold(told: Sequence[Line], features: np.ndarray) -> tuple[np.ndarray, float]:
    """The probability of danger of every line, under an ear that did not see it, and the threshold."""
    examples = _examples(told, features)
    _, danger = _out_of_fold(examples, FOLDS)
    return danger, measured(danger, examples, _hard(told))[0]


def _examples(told: Sequence[Line], features: np.ndarray) -> Examples:
    return Examples.of([line.text for line in told], features, [line.label for line in told])


def _hard(told: Sequence[Line]) -> np.ndarray:
    return np.array([line.hard for line in told])


def _out_of_fold(examples: Examples, folds: int) -> tuple[float, np.ndarray]:
    """The temperature, and the probability of danger of every line."""
    scores = out_of_fold(examples, CANDIDATES[BEST], folds)
    temperature = best_temperature(scores, examples.targets)
    return temperature, danger_shares(scores / temperature, examples.labels)


def danger_shares(scores: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """The probability of any danger, for each row of scores."""
    result: np.ndarray = 1.0 - softmax(scores)[:, labels.index(NO_DANGER)]
    return result


def measured(danger: np.ndarray, examples: Examples, hard: np.ndarray) -> tuple[float, float, float]:
    """Threshold, share of the dangers noticed and of the lookalikes fired, over the hard lines (0 to 1)."""
    dangers = np.isin(examples.targets, [examples.labels.index(kind) for kind in KINDS]) & hard
    lookalikes = ~np.isin(examples.targets, [examples.labels.index(kind) for kind in KINDS]) & hard
    threshold = float(np.nextafter(np.quantile(danger[lookalikes], 1 - MAX_FALSE), 1))
    return threshold, float((danger[dangers] >= threshold).mean()), float((danger[lookalikes] >= threshold).mean())
