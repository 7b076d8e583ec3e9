"""`./imr evaluate nlu --baseline diet`: Rasa's own default pipeline, trained on the same data and asked the same
messages, side by side with ours. It reads intents only: it has no labelled facts to learn from.

The work runs in a second process, `python -m cli.evaluate.stock_rasa`, since Rasa and TensorFlow take long to load.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.evaluate.messages import Case, Outcome
from cli.evaluate.scores import intent_score, percentile
from cli.evaluate.tables import heading
from cli.stock.project import DEFAULT_EPOCHS, config
from cli.train import ROOT, quiet_environment

CONFIG = "config.yml"
FALLBACK = "nlu_fallback"


class BaselineFailed(RuntimeError):
    """The other pipeline could not be trained or asked. The message is one line."""


@dataclass(frozen=True)
class Answered:
    """One message under the other pipeline: its intent (None: it fell back), the first guess, milliseconds."""

    intent: str | None
    best: str
    milliseconds: float


def report(outcomes: Sequence[Outcome], epochs: int = DEFAULT_EPOCHS) -> None:
    """Train the other pipeline, ask it, and print both columns. Raises BaselineFailed."""
    print(f"training Rasa's default pipeline on the same data, {epochs} epochs ...", file=sys.stderr, flush=True)
    seconds, answers = asked([outcome.case for outcome in outcomes], epochs)
    theirs = [as_outcome(outcome.case, answer) for outcome, answer in zip(outcomes, answers, strict=True)]
    heading(f"{'intents, the same data and messages':<38}{'ours':>12}{'stock Rasa':>14}")
    for name, ours, other in rows(outcomes, theirs):
        print(f"{name:<38}{ours:>12}{other:>14}")
    print(f"{f'training, {epochs} epochs':<38}{'':>12}{f'{seconds:.0f} s':>14}")


def rows(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Name and both figures."""
    mine, other = (figures(outcomes) for outcomes in (ours, theirs))
    return [(name, mine[name], other[name]) for name in mine]


def figures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """What one pipeline reached, by name, as people read it."""
    scored = intent_score(outcomes)
    times = [outcome.milliseconds for outcome in outcomes]
    return {
        "right if it always guessed": f"{scored.guessed_right:.1%}",
        "right when answered": f"{scored.answered_right:.1%}",
        "not answered": f"{scored.unanswered:.1%}",
        "reading, p50": f"{percentile(times, 50):.1f} ms",
        "reading, p95": f"{percentile(times, 95):.1f} ms",
    }


def as_outcome(case: Case, answer: Answered) -> Outcome:
    """The other pipeline's answer as an outcome of ours, without facts."""
    return Outcome(case, answer.intent, answer.best, 0.0, {}, (), None, answer.milliseconds)


def asked(cases: Sequence[Case], epochs: int) -> tuple[float, list[Answered]]:
    """Seconds of training, and one answer a message, from the second process. Raises BaselineFailed."""
    with tempfile.TemporaryDirectory(prefix="imr-stock-") as folder:
        texts = Path(folder, "texts.json")
        texts.write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
        Path(folder, CONFIG).write_text(config(epochs), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "cli.evaluate.stock_rasa", str(ROOT / "data" / "nlu"), folder],
            cwd=ROOT,
            env=quiet_environment(),
            capture_output=True,
            text=True,
        )
        found = Path(folder, "answers.json")
        if done.returncode or not found.is_file():
            raise BaselineFailed(f"Rasa's default pipeline failed: {(done.stderr.strip() or 'no reason')[-300:]}")
        said = json.loads(found.read_text(encoding="utf-8"))
    return said["seconds"], [Answered(**one) for one in said["answers"]]


def main(data: str, folder: str) -> None:
    """Train on the training data, read the texts, write the answers into the folder."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    started = time.monotonic()
    model = train_nlu(str(Path(folder, CONFIG)), data, folder, fixed_model_name="stock")
    seconds = time.monotonic() - started
    agent = Agent.load(model)
    answers = asyncio.run(read_all(agent, json.loads(Path(folder, "texts.json").read_text(encoding="utf-8"))))
    Path(folder, "answers.json").write_text(json.dumps({"seconds": seconds, "answers": answers}), encoding="utf-8")


async def read_all(agent: Any, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Every text, one after the other, timed."""
    await agent.parse_message("warm up")
    return [await read_one(agent, text) for text in texts]


async def read_one(agent: Any, text: str) -> dict[str, Any]:
    """One text."""
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    milliseconds = (time.perf_counter() - started) * 1000
    name = parsed["intent"]["name"]
    guessed = [one["name"] for one in parsed["intent_ranking"] if one["name"] != FALLBACK]
    return {"intent": None if name == FALLBACK else name, "best": guessed[0], "milliseconds": milliseconds}


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(sys.argv[1], sys.argv[2])
