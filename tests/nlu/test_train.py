"""`./imr train`: makes a model when something changed, and never breaks the one that is there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli import train as command
from cli.train import TrainingFailed
from nlu.understand import model_in_archive
from tests.nlu import tiny

CONFIG = Path(__file__).resolve().parents[2] / "config.yml"
DOMAIN = """
version: "3.1"
intents: [{intents}, nlu_fallback]
responses:
  utter_hello: [{{text: "Hello."}}]
"""
RULES = """
version: "3.1"
rules:
- rule: say hello
  steps:
  - intent: greet
  - action: utter_hello
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A whole assistant in six intents."""
    (tmp_path / "config.yml").write_text(CONFIG.read_text())
    (tmp_path / "domain.yml").write_text(DOMAIN.format(intents=", ".join(tiny.MESSAGES)))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(tiny.training_file())
    (tmp_path / "data" / "rules.yml").write_text(RULES)
    tiny.danger_files(tmp_path / "data" / "danger")
    return tmp_path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for Rasa: writes a model and counts how often it was asked to."""
    made: list[str] = []

    def write(root: Path, draft: Path, started: float) -> None:
        made.append("model")
        (draft / command.MODEL_NAME).write_text(f"model {len(made)}")

    monkeypatch.setattr(command, "train_apart", write)
    return made


def test_a_real_model_is_trained_and_then_left_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = command.train(root=project)
    shown = capsys.readouterr()
    assert model_in_archive(path).labels == tuple(sorted(tiny.MESSAGES))
    assert model_in_archive(path, "ear").labels == ("medical_emergency", "none", "self_harm")
    assert (shown.out, "encoding 48 examples" in shown.err) == ("", True)
    assert command.ensure_model(project) == path
    assert capsys.readouterr().err == ""


def test_nothing_is_done_when_nothing_changed(
    project: Path, counted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command.train(root=project)
    capsys.readouterr()
    command.train(root=project)
    assert len(counted) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_force_trains_all_the_same(project: Path, counted: list[str]) -> None:
    command.train(root=project)
    command.train(force=True, root=project)
    assert command.model_path(project).read_text() == "model 2"


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/nlu.yml", "data/new.yml", "nlu/intents/more.py"]
)
def test_any_change_makes_a_new_model(project: Path, counted: list[str], changed: str) -> None:
    command.train(root=project)
    (project / changed).parent.mkdir(parents=True, exist_ok=True)
    (project / changed).write_text("# changed")
    assert not command.is_current(project)
    command.ensure_model(project)
    assert len(counted) == 2


def test_a_file_that_goes_makes_a_new_model(project: Path, counted: list[str]) -> None:
    command.train(root=project)
    (project / "data" / "rules.yml").unlink()
    assert not command.is_current(project)


def test_a_newer_package_makes_a_new_model(
    project: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command.train(root=project)
    monkeypatch.setattr(command, "version", lambda name: "99")
    assert not command.is_current(project)


@pytest.mark.parametrize("lost", ["models/imr-triage.tar.gz", "models/fingerprint.json"])
def test_a_lost_file_makes_a_new_model(project: Path, counted: list[str], lost: str) -> None:
    command.train(root=project)
    (project / lost).unlink()
    assert not command.is_current(project)


def test_compiled_python_is_no_change(project: Path, counted: list[str]) -> None:
    command.train(root=project)
    (project / "nlu" / "__pycache__").mkdir(parents=True)
    (project / "nlu" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert command.is_current(project)


def failing(program: str) -> object:
    """A training command that runs this instead."""
    return lambda root, draft: [sys.executable, "-c", program]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (
            "import json; print(json.dumps({'error': 'InvalidDomain: twice the same'}))",
            "InvalidDomain: twice",
        ),
        ("raise MemoryError('too small')", "MemoryError: too small"),
        ("import os; os._exit(9)", "no reason was given"),
        ("print('null')", "no reason was given"),
        ("", "no reason was given"),
    ],
)
def test_a_failed_training_leaves_the_old_model(
    project: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    command.model_path(project).parent.mkdir()
    command.model_path(project).write_text("old")
    monkeypatch.setattr(command, "worker", failing(program))
    with pytest.raises(TrainingFailed, match=reason) as error:
        command.train(root=project)
    assert "\n" not in str(error.value)
    assert command.model_path(project).read_text() == "old"
    assert {path.name for path in (project / "models").iterdir()} == {".lock", command.MODEL_NAME}


def test_the_command_tells_a_failure_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(force: bool) -> Path:
        raise TrainingFailed("Training failed: no data.")

    monkeypatch.setattr(command, "train", fail)
    assert command.run() == 1
    assert capsys.readouterr().err == "Training failed: no data.\n"


def test_steps_are_shown_with_seconds(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "worker", failing(f"print({json.dumps({'step': 'thinking'})!r})"))
    with pytest.raises(TrainingFailed):
        command.train(root=project)
    assert "s] thinking\n" in capsys.readouterr().err
