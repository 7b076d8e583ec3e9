"""The documents are complete: every setting, command, intent and rule is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
import yaml

from cli.app import app
from cli.law import as_markdown
from imr_logic.law import entries
from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(field: str) -> None:
    assert f"| `IMR_{field.upper()}` |" in README


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `./imr {command}` |" in README


@pytest.mark.parametrize(
    "intent", [name for one in yaml.safe_load((ROOT / "domain.yml").read_text())["intents"] for name in one]
)
def test_every_intent_is_in_the_docs(intent: str) -> None:
    assert f"| `{intent}` |" in (ROOT / "docs" / "intents.md").read_text(encoding="utf-8")


def test_every_rule_of_law_is_in_the_docs_as_it_stands() -> None:
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == as_markdown(list(entries()))
