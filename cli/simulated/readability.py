"""How hard a message is to read: the Flesch-Kincaid grade, by `textstat`, names of law aside.

What is not prose is taken out first: citations, phone numbers, web and mail addresses, quoted words (what a letter or
a button says is not ours to word). Each line, and so each bullet, counts as a sentence of its own; a line of which
only a label is left ("Law:") is not counted at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from imr_logic.law import load

PHONE = re.compile(r"\(?\b(?:1-)?\(?\d{3}\)?[- ]\d{3}-\d{4}\b")
ADDRESS = re.compile(r"\b(?:https?://|www\.)\S*\w/?|\b\S+\.(?:gov|org|com)\b(?:/\S*\w)?")
QUOTED = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”")
BULLET = re.compile(r"^\s*(?:[•*-]|\d+[.)])\s*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
LEAST_WORDS = 2  # a line with fewer is a label
LONG_ENOUGH = 4  # words: shorter sentences may be said twice
STANDS_FOR_A_QUOTE = "this"


@lru_cache
def citation() -> re.Pattern[str]:
    """A citation such as "HSC 1374.30(k)", "28 CCR 1300.74.30" or "42 USC 1395ff(b)", several of one code too."""
    codes = "|".join(re.escape(code) for code in sorted(load("citations"), key=len, reverse=True))
    return re.compile(rf"(?:{codes})\s+\d[\w.\-]*(?:\([\w-]+\))*(?:-\([\w-]+\))*(?:[,;] ?)?")


def prose(text: str, names: tuple[str, ...] = ()) -> str:
    """What is left to read of a message, a sentence a line. `names` are further texts to leave out, such as mail
    addresses."""
    for name in names:
        text = text.replace(name, "")
    for found in (citation(), PHONE, ADDRESS):
        text = found.sub("", text)
    text = QUOTED.sub(STANDS_FOR_A_QUOTE, text)
    return "\n".join(line for line in map(_as_sentence, text.splitlines()) if line)


def _as_sentence(line: str) -> str:
    line = re.sub(r"\s+([.,;:])", r"\1", " ".join(BULLET.sub("", line).split()))
    line = re.sub(r"[.,;:]*\.(?=\s|$)", ".", line).strip(" ,;:")
    if len(re.findall(r"\w+", line)) < LEAST_WORDS:
        return ""
    return line if line[-1] in ".!?" else f"{line}."


def grade(text: str, names: tuple[str, ...] = ()) -> float | None:
    """The Flesch-Kincaid grade of a message; None when there is nothing to read in it."""
    from textstat import textstat

    left = prose(text, names)
    return float(textstat.flesch_kincaid_grade(left)) if left else None


def sentences(text: str) -> Iterator[str]:
    """The sentences of a message that are long enough to be noticed when they come twice."""
    for one in SENTENCE.split(text):
        if len(one.split()) >= LONG_ENOUGH:
            yield one.strip()
