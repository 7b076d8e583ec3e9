"""`./imr test`: every check there is, one after the other, each named as it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from settings import ROOT

ROOMS = (
    "actions",
    "channels",
    "cli",
    "documents",
    "imr_logic",
    "nlu",
    "records",
    "sandbox",
    "settings",
    "texting",
    "watching",
    "web",
)
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
LOWEST_SHARE = "0.92"  # of what must be high, on the messages for development
WITHOUT_WARNINGS = {**QUIET, "PYTHONWARNINGS": "ignore"}  # of other people's code, in the commands that only check
STORIES = (
    "rasa",
    "test",
    "core",
    "--stories",
    "tests/stories",
    "--fail-on-prediction-errors",
    "--out",
    "var/stories",
)
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy", *ROOMS)),
    ("packages with known weaknesses", ("cli.audit_packages",)),
    ("every rule of law has a citation", ("cli", "law", "--check")),
    ("training data", ("rasa", "data", "validate", "--fail-on-warnings", "--max-history", "5")),
    ("model", ("cli", "train")),
    ("dialogue stories", (*STORIES, "--model", "models/imr-triage.tar.gz")),
    ("understanding", ("cli", "evaluate", "nlu", "--no-folds", "--fail-under", LOWEST_SHARE)),
)


def run(words: Sequence[str]) -> int:
    """Runs all checks, then pytest with the words given. With words, only pytest. The first failure's exit code."""
    started = time.monotonic()
    for name, command in () if words else CHECKS:
        print(f"[{time.monotonic() - started:5.0f} s] {name}", flush=True)
        code = _run(command, WITHOUT_WARNINGS)
        if code:
            print(f"FAILED: {name}", flush=True)
            return code
    print(f"[{time.monotonic() - started:5.0f} s] tests", flush=True)
    return _run(("pytest", *words), QUIET)


def _run(command: Sequence[str], surroundings: Mapping[str, str]) -> int:
    environment = {**os.environ, **surroundings, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment).returncode
