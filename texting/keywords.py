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
MEASURED = re.compile(r"[$%/:€]")  # "$2", "2/3" and "2:30" are no choices
DIGITS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
Keyword = Literal["stop", "start", "help", "more", "done"]
WHOLE: tuple[Keyword, ...] = ("stop", "start", "help", "more", "done")


def keyword(text: str) -> Keyword | None:
    """The keyword that a message is; None for any other message."""
    plain = plainly(text)
    for name in WHOLE:
        if _without_courtesies(plain) in _whole(name) or _is_repeated(plain, name):
            return name
    return "stop" if _says_stop(plain) or _begins_with_stop(text) else None


def is_spanish(text: str) -> bool:
    """Whether a keyword was written in Spanish."""
    plain = f" {plainly(text)} "
    return any(f" {one} " in plain for one in _lists()["spanish"])


def number_in(text: str) -> int | None:
    """The number that a message is: "2", "reply 2", "two", "the second one"; None for any other message."""
    plain = plainly(text)
    if MEASURED.search(text):
        return None
    before = None
    while before != plain and not _numbers().get(plain):
        before = plain
        for one in _lists()["around_a_number"]:
            plain = plain.removeprefix(f"{one} ").removesuffix(f" {one}")
    digits = DIGITS.fullmatch(plain)
    return int(digits.group(1)) if digits else _numbers().get(plain)


def is_own_number(text: str) -> bool:
    """Whether a message names the phone that it comes from: "this number"."""
    return plainly(text) in _lists()["own_number"]


def plainly(text: str) -> str:
    """The words of a message: small letters without accents, signs and apostrophes, with single blanks."""
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign) and sign not in "'’‘`")
    return " ".join(re.findall(r"[^\W_]+", bare))


def _says_stop(plain: str) -> bool:
    if not 0 < len(plain.split()) <= MOST_WORDS:
        return False
    if any(way.search(plain) for way in _ways("surely_stop")):
        return True
    return any(way.search(plain) for way in _ways("says_stop")) and not _of_others().search(plain)


def _begins_with_stop(text: str) -> bool:
    """Whether the first thing that is said is STOP: "Unsubscribe. I have a lawyer now"."""
    first, _, more = re.sub(r"[.,;!?\n]+", ".", text.strip()).partition(".")
    return bool(more) and plainly(first) in _lists()["stops_first"]


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
def _numbers() -> dict[str, int]:
    counted = [_lists()[name] for name in ("number_words", "ordinals")]
    return {word: at for words in counted for at, word in enumerate(words, 1)}


@cache
def _ways(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(way) for way in _lists()[name])


@cache
def _of_others() -> re.Pattern[str]:
    return re.compile(_lists()["speaks_of_others"])


@cache
def _lists() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
