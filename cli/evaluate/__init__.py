"""`./imr evaluate nlu`: how well messages are understood, measured, never asserted."""

from __future__ import annotations

import sys
from pathlib import Path

from cli.evaluate import crossval, messages, tables
from cli.evaluate.messages import BadMessage

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "tests" / "nlu_eval" / "dev.jsonl"
KEPT_BACK = ROOT / "tests" / "nlu_eval" / "kept_back.jsonl"


def nlu(
    fail_under: float | None = None,
    kept_back: bool = False,
    show_errors: bool = False,
    cross_validation: bool = True,
    compare: bool = True,
) -> int:
    """Print the tables. Returns the exit code: 0, 1 when the evaluation set scores under `fail_under`, 2 when
    it cannot be read.

    `fail_under` is a share, 0 to 1, that intent accuracy when answering and fact F1 (micro) must both reach.
    `kept_back` uses the set that is looked at only at the end. `cross_validation` judges the intent model on
    the training data as well, and `compare` the other candidates beside it.
    """
    path = KEPT_BACK if kept_back else DEV
    try:
        cases = messages.load(path) if path.is_file() else []
    except BadMessage as error:
        print(error, file=sys.stderr)
        return 2
    if cross_validation:
        crossval.report(ROOT / "data" / "nlu", compare)
    if not cases:
        print(f"No messages in {path.relative_to(ROOT)}: only the training data was judged.")
        return 0
    return judge(path.name, cases, fail_under, show_errors)


def judge(name: str, cases: list[messages.Case], fail_under: float | None, show_errors: bool) -> int:
    """Run the trained model over the messages and print what came out."""
    outcomes = messages.run(cases)
    scored = tables.score(outcomes)
    tables.report(name, outcomes, scored)
    if show_errors:
        tables.report_errors(outcomes)
    return tables.verdict(scored, fail_under)
