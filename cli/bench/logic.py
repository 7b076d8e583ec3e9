"""`./imr bench logic`: assessments a second on one core, with and without looking ahead."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from imr_logic import CaseFacts, assess
from imr_logic.assessment import forget_look_aheads
from settings import ROOT

OWN_CASES = ROOT / "tests" / "imr_logic" / "cases.yml"
ROUNDS = 7
ROUND_SECONDS = 1.0


def acceptance_set() -> Path:
    """The shared acceptance set where it lies beside the project, else the project's own cases."""
    shared = ROOT.parent / "shared" / "law" / "scenarios.jsonl"
    return shared if shared.exists() else OWN_CASES


def read_cases(path: Path) -> list[CaseFacts]:
    """The facts of each case of a .jsonl or .yml file."""
    if path.suffix == ".jsonl":
        cases: list[Any] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    else:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases = written["cases"] if isinstance(written, dict) else written
    return [CaseFacts.model_validate(case.get("facts") or case.get("given") or case) for case in cases]


def per_second(work: Callable[[], int]) -> float:
    """The median over ROUNDS of how many a second `work` does; it returns how many it did."""
    rates = []
    for _ in range(ROUNDS):
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < ROUND_SECONDS:
            done += work()
        rates.append(done / (time.perf_counter() - started))
    return statistics.median(rates)


def run(file: str | None) -> int:
    """The whole command."""
    path = Path(file) if file else acceptance_set()
    cases = read_cases(path)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"{len(cases)} cases of {path.name}, one core, median of {ROUNDS} rounds", file=sys.stderr)
    print(f"assessments a second without looking ahead: {per_second(lambda: _plain(cases)):8.0f}")
    print(f"assessments a second with missing, changes_if: {per_second(lambda: _whole(cases)):5.0f}")
    return 0


def _plain(cases: list[CaseFacts]) -> int:
    for case in cases:
        assess(case, look_ahead=False)
    return len(cases)


def _whole(cases: list[CaseFacts]) -> int:
    """With nothing remembered from the round before."""
    forget_look_aheads()
    for case in cases:
        assess(case)
    return len(cases)
