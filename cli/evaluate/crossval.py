"""Five-fold cross-validation of the intent model on the training data, candidate beside candidate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cli.evaluate import danger
from cli.evaluate.tables import heading, precision_table


def training_examples(folder: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) for every example of Rasa's training files, read without Rasa."""
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in block:
                yield from ((text, block["intent"]) for text in listed(block["examples"]))


def listed(examples: str) -> Iterator[str]:
    """The lines of one block, without the dash in front."""
    for line in examples.splitlines():
        if line.strip().startswith("-"):
            yield line.strip().removeprefix("-").strip()


def report(data: Path, compare: bool) -> None:
    """Print the comparison, then precision and recall of every intent under the model that is used, then how danger
    is noticed. `data` is the folder with the training data."""
    from nlu.encoder import open_encoder
    from nlu.intents import prepared
    from nlu.intents.candidates import BEST, CANDIDATES
    from nlu.intents.examples import Examples
    from nlu.intents.training import MAX_UNANSWERED, calibrate, out_of_fold

    found = list(training_examples(data / "nlu"))
    texts, intents = [text for text, _ in found], [intent for _, intent in found]
    encoder = open_encoder(threads=2)
    features = encoder.features([prepared(text) for text in texts])
    examples = Examples.of(texts, features, intents)
    heading(f"{'training data, 5 folds':<34}{'right':>8}{'right when answered':>21}{'not answered':>14}")
    for name in CANDIDATES if compare else [BEST]:
        scores = out_of_fold(examples, CANDIDATES[name])
        measured = calibrate(scores, examples.targets, MAX_UNANSWERED)
        print(
            f"{name + (' (used)' if name == BEST else ''):<34}{measured.accuracy:>8.1%}"
            f"{measured.answered_accuracy:>21.1%}{measured.unanswered:>14.1%}",
            flush=True,
        )
        if name == BEST:
            kept = scores
    report_intents(examples, kept)
    danger.report(data / "danger", encoder, found)


def report_intents(examples: Any, scores: Any) -> None:
    """Precision, recall and F1 of every intent, the worst first."""
    from cli.evaluate.scores import Tally

    tallies = {label: Tally() for label in examples.labels}
    for meant, understood in zip(examples.targets, scores.argmax(axis=1), strict=True):
        for place in {meant, understood}:
            tallies[examples.labels[place]].add({meant} & {place}, {understood} & {place})
    rows = [
        (label, tally.right + tally.missed, tally.precision, tally.recall, tally.f1)
        for label, tally in sorted(tallies.items(), key=lambda item: item[1].f1)
    ]
    precision_table("intent", rows)
