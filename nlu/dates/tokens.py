"""A text cut into words, numbers and signs, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from nlu.dates.patterns import patterns, spellings

_LOOKALIKES = str.maketrans("’‘´`–—‐‑−\u00a0\u202f", "''''-----  ")


class Token(NamedTuple):
    """One piece of the text: its kind, its folded form and its place.

    `value`: the numbers that it stands for; `name`: the listed word that it is a spelling of; `found`: for a
    date that a first round of rules has made of several pieces, what they made.
    """

    kind: str
    text: str
    start: int
    end: int
    value: tuple[int, ...] = ()
    name: str = ""
    found: Any = None


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def fold(text: str) -> str:
    """Lower case, without accents, with plain quotes and dashes, and exactly as long as the text."""
    text = text.translate(_LOOKALIKES)
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def _month_names() -> str:
    days = patterns("dates")["days"]
    names = {word for group in ("month", "shy_month") for word, _ in spellings(days[group])}
    return "|".join(sorted(names, key=len, reverse=True))


# The order matters: plain words first, for speed; what looks like a date before what looks like a part of one.
_PIECES = r"""
  (?P<plain>[^\W\d_]++(?:'[^\W\d_]++)*+(?!\d))
 |(?P<line>\n)
 |(?P<money>[$#]\s?\d[\w.,/-]*)
 |(?P<iso>(?<![\w/.-])(?:19|20)\d\d([-/.])\d{1,2}\5\d{1,2}(?!\d|[-/.]\d))
 |(?P<full>(?<![\w/.])\d{1,2}\s?([-/])\s?\d{1,2}\s?\7\s?(?:(?:19|20)\d\d|'?\d\d)(?!\w|[-/.]\d))
 |(?P<dotted>(?<![\w/.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\w|[-/.]\d))
 |(?P<month_year>(?<![\w/.-])\d{1,2}/(?:19|20)\d\d(?!\w|[-/.]\d))
 |(?P<percent>\d[\d.,/]*\s?%)
 |(?P<clock>\d{1,2}:\d\d)
 |(?P<slash>(?<![\w/.])\d{1,2}\s?/\s?\d{1,2}(?!\d|/|\.\d))
 |(?P<ord>\d{1,2}\s?(?:st|nd|rd|th)(?![a-z]))
 |(?P<hyphen>(?<![\w/.])(?<!\d-)\d{1,2}-\d{1,2}(?!\d|[-/.]\d))
 |(?P<short_year>'\d\d(?!\w))
 |(?P<blob>\(?\d{3}\)?[\s.-]?\d{3}[\s.-]\d{4}|\d+(?:[-/]\d+)+|\d+(?:\.\d+){2,}|\d{1,3}(?:,\d{3})+
     |(?!(?:MONTHS)\d)[a-z]+\d[\w/-]*)
 |(?P<decimal>\d{1,4}\.\d+)
 |(?P<number>\d+)
 |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
 |(?P<sign>\S)
"""


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    return re.compile(_PIECES.replace("MONTHS", _month_names()), re.VERBOSE)


_SIGNS = {",": "comma", ".": "dot", "-": "dash", "(": "open", ")": "close", "?": "stop", "!": "stop", ";": "stop"}
_DIGITS = re.compile(r"\d+")


def _read(kind: str, text: str) -> tuple[str, tuple[int, ...]]:
    if kind == "sign":
        return _SIGNS.get(text, "other"), ()
    if kind in ("plain", "word"):
        return "word", ()
    if kind == "percent":
        return kind, ()
    if kind in ("money", "clock", "blob"):
        return "other", ()
    if kind == "line":
        return "comma", ()
    if kind == "number":
        return _read_number(text)
    if kind == "decimal":
        return ("decimal", (int(float(text) * 10),)) if len(text) <= 4 else ("other", ())
    if kind == "dotted":
        kind = "full"
    return kind, tuple(int(digits) for digits in _DIGITS.findall(text))


def _read_number(text: str) -> tuple[str, tuple[int, ...]]:
    if len(text) <= 2:
        return "number", (int(text),)
    if len(text) == 4 and text[:2] in ("19", "20"):
        return "year", (int(text),)
    return ("big", (int(text),)) if len(text) == 3 else ("other", ())


def cut(folded: str) -> list[Token]:
    """The pieces of a folded text. Spaces are dropped; a line break counts as a comma."""
    tokens = []
    for found in _piece().finditer(folded):
        text = found.group()
        # Three of the pieces hold an unnamed group for their separator; `lastgroup` still names the piece.
        kind, value = _read(found.lastgroup or "sign", text)
        tokens.append(Token(kind, text, found.start(), found.end(), value))
    return tokens
