"""`./imr evaluate nlu`: how well messages are understood, measured, never asserted."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.evaluate import crossval, latency, messages, page, stock_rasa, tables
from cli.evaluate.messages import BadMessage
from cli.evaluate.scores import score
from cli.evaluate.stock_rasa import BaselineFailed
from cli.evaluate.targets import targets

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "tests" / "nlu_eval" / "dev.jsonl"
KEPT_BACK = ROOT / "tests" / "nlu_eval" / "kept_back.jsonl"
REPORT = ROOT / "var" / "nlu_report.html"


@dataclass(frozen=True)
class Wanted:
    """What one run is to do. `fail_under` is a share, 0 to 1, that every main share must reach; `file` replaces
    the evaluation set, of which `kept_back` is the part looked at only at the end; `folds` judges the intent model
    on the training data too, and its other candidates; `stock` trains Rasa's default pipeline beside ours, for so
    many epochs (0: not at all)."""

    fail_under: float | None = None
    kept_back: bool = False
    file: Path | None = None
    show_errors: bool = False
    folds: bool = True
    stock: int = 0
    report: Path | None = REPORT

    @property
    def path(self) -> Path:
        """The file of messages."""
        return self.file or (KEPT_BACK if self.kept_back else DEV)


def nlu(wanted: Wanted, today: date) -> int:
    """Print the tables and write the page. Returns the exit code: 0, 1 when the evaluation set scores under the
    bar or the other pipeline cannot be trained, 2 when the messages cannot be read."""
    try:
        cases = messages.load(wanted.path)
    except BadMessage as error:
        print(error, file=sys.stderr)
        return 2
    if wanted.folds:
        crossval.report(ROOT / "data", compare=True)
    try:
        return judge(wanted, cases, today)
    except BaselineFailed as error:
        print(error, file=sys.stderr)
        return 1


def judge(wanted: Wanted, cases: list[messages.Case], today: date) -> int:
    """Run the trained model over the messages and print what came out. Raises BaselineFailed."""
    understander = messages.open_understander()
    outcomes = messages.run(understander, cases)
    scored = score(outcomes)
    times = latency.measure(understander.understand, cases)
    reached = targets(scored, times)
    tables.report(wanted.path.name, outcomes, scored, reached)
    if wanted.show_errors:
        tables.report_errors(outcomes)
    if wanted.report:
        page.write(page.Run(wanted.path.name, today, outcomes, scored, times, reached), wanted.report)
        print(f"\nThe same to read, with pictures: {wanted.report}")
    if wanted.stock:
        stock_rasa.report(outcomes, wanted.stock)
    return tables.verdict(reached, wanted.fail_under)
