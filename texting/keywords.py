"""Words that mean the same in every text-message service: STOP, START, HELP, and ours: MORE, DONE.

They are read from the whole message, so that "they want to stop my chemo" is a story. The law asks that any
reasonable way of saying STOP is honoured (47 CFR 64.1200(a)(10)); the ways stand in `keywords.yml`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FILE = Path(__file__).with_name("keywords.yml")
MOST_WORDS = 20
Keyword = Literal["stop", "start", "help", "more", "done"]
WHOLE: tuple[Keyword, ...] = ("stop", "start", "help", "more", "done")


def keyword(text: str) -> Keyword | None:
    """The keyword that a message is; None for any other message."""
    plain = plainly(text)
    for name in WHOLE:
        if _without_courtesies(plain) in _whole(name) or _is_repeated(plain, name):
            return name
    return "stop" if _says_stop(plain) else None


def plainly(text: str) -> str:
    """The words of a message: small letters without accents, signs and apostrophes, with single blanks."""
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign) and sign not in "'’‘`")
    return " ".join(re.findall(r"[^\W_]+", bare))


def _says_stop(plain: str) -> bool:
    is_short = 0 < len(plain.split()) <= MOST_WORDS
    return is_short and any(way.search(plain) for way in _ways()) and not _of_others().search(plain)


def _without_courtesies(plain: str) -> str:
    """The message without what is said for politeness at its beginning and end."""
    before = None
    while before != plain:
        before = plain
        for one in _lists()["courtesies"]:
            plain = plain.removeprefix(f"{one} ").removesuffix(f" {one}")
    return plain


def _is_repeated(plain: str, name: Keyword) -> bool:
    """Whether a message is nothing but words of a list: "STOP STOP", "opt out opt out"."""
    left = _without_courtesies(plain)
    if name not in ("stop", "help") or not left:
        return False
    return set(left.split()) <= _whole(name) or any(not left.replace(one, "").strip() for one in _whole(name))


@cache
def _whole(name: Keyword) -> frozenset[str]:
    return frozenset([*_lists()[name], *_lists().get(f"misspelled_{name}", ())])


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(way) for way in _lists()["says_stop"])


@cache
def _of_others() -> re.Pattern[str]:
    return re.compile(_lists()["speaks_of_others"])


@cache
def _lists() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
