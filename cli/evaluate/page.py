"""The evaluation as a page to read: figures, pictures and every message that was read wrongly, in one file that
needs nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.evaluate import plots, tables
from cli.evaluate.calibration import bins, expected_error, guesses, silence_curve
from cli.evaluate.latency import Latency
from cli.evaluate.messages import Outcome
from cli.evaluate.scores import Scored, confusions
from cli.evaluate.targets import Target

TEMPLATE = "report.html.j2"
BAR = 0.9  # under which a fact or an intent is drawn pale


@dataclass(frozen=True)
class Run:
    """All that one run found about one set of messages."""

    name: str
    day: date
    outcomes: Sequence[Outcome]
    scored: Scored
    latency: Latency
    reached: Sequence[Target]


def write(run: Run, path: Path) -> None:
    """Write the page. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rendered(run), encoding="utf-8")


def rendered(run: Run) -> str:
    """The page as HTML. What people wrote is escaped."""
    from jinja2 import Environment, FileSystemLoader

    room = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    return room.get_template(TEMPLATE).render(
        run=run,
        pictures=pictures(run),
        error=expected_error(bins(guesses(run.outcomes))),
        confused=confusions(run.outcomes).most_common(tables.WORST),
        wrong=[(outcome.case, found) for outcome in run.outcomes if (found := tables.problems(outcome))],
    )


def pictures(run: Run) -> dict[str, str]:
    """The pictures by name, as SVG."""
    judged = guesses(run.outcomes)
    names = confused_names(run.outcomes)
    return {
        "calibration": plots.calibration(bins(judged)),
        "silence": plots.silence(
            silence_curve(judged), (run.scored.intents.unanswered, run.scored.intents.answered_right)
        ),
        "facts": plots.scores(run.scored.facts, BAR),
        "intents": plots.scores(run.scored.intent_tallies, BAR),
        "confusion": plots.confusion(names, confusion_counts(run.outcomes, names)),
        "times": plots.times(run.latency.times, [one.bar for one in run.reached if one.unit == "ms"][:2]),
    }


def confused_names(outcomes: Sequence[Outcome]) -> list[str]:
    """The intents that were ever taken for another, or another for them."""
    return sorted({name for pair in confusions(outcomes) for name in pair}) or ["none"]


def confusion_counts(outcomes: Sequence[Outcome], names: Sequence[str]) -> list[list[int]]:
    """How often each of `names` (rows) was understood as each (columns)."""
    pairs = [(outcome.case.intent, outcome.intent) for outcome in outcomes]
    return [[pairs.count((meant, understood)) for understood in names] for meant in names]
