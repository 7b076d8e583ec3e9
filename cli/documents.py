"""`./imr documents`: every paper that fits one case, written to a folder. Imports nothing heavy."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from cli.triage import BadInput, open_source, read_facts
from documents import PAPERS, Paper, Sequences, make, papers_for, read_case, read_sequences
from imr_logic import Assessment, CaseFacts, assess

CALENDAR = PAPERS["calendar"]
STYLESHEET = Path(__file__).resolve().parents[1] / "web" / "static" / "print.css"


def earlier_calendar(folder: Path) -> tuple[str, Sequences]:
    """The case and the events of the calendar file that an earlier run left in the folder; a new case and no
    events when there is none. Raises BadInput for a file that is no such calendar."""
    path = folder / CALENDAR.file
    try:
        previous = path.read_bytes()
        return read_case(previous), read_sequences(previous)
    except FileNotFoundError:
        return secrets.token_hex(16), {}
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; allowed: a calendar of this command, or none") from None
    except (ValueError, KeyError):
        raise BadInput(f"{path}: not a calendar of this command; allowed: move it away, or another folder") from None


def make_all(facts: CaseFacts, found: Assessment, folder: Path, practice: str | None) -> list[tuple[Paper, str]]:
    """Every paper that fits, with its title; nothing is written yet."""
    case_id, earlier = earlier_calendar(folder)
    now = datetime.now(UTC)
    made = [
        (
            make(
                kind,
                facts,
                found,
                case_id=case_id,
                practice=practice,
                now=now,
                sequences=earlier,
                stylesheet=STYLESHEET.name,
            ),
            kind.title(),
        )
        for kind in papers_for(facts, found, earlier)
    ]
    look = Paper(STYLESHEET.name, "text/css", STYLESHEET.read_bytes())
    return [*made, (look, "The look of the page to print")] if made else []


def write_all(papers: list[Paper], folder: Path) -> None:
    """Writes all papers or, when one cannot be written, none. A draft that was edited is kept beside the new one
    as `... .earlier1.txt`. Raises BadInput."""
    parts = [(folder / f".{paper.name}.part", folder / paper.name, paper.content) for paper in papers]
    taken = next((path for _, path, _ in parts if path.is_dir()), None)
    if taken is not None:
        raise BadInput(f"{taken}: is a folder; allowed: a file, or nothing, in its place")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part, _, content in parts:
            part.write_bytes(content)
        for part, path, content in parts:
            keep_edited(path, content)
            os.replace(part, path)
    except OSError as error:
        for part, _, _ in parts:
            part.unlink(missing_ok=True)
        reason = error.strerror or "cannot be written"
        raise BadInput(f"{folder}: {reason}; allowed: a folder that can be written to") from None


def keep_edited(path: Path, content: bytes) -> None:
    """Moves a text draft of an earlier run aside: the person may have written in it."""
    if path.suffix == ".txt" and path.exists() and path.read_bytes() != content:
        names = (path.with_suffix(f".earlier{number}.txt") for number in count(1))
        os.replace(path, next(name for name in names if not name.exists()))


def run(name: str, folder: Path, today: Callable[[], date], practice: str | None) -> int:
    """The whole command. Returns the exit code: 0, or 2 for bad input, when nothing is written."""
    try:
        with open_source(name) as source:
            facts = read_facts(source.read(), today)
        if folder.exists() and not folder.is_dir():
            raise BadInput(f"{folder}: is not a folder; allowed: a folder, which is made when not there")
        found = assess(facts)
        made = make_all(facts, found, folder, practice)
        if made:
            write_all([paper for paper, _ in made], folder)
    except (BadInput, UnicodeDecodeError) as error:
        print("not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error, file=sys.stderr)
        return 2
    if not made:
        print(f"{found.title}. {found.summary}", *(step.text for step in found.steps), sep="\n")
    for paper, title in made:
        print(f"{folder / paper.name}  {title}")
    return 0
