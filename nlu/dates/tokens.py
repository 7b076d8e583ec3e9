"""A text cut into words, numbers and signs, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from nlu.dates.patterns import patterns, spellings, word_set

if TYPE_CHECKING:
    from nlu.facts.spelling import Speller

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
 |(?P<dotted>(?<![\w/.])\d{1,2}\.\d{1,2}\.(?:(?:19|20)\d\d|\d\d)(?!\w|[-/.]\d))
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
# Right as words, and slips of the finger before a day: "the letter is form 10/3".
_ENDINGS = ("ing", "ly", "ist", "ee")
_SLIPS = {"form": "from", "fro": "from"}
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
    value = tuple(int(digits) for digits in _DIGITS.findall(text))
    if kind == "dotted":
        # "1.2.45" may be a section as well: a dotted date must be one.
        kind = "full" if 1 <= value[0] <= 12 and 1 <= value[1] <= 31 else "other"
    return kind, value


def _read_number(text: str) -> tuple[str, tuple[int, ...]]:
    if len(text) <= 2:
        return "number", (int(text),)
    if len(text) == 4 and text[:2] in ("19", "20"):
        return "year", (int(text),)
    return ("big", (int(text),)) if len(text) == 3 else ("other", ())


def read_words(text: str) -> list[Token]:
    """The pieces of a text as they were meant: short forms written out, misspelt words of the domain put right
    ("recieved", "octber"), the possessive of a day taken off ("Monday's mail")."""
    listed, short, words = _vocabulary(), _short_forms(), cut(fold(text))
    for place, word in enumerate(words):
        meant = short.get(word.text)
        if meant is not None:
            words[place] = word._replace(kind="word", text=meant)
        elif word.kind == "word" and word.text not in listed and len(word.text) >= _LEAST_RESPELT:
            words[place] = word._replace(text=_respelt(word.text))
        elif word.text in _SLIPS and place + 1 < len(words) and _may_be_a_day(words[place + 1]):
            words[place] = word._replace(text=_SLIPS[word.text])
    return words


def _may_be_a_day(word: Token) -> bool:
    return word.kind in ("full", "slash", "iso", "ord") or word.text in _day_names()


@lru_cache(maxsize=1)
def _day_names() -> frozenset[str]:
    """The names of months and weekdays, and "yesterday" and its like."""
    days = patterns("dates")["days"]
    return frozenset(
        word for kind in ("month", "shy_month", "weekday", "relday") for word, _ in spellings(days[kind])
    )


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, str]:
    """Each short form with the word that it stands for."""
    return {short: word for word, forms in patterns("dates")["short_forms"].items() for short in forms}


@lru_cache(maxsize=8192)
def _respelt(word: str) -> str:
    """The listed word that is meant: one that is an edit or two away, else one with the same letters. Words that
    are right as they stand, and words of another ending ("complying"), are left alone."""
    if word.endswith("'s"):
        return word[:-2] if word[:-2] in _day_names() else word
    if word in _known_words():
        return word
    meant = _speller().repair(word)
    if any(word.endswith(ending) and not meant.endswith(ending) for ending in _ENDINGS):
        return word
    if word[-1] == "d" != meant[-1]:
        meant = next((past for past in (meant + "ed", meant + "d") if past in _vocabulary()), meant)
    return meant if meant != word else _by_letters().get(_letters(word), word)


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """Words that are no slip for one of ours: the commonest of English, and those that the facts are told with."""
    # Imported late: reading facts needs the dates.
    from nlu.facts.patterns import words_of_patterns
    from nlu.facts.spelling import common_words

    return common_words() | frozenset(words_of_patterns())


@lru_cache(maxsize=1)
def _speller() -> Speller:
    from nlu.facts.spelling import Speller

    return Speller(word for word in _vocabulary() if word.isalpha())


def _letters(word: str) -> str:
    """The same for words that differ in the order of their inner letters only."""
    return word[0] + "".join(sorted(word[1:]))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Every listed word, and the common words that are made of the letters of one."""
    spelt = [word for name in ("dates", "date_role_words") for part in _classes(name) for word in part]
    spelt += [
        word for name in ("cues", "light", "said_before") for word in word_set("date_roles", "corrections", name)
    ]
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
