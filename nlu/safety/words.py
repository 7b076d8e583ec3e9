"""Cut a message into sentences of plain words that remember where they stood.

Everything a person may do to a word without changing what it says is undone here: capitals, accents,
apostrophes, zero-width characters, look-alike letters, mark-up, drawn-out letters. Each word keeps its span in
the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from nlu.safety.spelling import Spelling

LONGEST_SENTENCE = 120
"""Words. Longer runs without a full stop are cut, so that the work per message stays linear in its length."""

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_QUOTES = "'`´‘’ʼ′＇"
_MARK_UP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_APOSTROPHE_ENTITIES = frozenset({"&#39;", "&#x27;", "&#x2019;", "&#8217;", "&apos;", "&rsquo;", "&lsquo;"})
_PIECES = re.compile(
    rf"(?P<number>\d+(?:[.,:]\d+)*(?![^\W_]))"
    rf"|(?P<word>[^\W_][\w{_QUOTES}{_INVISIBLE}\u0300-\u036f]*(?:[*@$!]+[\w{_QUOTES}{_INVISIBLE}\u0300-\u036f]+)*)"
    r"|(?P<pause>\.{2,}|[,;:…()\[\]\"“”«»|/\n\r\u2013\u2014\u2600-\u27bf\U0001f300-\U0001faff]+|(?<=\s)-+)"
    r"|(?P<stop>[.!?¡¿。؟]+)"
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_DISGUISES = re.compile(r"[^*@$!]+")
_COUNTED = re.compile(r"(\d+)([a-z]{2,})")
_LOOKALIKE_LETTERS = str.maketrans("авеікмнорстухԁѕј", "abeikmhopctyxdsj")


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word; `start` and `end` are its span in the original text, `clause` counts from 0."""

    plain: str
    start: int
    end: int
    clause: int


@dataclass(slots=True)
class Sentence:
    """The words of one sentence, with the plain forms beside them for fast comparison."""

    words: list[Word] = field(default_factory=list)

    @property
    def plain(self) -> list[str]:
        """The words without their places."""
        return [word.plain for word in self.words]


def read_sentences(text: str, spelling: Spelling, joints: frozenset[str]) -> list[Sentence]:
    """The sentences of `text`; `joints` are the words that open a new clause ("but", "and", "pero")."""
    sentences = [Sentence()]
    clause = 0
    for piece in _PIECES.finditer(_without_mark_up(text)):
        if piece.lastgroup == "stop" or len(sentences[-1].words) >= LONGEST_SENTENCE:
            sentences.append(Sentence())
        if piece.lastgroup == "pause":
            clause += 1
            if _BLANK_LINE.search(piece.group()):
                sentences.append(Sentence())
        for plain, start, end in _words_of(piece, spelling):
            clause += plain in joints
            sentences[-1].words.append(Word(plain, start, end, clause))
    return [sentence for sentence in sentences if sentence.words]


def fold(raw: str) -> str:
    """`raw` in lower case without accents, invisible characters or letters borrowed from other alphabets."""
    if raw.isascii():
        return raw.lower()
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", raw).casefold())
    kept = (letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})
    return "".join("'" if letter in _QUOTES else letter for letter in kept).translate(_LOOKALIKE_LETTERS)


def _without_mark_up(text: str) -> str:
    """`text` with tags and entities blanked out at the same length, so that spans stay true."""
    if "<" not in text and "&" not in text:
        return text
    return _MARK_UP.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    letters = found.group()
    if letters.lower() in _APOSTROPHE_ENTITIES:
        return "'" + "\u200b" * (len(letters) - 1)
    return " " * len(letters)


def _words_of(piece: re.Match[str], spelling: Spelling) -> Iterator[tuple[str, int, int]]:
    if piece.lastgroup == "number":
        yield piece.group(), piece.start(), piece.end()
    elif piece.lastgroup == "word":
        yield from _read_word(piece.group(), piece.start(), spelling)


def _read_word(raw: str, start: int, spelling: Spelling) -> Iterator[tuple[str, int, int]]:
    """The plain words that one written word stands for ("can't" is two), all with the span they came from."""
    end = start + len(raw)
    folded = fold(raw).strip("'_")
    if folded.isalpha():
        for plain in spelling.plain_words(folded):
            yield plain, start, end
        return
    known = spelling.undisguised(folded)
    if known is not None:
        for plain in known:
            yield plain, start, end
    elif any(mark in raw for mark in "*@$!"):
        for part in _DISGUISES.finditer(raw):
            yield from _read_word(part.group(), start + part.start(), spelling)
    elif counted := _COUNTED.fullmatch(folded):
        yield counted.group(1), start, end
        for plain in spelling.plain_words(counted.group(2)):
            yield plain, start, end
    else:
        for plain in spelling.plain_words(folded):
            yield plain, start, end
