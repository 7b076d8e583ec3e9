"""What staff corrected leaves as a change that git can apply, with nothing of a person in it, and trains nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import settings
from cli.app import app
from cli.corrections.change import EXAMPLES, READINGS, STORIES, change_from, steps_after
from records import corrections, schema, staff
from records.corrections import Proposal
from settings import ROOT
from tests.records.told import tell_story

WORDS = "my insurer will not cover the hyperbaric chamber, says the board"
INTENTS = ("report_denial", "ask_deadline", "give_details")


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in {"VAR_DIR": str(tmp_path / "var"), "SECRET_KEY": "k" * 32}.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    settings.clear_settings()
    found = settings.settings().database_url
    schema.upgrade(found)
    for name in ("ana", "rui"):
        staff.add(name, "reviewer", "a long password", url=found)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with what the change is made against."""
    root = tmp_path / "project"
    for folder in ("data", "tests/stories", "tests/nlu_eval"):
        shutil.copytree(ROOT / folder, root / folder)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def approve(url: str, **told: Any) -> int:
    wanted = {"event_id": 1, "kind": "intent", "text": WORDS, "said_on": date(2026, 11, 23), **told}
    if wanted["kind"] == "intent":
        wanted.setdefault("right", "report_denial")
    number = corrections.propose(tell_story(url), Proposal(**wanted), 1, by="ana", intents=INTENTS, url=url)
    corrections.decide(number, True, 2, by="rui", url=url)
    return number


def applied(url: str, project: Path) -> None:
    patch = change_from(corrections.approved(url=url), project).patch
    for words in (["apply", "--check", "-"], ["apply", "-"]):
        subprocess.run(["git", *words], input=patch.encode(), cwd=project, check=True)


def test_an_intent_becomes_an_example_and_a_story(url: str, project: Path) -> None:
    approve(url)
    applied(url, project)
    [taught] = yaml.safe_load((project / EXAMPLES).read_text())["nlu"]
    assert taught == {"intent": "report_denial", "examples": f"- {WORDS}\n"}
    [story] = yaml.safe_load((project / STORIES).read_text())["stories"]
    assert story["steps"][0] == {"user": WORDS, "intent": "report_denial"}
    assert story["steps"][1] == {"action": "triage_form"}


def test_rasa_reads_what_was_handed_out(url: str, project: Path) -> None:
    from rasa.shared.nlu.training_data.loading import load_data

    approve(url)
    applied(url, project)
    taught = load_data(str(project / "data" / "nlu"))
    [mine] = [one for one in taught.intent_examples if one.get("text") == WORDS]
    assert mine.get("intent") == "report_denial"


def test_a_second_change_is_made_on_top_of_the_first(url: str, project: Path) -> None:
    first = approve(url)
    applied(url, project)
    corrections.exported([first], by="x", url=url)
    approve(url, text="by which day must the paper be in, tell me", right="ask_deadline")
    applied(url, project)
    taught = yaml.safe_load((project / EXAMPLES).read_text())["nlu"]
    assert [one["intent"] for one in taught] == ["ask_deadline", "report_denial"]
    assert len(yaml.safe_load((project / STORIES).read_text())["stories"]) == 2


def test_a_fact_becomes_a_reading_to_test_with(url: str, project: Path) -> None:
    approve(
        url, kind="fact", fact="denial_letter_date", right="2026-10-05", text="dated october fifth", span="october"
    )
    approve(url, kind="misunderstood", text="something else entirely")
    applied(url, project)
    fact, mark = [json.loads(line) for line in (project / READINGS).read_text().splitlines()]
    assert (fact["fact"], fact["value"], fact["today"]) == ("denial_letter_date", "2026-10-05", "2026-11-23")
    assert mark["mark"] == "misunderstood"


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("call me at 213-555-0147, they will not cover the hyperbaric chamber", "555-0147"),
        ("my ssn is 123-45-6789 and they will not cover the chamber", "123-45-6789"),
        ("born 3/4/1956 and they will not cover the chamber", "1956"),
    ],
)
def test_identifiers_leave_as_placeholders(url: str, project: Path, text: str, gone: str) -> None:
    approve(url, text=text)
    patch = change_from(corrections.approved(url=url), project).patch
    assert gone not in patch


@pytest.mark.parametrize("text", ["[a](carrier) \\n `x` {b}", "- leading\n- lines", "yes: no # what", "“quotes” 🏥"])
def test_no_words_break_the_format(url: str, project: Path, text: str) -> None:
    approve(url, text=f"they will not cover it {text}")
    applied(url, project)
    [taught] = yaml.safe_load((project / EXAMPLES).read_text())["nlu"]
    assert taught["examples"].count("\n") == 1
    assert not set(taught["examples"]) & set("[]`\\")


def test_words_that_are_taught_or_measured_with_are_left_out_and_named(url: str, project: Path) -> None:
    measured = json.loads((ROOT / "tests" / "nlu_eval" / "dev.jsonl").read_text().splitlines()[0])["text"]
    first, second = approve(url, text="you suck"), approve(url, text=measured, event_id=2)
    change = change_from(corrections.approved(url=url), project)
    assert change.taken == []
    assert [number for number, _ in change.left_out] == [first, second]
    assert "taught already, as abusive" in change.left_out[0][1]


def test_the_command_writes_the_change_once_and_marks_what_it_took(url: str, tmp_path: Path) -> None:
    number = approve(url)
    target = tmp_path / "mine.patch"
    done = CliRunner().invoke(app, ["corrections", "export", "-o", str(target)])
    assert done.exit_code == 0
    assert WORDS in target.read_text()
    assert target.stat().st_mode & 0o077 == 0
    assert [(one.id, one.state) for one in corrections.listed(None, 9, url=url)] == [(number, "exported")]
    assert "is there already" in CliRunner().invoke(app, ["corrections", "export", "-o", str(target)]).output
    again = CliRunner().invoke(app, ["corrections", "export", "-o", str(tmp_path / "other")])
    assert "No correction is approved" in again.output


def test_every_intent_that_staff_can_choose_has_what_follows_it() -> None:
    from web.staff.intents import intents

    without = {intent for intent in intents() if not steps_after(intent, ROOT)}
    assert without <= {"restart", "nlu_fallback"}
