"""The tables of the date tests: text files with one row a line, read and written in one notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from nlu.dates import DateMention, RoledDate

TODAY = date(2026, 11, 23)
_FOLDER = Path(__file__).parent / "date_corpus"
_MARKS = {"exact": "", "approximate": "~", "ambiguous": "?"}
_ASKED = re.compile(r"\[(\w+)\] (.*)")


class RoleRow(NamedTuple):
    """A message, the fact it answers (if one was asked for), and the facts with days that it tells."""

    expecting: str | None
    text: str
    told: str


def words(text: str) -> list[str]:
    """The words of a text, for making heaps of them."""
    return text.split()


def lines(name: str) -> Iterator[str]:
    """The rows of a table, without its comments."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def rows(name: str) -> list[tuple[str, str]]:
    """The rows of a table as text and expectation."""
    parts = (line.partition(" =>") for line in lines(name))
    return [(text, expected.strip()) for text, _, expected in parts]


def role_rows(name: str) -> list[RoleRow]:
    """The rows of a table of facts."""
    found = []
    for text, told in rows(name):
        asked = _ASKED.fullmatch(text)
        found.append(RoleRow(asked[1], asked[2], told) if asked else RoleRow(None, text, told))
    return found


def shown(mention: DateMention) -> str:
    """A mention as the tables write it: a day or an interval behind the mark of its precision."""
    if mention.precision == "impossible":
        return "!"
    one_day = mention.earliest == mention.latest
    days = f"{mention.earliest}" if one_day else f"{mention.earliest}..{mention.latest}"
    return _MARKS[mention.precision] + days


def told(dates: list[RoledDate]) -> str:
    """The facts of a message as the tables write them; dates that tell none are left out."""
    return " + ".join(f"{one.fact} {shown(one.mention)}" for one in dates if one.fact)
