"""Logs that hold no person's words: every process of this project writes its log through `PrivateFormatter`, as lines
for people or (`json`) as one JSON object a line with the keys of KEYS and no others.

Libraries put the text of a message into their exceptions (the action server even sends the whole
conversation back with an error), so of an exception only its kind and the place in the code is written.
"""

from __future__ import annotations

import copy
import json
import logging
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from watching import request_ids

SENDER = re.compile(r"\b(web|sms)-[0-9A-Za-z_-]{8,}")
LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
# What a line may hold: the moment, how bad it is, which room says it, what happened (a sentence of our own), the
# number of the request, and of an error its kinds and their places in the code.
KEYS = ("at", "level", "room", "event", "request", "errors")


def hide_senders(text: str) -> str:
    """The text with every conversation id cut down to its channel."""
    return SENDER.sub(r"\1-(hidden)", text)


class PrivateFormatter(logging.Formatter):
    """Writes one line a record; an exception as its kind and where it came from, never its words."""

    def __init__(self, *_: Any, as_json: bool = False, **__: Any) -> None:
        super().__init__(LINE)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without conversation ids and without the words of an exception."""
        plain = copy.copy(record)
        plain.exc_info = plain.exc_text = plain.stack_info = None
        errors = list(_chain(record.exc_info[1] if record.exc_info else None))
        number = request_ids.current.get()
        if self._as_json:
            return hide_senders(_as_json(plain, number, errors))
        first = super().format(plain) + (f" [{number[:16]}]" if number else "")
        return hide_senders("\n".join([first, *(f"  {error}" for error in errors)]))


def line_of(room: str, event: str) -> str:
    """What a process says outside its log, as one JSON object like those of the log."""
    return _as_json(logging.makeLogRecord({"name": room, "msg": event, "levelname": "INFO"}), None, [])


def _as_json(record: logging.LogRecord, number: str | None, errors: list[str]) -> str:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    told = (at, record.levelname, record.name, record.getMessage(), number, errors or None)
    return json.dumps({key: value for key, value in zip(KEYS, told, strict=True) if value is not None})


def _chain(error: BaseException | None) -> Iterator[str]:
    """Kind and place of an exception and of what caused it, the first cause last."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__} at {_place(error)}"
        error = error.__cause__ or error.__context__


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames)) or "unknown place"


def configure(level: str, form: str = "text") -> None:
    """Send every log of this process to standard error through the private formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter(as_json=form == "json"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes whole addresses, with the numbers in them
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each time that somebody looks at the version
    warnings.showwarning = _log_warning  # type: ignore[assignment]  # only the category is written
    sys.excepthook = _log_uncaught


def _log_warning(_: Any, category: type[Warning], filename: str, line: int, *__: Any) -> None:
    """Warnings quote slot values and messages, so only their kind and place are written; those for the makers of
    libraries not at all."""
    if issubclass(category, DeprecationWarning):
        return
    logging.getLogger("warnings").warning("%s at %s:%s", category.__name__, filename, line)


def _log_uncaught(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    """The last line of a process that fails: in the log's form, so that no words slip out here either."""
    logging.getLogger("process").critical("stopped by an error", exc_info=(kind, error, place))
