"""Cut a message into sentences of plain words that remember where they stood.

Everything a person may do to a word without changing what it says is undone here: capitals, accents,
apostrophes, zero-width characters, look-alike letters, mark-up, drawn-out letters. Each word keeps its span
in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlu.safety.spelling import Spelling

PlacedWords = tuple[tuple[str, ...], tuple[int, int]]
"""The plain words that one written word stands for, and its span in the original text."""

LONGEST_SENTENCE = 120
"""Words. Longer runs without a full stop are cut, so that the work per message stays linear in its length."""

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_QUOTES = "'`\u00b4\u2018\u2019\u02bc\u2032\uff07"
_STRAIGHT_QUOTES = str.maketrans(dict.fromkeys(_QUOTES, "'"))
_MARK_UP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_APOSTROPHE_ENTITIES = frozenset({"&#39;", "&#x27;", "&#x2019;", "&#8217;", "&apos;", "&rsquo;", "&lsquo;"})
_INNER = rf"[\w{_QUOTES}{_INVISIBLE}\u0300-\u036f]"
_PIECES = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*(?![^\W_]))"
    rf"|(?P<word>[^\W_]{_INNER}*(?:[*@$!]+{_INNER}+)*)"
    r"|(?P<pause>\.{2,}|[,;:()\[\]\"|/\n\r\u2026\u201c\u201d\u00ab\u00bb\u2013\u2014\u2600-\u27bf"
    r"\U0001f300-\U0001faff]+|(?<=\s)-+)"
    r"|(?P<stop>[.!?\u00a1\u00bf\u3002\u061f]+)"
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_SIGNS = frozenset("*@$!")
_SIGNLESS = re.compile(r"[^*@$!]+")
_COUNTED = re.compile(r"(\d+)([a-z]{2,})")
_LOOKALIKE_LETTERS = str.maketrans(
    "\u0430\u0432\u0435\u0456\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0501\u0455\u0458",
    "abeikmhopctyxdsj",
)


@dataclass(slots=True)
class Sentence:
    """The plain words of one sentence, and beside each its span in the original text and its clause."""

    plain: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)

    def add(self, words: Iterable[str], span: tuple[int, int], clause: int) -> None:
        """Append the plain `words` that stand for the written word at `span`."""
        for word in words:
            self.plain.append(word)
            self.spans.append(span)
            self.clauses.append(clause)


def read_sentences(text: str, spelling: Spelling, joints: frozenset[str]) -> list[Sentence]:
    """The sentences of `text`; `joints` are the words that open a new clause ("but", "and", "pero")."""
    sentences = [Sentence()]
    clause = 0
    for piece in _PIECES.finditer(_without_mark_up(text)):
        if piece.lastgroup == "stop" or len(sentences[-1].plain) >= LONGEST_SENTENCE:
            sentences.append(Sentence())
        if piece.lastgroup == "pause":
            clause += 1
            if _BLANK_LINE.search(piece.group()):
                sentences.append(Sentence())
        for words, span in _words_of(piece, spelling):
            clause += not joints.isdisjoint(words)
            sentences[-1].add(words, span, clause)
    return [sentence for sentence in sentences if sentence.plain]


def fold(raw: str) -> str:
    """`raw` in lower case without accents, invisible characters or letters borrowed from other alphabets."""
    straight = raw.translate(_STRAIGHT_QUOTES)
    if straight.isascii():
        return straight.lower()
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", straight).casefold())
    kept = (letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})
    return "".join(kept).translate(_LOOKALIKE_LETTERS)


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


def _words_of(piece: re.Match[str], spelling: Spelling) -> Iterable[PlacedWords]:
    if piece.lastgroup == "word":
        return _read_word(piece.group(), piece.start(), spelling)
    return [((piece.group(),), piece.span())] if piece.lastgroup == "number" else ()


def _read_word(raw: str, start: int, spelling: Spelling) -> Iterable[PlacedWords]:
    """The plain words that one written word stands for ("can't" is two), with the span they came from."""
    folded = fold(raw).strip("'_")
    known = spelling.plain_words(folded) if folded.isalpha() else spelling.undisguised(folded)
    if known is None and not _SIGNS.isdisjoint(raw):
        parts = _SIGNLESS.finditer(raw)
        return [word for part in parts for word in _read_word(part.group(), start + part.start(), spelling)]
    words = known or _with_count(folded, spelling)
    return [(words, (start, start + len(raw)))] if words[0] else ()


def _with_count(folded: str, spelling: Spelling) -> tuple[str, ...]:
    """ "30" and "pills" for "30pills"; else the one word."""
    counted = _COUNTED.fullmatch(folded)
    if counted is None:
        return spelling.plain_words(folded)
    return (counted.group(1), *spelling.plain_words(counted.group(2)))
