"""How danger is noticed: by the fixed rules, by the learned ear, by either; on the lines it is learned from, each
heard by an ear that did not see it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.evaluate.tables import heading

FOLDERS = {"by_rule": "written for the rules", "by_ear": "written for the ear"}
ALARMS = {"medical_emergency": "emergencies", "self_harm": "self-harm", "lookalikes": "lookalikes, fired"}


def report(folder: Path, encoder: Any, talk: Sequence[tuple[str, str]]) -> None:
    """Print one row a file, and one for ordinary talk (the intents' examples that are no danger)."""
    from nlu.ear import training
    from nlu.intents import prepared
    from nlu.safety import screen

    told = training.lines(folder, talk)
    features = encoder.features([prepared(line.text) for line in told])
    shares, threshold = training.heard_out_of_fold(told, features)
    by_rule = {line.text: screen(line.text) is not None for line in told}
    by_ear = {line.text: bool(share >= threshold) for line, share in zip(told, shares, strict=True)}
    heading(f"{'danger noticed, ear on 5 folds':<44}{'number':>8}{'rules':>9}{'ear':>9}{'either':>9}")
    for part, meaning in FOLDERS.items():
        for name, alarm in ALARMS.items():
            row(f"{meaning}: {alarm}", texts_of(folder / part / f"{name}.txt", by_rule), by_rule, by_ear)
    ordinary = [line.text for line in told if not line.hard and line.label == training.NO_DANGER]
    row("ordinary talk, fired", ordinary, by_rule, by_ear)


def texts_of(path: Path, known: dict[str, bool]) -> list[str]:
    """The lines of one file that were learned from."""
    return [text for text in path.read_text(encoding="utf-8").splitlines() if text in known]


def row(name: str, texts: Sequence[str], by_rule: dict[str, bool], by_ear: dict[str, bool]) -> None:
    """One line of the table."""
    rules = sum(by_rule[text] for text in texts) / len(texts)
    ear = sum(by_ear[text] for text in texts) / len(texts)
    either = sum(by_rule[text] or by_ear[text] for text in texts) / len(texts)
    print(f"{name:<44}{len(texts):>8}{rules:>9.1%}{ear:>9.1%}{either:>9.1%}")
