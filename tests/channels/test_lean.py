"""The process that serves does without what only training uses, and understands the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from channels.lean import OnlyForTrainingError, needs_training
from cli.train import ensure_model
from settings import ROOT

READ_A_MESSAGE = """
import asyncio, json, sys
if {lean}:
    from channels.lean import leave_training_out
    leave_training_out()
from channels.agent import load_agent
from channels.replies import TurnReplies
from rasa.core.channels.channel import UserMessage

agent = load_agent({model!r}, "endpoints.yml")
message = UserMessage("They denied my MRI on October 5th as not medically necessary", TurnReplies(), "web-1")
read = asyncio.run(agent.processor.parse_message(message))
loaded = [name for name in ("tensorflow", "sklearn.base") if sys.modules.get(name)]
print(json.dumps([loaded, read["intent"]["name"], read["entities"]]))
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "IMR_VAR_DIR": str(folder), "IMR_TODAY": "2026-11-26", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def read_a_message(lean: bool, folder: Path) -> list[object]:
    told = run(READ_A_MESSAGE.format(lean=lean, model=str(ensure_model())), folder)
    assert told.returncode == 0, told.stderr[-2000:]
    return list(json.loads(told.stdout.splitlines()[-1]))


def test_serving_loads_nothing_of_training_and_understands_what_rasa_understands_with_it(tmp_path: Path) -> None:
    whole, lean = (read_a_message(one, tmp_path) for one in (False, True))
    assert whole[0] == ["tensorflow", "sklearn.base"], "else there is nothing left to leave out"
    assert lean[0] == []
    assert lean[1:] == whole[1:]


@pytest.mark.parametrize(
    ("error", "is_told"),
    [
        (ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow"), True),
        (OnlyForTrainingError("rasa.utils.train_utils.rank"), True),
        (ModuleNotFoundError("No module named 'actions.nothing'", name="actions.nothing"), False),
        (ValueError("something else"), False),
    ],
    ids=["TensorFlow", "called", "another module", "something else"],
)
def test_a_component_that_cannot_be_served_is_named_by_what_it_lacks(error: Exception, is_told: bool) -> None:
    """Rasa wraps what a component fails of in errors of its own."""
    wrapped = RuntimeError("Can't find class")
    wrapped.__cause__ = error
    assert needs_training(wrapped) is is_told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "leave_training_out(); import rasa.utils.train_utils as t; t.create_data_generators()",
            "OnlyForTrainingError: rasa.utils.train_utils.create_data_generators is for training",
        ),
        (
            "import sklearn.model_selection; leave_training_out()",
            "Too late to leave training out: sklearn",
        ),
        ("leave_training_out(); import tensorflow", "ModuleNotFoundError"),
    ],
    ids=["used", "too late", "TensorFlow"],
)
def test_what_is_left_out_says_so(code: str, told: str, tmp_path: Path) -> None:
    assert told in run(f"from channels.lean import leave_training_out; {code}", tmp_path).stderr
