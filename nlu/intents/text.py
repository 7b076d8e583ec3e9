"""The text as the intent model sees it: evened out, then cut into word and letter sequences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

MAX_CHARACTERS = 6_000  # what one message may weigh; later characters change no intent
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
    }
)
REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
REPEATED_MARK = re.compile(r"([^\w\s])\1{3,}")
SPACES = re.compile(r"\s+")
DIGIT = re.compile(r"\d")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[?!]")

WORD_SIZES = (1, 2)
LETTER_SIZES = (2, 3, 4)


def normalise(text: str) -> str:
    """Lower-case, one form for quotes and dashes, no invisible characters, "soooo" as "soo"."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].translate(QUOTES))
    text = INVISIBLE.sub("", text).translate(QUOTES).lower()
    text = REPEATED_LETTER.sub(r"\1\1", text)
    text = REPEATED_MARK.sub(r"\1\1\1", text)
    return SPACES.sub(" ", text).strip()


def has_words(text: str) -> bool:
    """Whether there is anything to understand: at least one letter or digit."""
    return any(character.isalnum() for character in text)


def word_sequences(text: str) -> Iterator[str]:
    """Words and pairs of words of a normalised text; every digit counts as 0 so that all dates look alike."""
    words = WORD.findall(DIGIT.sub("0", text))
    for size in WORD_SIZES:
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def letter_sequences(text: str) -> Iterator[str]:
    """Two to four letters inside words, borders marked by a space: what survives a typing error."""
    for word, times in Counter(WORD.findall(DIGIT.sub("0", text))).items():
        padded = f" {word} "
        for size in LETTER_SIZES:
            for start in range(len(padded) - size + 1):
                for _ in range(times):
                    yield padded[start : start + size]
