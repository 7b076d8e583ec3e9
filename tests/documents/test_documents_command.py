"""`./imr documents`: every paper that fits into a folder; bad input in one line and nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from documents import read_sequences
from tests.documents.cases import ANSWERED, ORDINARY

WRITTEN = {
    "case-summary.pdf",
    "case-summary.html",
    "dates.ics",
    "what-to-gather.pdf",
    "letter-to-plan.pdf",
    "letter-to-plan.txt",
    "doctor-letter-outline.pdf",
    "print.css",
}


def command(folder: Path, given: Any = None, *more: str) -> Result:
    """Runs the command on facts given on standard input."""
    text = given if isinstance(given, str) else json.dumps({**ORDINARY, **(given or {})})
    return CliRunner().invoke(app, ["documents", "-", "-o", str(folder), *more], input=text)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def test_every_paper_that_fits_is_written_and_named(tmp_path: Path) -> None:
    result = command(tmp_path / "new" / "folder")
    assert result.exit_code == 0
    assert names(tmp_path / "new" / "folder") == WRITTEN
    assert {Path(line.split("  ")[0]).name for line in result.output.splitlines()} == WRITTEN


def test_a_file_of_facts_is_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(ORDINARY), encoding="utf-8")
    assert CliRunner().invoke(app, ["documents", str(file), "-o", str(tmp_path / "out")]).exit_code == 0
    assert names(tmp_path / "out") == WRITTEN


def test_the_page_finds_its_look_beside_it(tmp_path: Path) -> None:
    command(tmp_path)
    assert 'href="print.css"' in (tmp_path / "case-summary.html").read_text(encoding="utf-8")


def test_the_day_can_be_fixed(tmp_path: Path) -> None:
    facts = json.dumps({name: value for name, value in ORDINARY.items() if name != "today"})
    command(tmp_path, facts, "--today", "2026-11-30")
    assert "Made on November 30, 2026" in (tmp_path / "case-summary.html").read_text(encoding="utf-8")


def test_the_practice_can_be_named(tmp_path: Path) -> None:
    command(tmp_path, None, "--practice", "Example & Sons")
    assert "by Example &amp; Sons" in (tmp_path / "case-summary.html").read_text(encoding="utf-8")


def test_the_numbers_of_the_calendar_go_on_from_the_file_before(tmp_path: Path) -> None:
    command(tmp_path)
    first = read_sequences((tmp_path / "dates.ics").read_bytes())
    command(tmp_path, ANSWERED)
    second = read_sequences((tmp_path / "dates.ics").read_bytes())
    assert {(second[name]["sequence"], second[name]["gone"]) for name in first} == {(1, True)}
    assert len(second) > len(first)


def test_a_calendar_given_out_is_cancelled_although_no_date_is_left(tmp_path: Path) -> None:
    command(tmp_path)
    result = command(tmp_path, {"denial_letter_date": None})
    assert "dates.ics" in result.output
    assert all(one["gone"] for one in read_sequences((tmp_path / "dates.ics").read_bytes()).values())


def test_a_draft_that_was_edited_is_kept(tmp_path: Path) -> None:
    command(tmp_path)
    draft = tmp_path / "letter-to-plan.txt"
    for text in ("my own words", "more of them"):
        draft.write_text(text, encoding="utf-8")
        command(tmp_path)
    kept = [tmp_path / f"letter-to-plan.earlier{number}.txt" for number in (1, 2)]
    assert [path.read_text(encoding="utf-8") for path in kept] == ["my own words", "more of them"]


def test_an_emergency_gets_help_and_no_paper(tmp_path: Path) -> None:
    result = command(tmp_path / "out", {"immediate_danger": True})
    assert result.exit_code == 0
    assert "911" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "not JSON"),
        ("[]", "allowed: one object of facts"),
        ('{"plan": 1}', "plan: is not a fact"),
        ('{"plan_type": "hmo"}', "plan_type: 'hmo' is not a value of it; allowed:"),
        ('{"today": "2026-02-30"}', "today: '2026-02-30' is not a day"),
    ],
)
def test_bad_facts_give_one_line_and_nothing_is_written(tmp_path: Path, given: str, said: str) -> None:
    result = command(tmp_path / "out", given)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    result = command(tmp_path / "taken")
    assert (result.exit_code, "is not a folder" in result.output) == (2, True)


def test_a_calendar_that_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dates.ics").write_text("my own dates", encoding="utf-8")
    result = command(tmp_path)
    assert (result.exit_code, "not a calendar of this command" in result.output) == (2, True)
    assert names(tmp_path) == {"dates.ics"}


def test_a_folder_in_the_place_of_a_paper_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "letter-to-plan.pdf").mkdir()
    result = command(tmp_path)
    assert (result.exit_code, "letter-to-plan.pdf: is a folder" in result.output) == (2, True)
    assert names(tmp_path) == {"letter-to-plan.pdf"}


def test_a_folder_below_a_file_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    result = command(tmp_path / "taken" / "below")
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert names(tmp_path) == {"taken"}
