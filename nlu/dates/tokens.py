"""A text cut into words, numbers and signs, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from nlu.dates.patterns import patterns, spellings, word_set

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
_LEAST_RESPELT = 5
_SHORTENED = frozenset({"dr", "mr", "mrs", "ms", "st", "jr", "sr", "dept", "inc", "approx", "vs", "co"})
_DIGITS = re.compile(r"\d+")


def _read(kind: str, text: str) -> tuple[str, tuple[int, ...]]:
    if kind == "sign":
        return _SIGNS.get(text, "other"), ()
    if kind in ("word", "percent"):
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


def read_words(text: str) -> list[Token]:
    """The pieces of a text as it was written, with swapped letters put right ("recieved", "greivance")."""
    listed, words = _vocabulary(), cut(fold(text))
    for place, word in enumerate(words):
        if len(word.text) >= _LEAST_RESPELT and word.kind == "word" and word.text not in listed:
            meant = _respelt(word.text)
            if meant != word.text:
                words[place] = word._replace(text=meant)
    return words


@lru_cache(maxsize=4096)
def _respelt(word: str) -> str:
    return _by_letters().get(_letters(word), word)


def _letters(word: str) -> str:
    """The same for words that differ in the order of their inner letters only."""
    return word[0] + "".join(sorted(word[1:]))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Every listed word, and the common words that are made of the letters of one."""
    spelt = [word for name in ("dates", "date_role_words") for part in _classes(name) for word in part]
    return frozenset({word for phrase in spelt for word in phrase.split()} | word_set("dates", "rightly_spelt"))


@lru_cache(maxsize=1)
def _by_letters() -> dict[str, str]:
    return {_letters(word): word for word in _vocabulary() if len(word) >= _LEAST_RESPELT and word.isalpha()}


def _classes(name: str) -> Iterator[list[str]]:
    """The spellings of each class of words in a pattern file."""
    for key, classes in patterns(name).items():
        if key in ("days", "classes"):
            yield from ([word for word, _ in spellings(words)] for words in classes.values())


def cut(folded: str) -> list[Token]:
    """The pieces of a folded text. Spaces are dropped; a line break counts as a comma."""
    tokens = []
    for found in _piece().finditer(folded):
        text = found.group()
        if found.lastgroup == "plain":
            tokens.append(Token("word", text, found.start(), found.end()))
            continue
        # Two of the pieces hold an unnamed group for their separator; `lastgroup` still names the piece.
        kind, value = _read(found.lastgroup or "sign", text)
        if kind == "dot" and tokens and _is_short(tokens[-1], found.start()):
            kind = "other"
        tokens.append(Token(kind, text, found.start(), found.end(), value))
    return tokens


def _is_short(token: Token, dot: int) -> bool:
    """Whether a dot only shortens the word before it ("Dr.", "L.A."), and ends no sentence."""
    return token.end == dot and token.kind == "word" and (len(token.text) == 1 or token.text in _SHORTENED)
