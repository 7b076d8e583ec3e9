"""A project as `rasa init` would leave it, with this project's data: default pipeline, default policies, REST
channel.

Rasa's default policies learn from stories, of which ours has none but its tests; they are given to it. What was
trained once is kept in the var folder for as long as nothing that it was made of changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from settings import ROOT, settings

CONFIG = Path(__file__).with_name("config.yml")
DEFAULT_EPOCHS = 100  # half a minute each for the pipeline alone on two cores, with 5,000 examples
MADE_OF = ("data/nlu", "data/rules", "tests/stories", "domain.yml")
MODEL = "stock.tar.gz"
TRAINED = "trained.json"
CREDENTIALS = "rest:\n"
ENDPOINTS = "action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n"
LONGEST_REASON = 300  # characters


class StockFailedError(RuntimeError):
    """Stock Rasa could not be trained or started. The message is one line."""


@dataclass(frozen=True)
class Project:
    """A trained stock project: its folder, how long training took in seconds, and for how many epochs."""

    folder: Path
    train_seconds: float
    epochs: int

    @property
    def model(self) -> Path:
        """The trained model."""
        return self.folder / MODEL


def config(epochs: int) -> str:
    """Rasa's default configuration with that many epochs."""
    return CONFIG.read_text(encoding="utf-8").replace(f"epochs: {DEFAULT_EPOCHS}", f"epochs: {epochs}")


def trained(epochs: int, anew: bool = False) -> Project:
    """The project, trained for so many epochs unless that was done before (`anew`: even then). Raises
    StockFailedError."""
    folder = settings().var_dir / "bench" / f"stock-{_mark(epochs)}"
    kept = folder / TRAINED
    if anew or not kept.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        _write(folder, epochs)
        seconds = _train(folder)
        kept.write_text(json.dumps({"seconds": seconds}), encoding="utf-8")
    return Project(folder, json.loads(kept.read_text(encoding="utf-8"))["seconds"], epochs)


def environment() -> dict[str, str]:
    """As a new user has it, but nothing is sent to Rasa's makers and nothing listens to the network."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return {**os.environ, **quiet, "PYTHONPATH": str(ROOT)}


def _mark(epochs: int) -> str:
    """What tells one project from another: all that it is made of."""
    total = hashlib.sha256(config(epochs).encode())
    for path in sorted(path for name in MADE_OF for path in _files(ROOT / name)):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _files(top: Path) -> list[Path]:
    return [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]


def _write(folder: Path, epochs: int) -> None:
    for name in MADE_OF[:3]:
        shutil.copytree(ROOT / name, folder / "data" / Path(name).name)
    shutil.copy(ROOT / MADE_OF[3], folder)
    (folder / "config.yml").write_text(config(epochs), encoding="utf-8")
    (folder / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")


def _train(folder: Path) -> float:
    """Seconds that `rasa train` took. Raises StockFailedError."""
    started = time.monotonic()
    command = ["-m", "rasa", "train", "--force", "--out", ".", "--fixed-model-name", MODEL]
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode or not (folder / MODEL).is_file():
        reason = " ".join((done.stderr or done.stdout).split())[-LONGEST_REASON:]
        raise StockFailedError(f"Stock Rasa could not be trained: {reason or 'no reason was given'}")
    return time.monotonic() - started
