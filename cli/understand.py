"""`./imr understand`: what a message wants and says, as JSON. Imports neither Rasa nor TensorFlow."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from cli.train import TrainingFailed, ensure_model, is_current, model_path
from nlu.encoder import EncoderFilesError
from nlu.intents import ModelFilesError

FIELDS = ("id", "text", "today")

Answer = Callable[[str, date], dict[str, Any]]


class BadInput(ValueError):
    """Input that cannot be used; the message is one line that names the field and what is allowed."""


def run(text: str | None, jsonl: str | None, today: date) -> int:
    """The whole command: one `text`, or the lines of the file `jsonl` (`-` is standard input). Returns the
    exit code: 0, 1 when there is no model, 2 for bad input."""
    try:
        check_choice(text, jsonl)
        if jsonl is None:
            print(json.dumps(opened()(text or "", today), indent=2, ensure_ascii=False))
            return 0
        return answer_lines(lines_of(jsonl), today)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except (TrainingFailed, EncoderFilesError, ModelFilesError) as error:
        print(error, file=sys.stderr)
        return 1


def check_choice(text: str | None, jsonl: str | None) -> None:
    """Exactly one of the two. Raises BadInput."""
    if (text is None) == (jsonl is None):
        raise BadInput("Give one text, or --jsonl with a file (- for standard input).")


def opened() -> Answer:
    """The loaded parts behind one function. Trains first when there is no model yet."""
    from nlu.understand import Understander

    understander = Understander.open(model_to_use())
    return lambda text, today: understander.understand(text, today).as_json()


def model_to_use() -> Path:
    """The trained model; an old one is used too, but not in silence. Raises TrainingFailed."""
    if not model_path().is_file():
        return ensure_model()
    if not is_current():
        print("The model is older than its training data: ./imr train makes a new one.", file=sys.stderr)
    return model_path()


def lines_of(name: str) -> Iterable[str]:
    """The lines of a file or of standard input; bytes that are no UTF-8 become question marks. Raises
    BadInput when the file cannot be read."""
    if name == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        return sys.stdin
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}; allowed: a file of JSON lines, or -") from None


def answer_lines(lines: Iterable[str], today: date) -> int:
    """One answer a line, in order, at once; a bad line gets its error instead. Returns the exit code."""
    understand = opened()
    bad = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = answer_line(line, today, understand)
        except BadInput as error:
            bad += 1
            found = {"line": number, "error": str(error)}
        print(json.dumps(found, ensure_ascii=False), flush=True)
    if bad:
        print(
            f"{bad} line{'s' if bad > 1 else ''} could not be read; each has its error in its place.",
            file=sys.stderr,
        )
    return 2 if bad else 0


def answer_line(line: str, today: date, understand: Answer) -> dict[str, Any]:
    """The answer to one line, with its id. Raises BadInput."""
    given = parsed(line)
    text, day = text_field(given, "text"), the_day(given, today)
    return {"id": given["id"], **understand(text, day)}


def parsed(line: str) -> dict[str, Any]:
    """One JSON object with known fields and an id. Raises BadInput."""
    try:
        given = json.loads(line)
    except ValueError as error:
        raise BadInput(f"not JSON: {error}; allowed: one object with id, text and optional today") from None
    if not isinstance(given, dict):
        raise BadInput(f"a {type(given).__name__}; allowed: one object with id, text and optional today")
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        raise BadInput(f"{unknown[0]}: not known; allowed: {', '.join(FIELDS)}")
    if not isinstance(given.get("id"), str | int) or isinstance(given["id"], bool):
        raise BadInput("id: missing or of another type; allowed: a text or a whole number")
    return given


def text_field(given: dict[str, Any], name: str) -> str:
    """A field that must be a text. Raises BadInput."""
    if name not in given:
        raise BadInput(f"{name}: missing; allowed: a text")
    if not isinstance(given[name], str):
        raise BadInput(f"{name}: a {type(given[name]).__name__}; allowed: a text")
    # half of a surrogate pair, which JSON can carry, is no character: nothing behind this could print it
    return given[name].encode("utf-8", "replace").decode("utf-8")


def the_day(given: dict[str, Any], today: date) -> date:
    """The line's own day, else the command's. Raises BadInput."""
    if given.get("today") is None:
        return today
    day = text_field(given, "today")
    try:
        if len(day) != len("YYYY-MM-DD"):
            raise ValueError
        return date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"today: {day!r} is no day; allowed: a day written YYYY-MM-DD") from None
