"""The documents are complete: every setting, command, intent and rule is in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import typer
import yaml

from cli.app import app
from cli.law import as_markdown
from documents import PAPERS
from imr_logic import vocabulary
from imr_logic.law import entries
from nlu.facts import read
from nlu.facts.data import read_file
from nlu.facts.wishes import WISHES_FILE
from records.redaction import KINDS, placeholders
from settings import Settings
from web.staff.gate import Page
from web.staff.routes import PAGES
from web.widget.serving import SOURCE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
UNDERSTANDING = (ROOT / "docs" / "understanding.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
CONVERSATION = (ROOT / "docs" / "conversation.md").read_text(encoding="utf-8")
WIDGET = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
WIDGET_CODE = "".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.js"))
ATTRIBUTE = re.compile(r"""(?:host|this)\.(?:get|has)Attribute\("([\w-]+)"\)""")
EVALUATIONS = {"nlu": UNDERSTANDING, "conversation": CONVERSATION}
CONSOLE = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")
ROOMS_THAT_LOG = ("records", "web", "cli")
CODE = "".join(path.read_text(encoding="utf-8") for room in ROOMS_THAT_LOG for path in (ROOT / room).rglob("*.py"))
# What is done to the log: audit.append(session, by, "note.add", ...) and audit.note(by, "contact.view", ...).
ACTION = re.compile(r"audit\.(?:append|note)\(\s*(?:session,\s*)?[^,]+,\s*\"([\w.]+)\"")
OFFICE = [(group, name) for group in ("staff", "audit", "corrections") for name in COMMANDS[group].commands]
SHOWN_OPTIONS = [(name, one.opts[0]) for name in ("serve", "remind", "forget") for one in COMMANDS[name].params]
OPTIONS = [(name, one.opts[0]) for name in EVALUATIONS for one in COMMANDS["evaluate"].commands[name].params]


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(field: str) -> None:
    assert f"| `IMR_{field.upper()}` |" in README


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `./imr {command}` |" in README


@pytest.mark.parametrize(
    "intent", [name for one in yaml.safe_load((ROOT / "domain.yml").read_text())["intents"] for name in one]
)
def test_every_intent_is_in_the_docs(intent: str) -> None:
    assert f"| `{intent}` |" in (ROOT / "docs" / "intents.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_every_page_of_the_console_is_in_the_docs_with_its_role(page: Page) -> None:
    [row] = [line for line in CONSOLE.splitlines() if f"`{page.method} {page.path}`" in line]
    assert row.endswith(f"| {page.least} |")


@pytest.mark.parametrize("action", sorted(set(ACTION.findall(CODE))))
def test_every_action_of_the_log_is_in_the_docs(action: str) -> None:
    assert f"`{action}`" in CONSOLE


@pytest.mark.parametrize(("group", "command"), OFFICE)
def test_every_command_of_the_office_is_in_the_docs(group: str, command: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `./imr {group}` |"))
    assert f"`{command}`" in row


@pytest.mark.parametrize("wish", sorted({name.split()[0] for name in read_file(WISHES_FILE)}))
def test_every_wish_is_in_the_docs(wish: str) -> None:
    assert f"| `{wish}` |" in (ROOT / "docs" / "intents.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("command", "option"), SHOWN_OPTIONS)
def test_every_option_of_these_commands_is_in_the_readme(command: str, option: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `./imr {command}` |"))
    assert f"`{option}`" in row


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_every_paper_is_in_the_docs_with_its_file(kind: str) -> None:
    assert f"| `{kind}` | `{PAPERS[kind].file}` |" in (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("attribute", sorted(set(ATTRIBUTE.findall(WIDGET_CODE)) - {"lang"}))
def test_every_attribute_of_the_chat_is_in_the_docs(attribute: str) -> None:
    assert f"| `{attribute}` |" in WIDGET


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_identifier_is_in_the_docs_with_its_placeholder(kind: str) -> None:
    assert f"| `{kind}` | {placeholders()[kind]} |" in WIDGET


@pytest.mark.parametrize("picture", sorted(path.name for path in (ROOT / "docs" / "widget").glob("*.png")))
def test_every_picture_of_the_chat_is_shown(picture: str) -> None:
    assert f"](widget/{picture})" in WIDGET


def fact_rows() -> list[tuple[str, str, str]]:
    """Fact, value and sentence of each row of the table of facts."""
    return re.findall(r"^\| `(\w+)` \| `([\w-]+)` \| (.+) \|$", UNDERSTANDING, re.MULTILINE)


def test_every_fact_is_in_the_docs() -> None:
    assert {fact for fact, _, _ in fact_rows()} == set(vocabulary())


@pytest.mark.parametrize(("fact", "value", "sentence"), fact_rows())
def test_each_fact_is_read_from_the_sentence_in_the_docs(fact: str, value: str, sentence: str) -> None:
    found = read(sentence, date(2026, 11, 23)).facts[fact]
    assert str(found[0] if isinstance(found, list) else found).lower() == value


@pytest.mark.parametrize(("evaluation", "option"), OPTIONS)
def test_every_option_of_the_evaluations_is_in_the_docs(evaluation: str, option: str) -> None:
    assert f"`{option.upper() if option == 'file' else option}" in EVALUATIONS[evaluation]


def test_every_rule_of_law_is_in_the_docs_as_it_stands() -> None:
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == as_markdown(list(entries()))
