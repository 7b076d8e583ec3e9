"""The process that trains: `python -m cli.train_apart ROOT FOLDER`. Started by `cli.train`, not by hand.

Standard output carries one JSON object a line, `{"step": ...}` or `{"error": ...}`; all that Rasa prints goes
to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import IO, Any

from cli.train import LONGEST_REASON, MODEL_NAME

STEPS_FROM = "nlu"  # the logger whose messages are steps worth showing


class StepHandler(logging.Handler):
    """Turns log messages of our own rooms into steps."""

    def __init__(self, pipe: IO[str]) -> None:
        super().__init__(logging.INFO)
        self._pipe = pipe

    def emit(self, record: logging.LogRecord) -> None:
        """Write one step."""
        report(self._pipe, step=record.getMessage())


def report(pipe: IO[str], **said: str) -> None:
    """One line to the waiting process."""
    pipe.write(json.dumps(said) + "\n")
    pipe.flush()


def main(root: Path, folder: Path) -> int:
    """Train and report. Returns the exit code."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.getLogger(STEPS_FROM).addHandler(StepHandler(pipe))
    logging.getLogger(STEPS_FROM).setLevel(logging.INFO)
    try:
        train(root, folder, pipe)
    except (Exception, SystemExit) as error:  # whatever it was, the other process is told
        report(pipe, error=one_line(error))
        return 1
    return 0


def train(root: Path, folder: Path, pipe: IO[str]) -> None:
    """Build the encoder's graph if it is missing, then let Rasa train. Raises whatever goes wrong."""
    from nlu.encoder import open_encoder

    report(pipe, step="checking the sentence encoder")
    open_encoder()
    report(pipe, step="loading Rasa")
    warnings.simplefilter("ignore")  # Rasa's own dependencies warn dozens of times; ours are tested elsewhere
    from rasa.model_training import train as rasa_train

    report(pipe, step="reading the training data")
    made: Any = rasa_train(
        domain=str(root / ("domain.yml" if (root / "domain.yml").is_file() else "domain")),
        config=str(root / "config.yml"),
        training_files=[str(root / "data")],
        output=str(folder),
        fixed_model_name=MODEL_NAME,
        force_training=True,
    )
    if made.code:
        raise RuntimeError("Rasa made no model")


def one_line(error: BaseException) -> str:
    """What went wrong, on one line and not too long."""
    words = " ".join(str(error).split()) or "it stopped without a reason"
    return f"{type(error).__name__}: {words[:LONGEST_REASON]}"


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
