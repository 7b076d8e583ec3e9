"""`./imr triage`: facts in, an Assessment out, as JSON. Imports nothing heavy: it starts in under a second."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from imr_logic import CaseFacts, assess, first_problem


class BadInput(ValueError):
    """Input that could not be used; the message is one line for the person who gave it."""


def parse_object(text: str) -> dict[str, Any]:
    """One JSON object. Raises BadInput that names the place of the mistake."""
    try:
        found = json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(f"not JSON ({error.msg} at {where}); allowed: one object of facts") from None
    if not isinstance(found, dict):
        raise BadInput(f"{type(found).__name__} is not a case; allowed: one object of facts")
    return found


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInput(f"{twice}: is given twice; allowed: once")
    return dict(pairs)


def read_facts(text: str, today: Callable[[], date]) -> CaseFacts:
    """The facts of one object. `today` is asked where they name no day. Raises BadInput."""
    given = parse_object(text)
    try:
        return CaseFacts.model_validate(given if "today" in given else {"today": today(), **given})
    except ValidationError as error:
        raise BadInput(first_problem(error)) from None


def answer(text: str, today: Callable[[], date]) -> str:
    """The Assessment of one facts object as one line of JSON."""
    return assess(read_facts(text, today)).model_dump_json()


def numbered_lines(source: TextIO) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers from 1."""
    return ((number, line) for number, line in enumerate(source, start=1) if line.strip())


def run_lines(source: TextIO, answer_line: Callable[[str], str]) -> int:
    """Answers each line in order; a bad one gets an error object in its place. The exit code: 2 if any was bad."""
    code = 0
    for number, line in numbered_lines(source):
        try:
            print(answer_line(line))
        except BadInput as error:
            code = 2
            print(json.dumps({"line": number, "error": str(error)}, ensure_ascii=False))
            print(f"line {number}: {error}", file=sys.stderr)
    return code


def open_source(name: str) -> TextIO:
    """The named file, or standard input for "-". Raises BadInput when it cannot be read."""
    if name == "-":
        return sys.stdin
    try:
        return Path(name).open(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BadInput(f"{name}: {reason}; allowed: a file of facts, or - for standard input") from None


def run(name: str, today: Callable[[], date], jsonl: bool) -> int:
    """The whole command. Returns the exit code: 0, or 2 for bad input."""
    try:
        with open_source(name) as source:
            if jsonl:
                return run_lines(source, lambda line: answer(line, today))
            print(json.dumps(json.loads(answer(source.read(), today)), indent=2, ensure_ascii=False))
            return 0
    except (BadInput, UnicodeDecodeError) as error:
        problem = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        print(problem, file=sys.stderr)
        return 2
