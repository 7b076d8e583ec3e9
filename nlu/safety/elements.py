"""The small pattern language of the rule book, compiled and matched against a sentence's plain words.

    stroke          this word, in any spelling the reader accepts
    arm|back_to_back   one of these; an underscore joins the words of a phrase
    <breathe>       any phrase of the concept of that name
    blood?          may be left out
    ..3             up to three other words, none of which turns the sense round ("no", "if", "history")
    40-88           a number in that range
    ^  $            the sentence begins, ends

Between any two elements up to three filler words ("just", "really", "the") are read over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

FILLERS_READ_OVER = 3
"""Words. Fillers between two elements of a pattern that are passed over in silence."""

FARTHEST_COMPANY = 14
"""Words. Two weak signs farther apart than this are not taken together."""

Phrase = tuple[str, ...]
Span = tuple[int, int]
_GAP = re.compile(r"\.\.(\d+)")
_NUMBER = re.compile(r"(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One of several phrases, found by their first word."""

    by_first_word: Mapping[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `longest` words of any kind but those that turn the sense round."""

    longest: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning (`^`) or the end (`$`) of the sentence."""

    sign: str


Element = Phrases | Gap | Number | Edge


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words with a duty of their own: `fillers` are read over, `turns` are never inside a gap."""

    fillers: frozenset[str]
    turns: frozenset[str]


def group_phrases(phrases: Sequence[Phrase]) -> Phrases:
    """`phrases` indexed by first word, the longest first."""
    grouped: dict[str, list[Phrase]] = {}
    for phrase in sorted(set(phrases), key=lambda words: (-len(words), words)):
        grouped.setdefault(phrase[0], []).append(phrase)
    return Phrases({word: tuple(found) for word, found in grouped.items()})


def parse_rows(line: str, parse: Callable[[str], Element]) -> list[tuple[Element, ...]]:
    """Every row of elements that `line` allows: one for each way of reading what is optional in it.

    `parse` turns one sign into its element.
    """
    choices: list[tuple[Element | None, ...]] = []
    for sign in line.split():
        ways = [parse(part) for part in _ways(sign.rstrip("?"))]
        choices.append((*ways, None) if sign.endswith("?") else tuple(ways))
    rows = (tuple(element for element in row if element is not None) for row in product(*choices))
    return [row for row in rows if any(isinstance(element, Phrases) for element in row)]


def _ways(sign: str) -> list[str]:
    """`sign` alone, or, when the sentence may also end there ("tonight|$"), both ways apart."""
    words = sign.removesuffix("|$")
    return [words] if words == sign else [words, "$"]


def parse_element(sign: str, concept: Callable[[str], Sequence[Phrase]], read: Callable[[str], Phrase]) -> Element:
    """The element that `sign` stands for; `concept` gives a concept's phrases, `read` the words of a phrase."""
    if sign in {"^", "$"}:
        return Edge(sign)
    if gap := _GAP.fullmatch(sign):
        return Gap(int(gap.group(1)))
    if number := _NUMBER.fullmatch(sign):
        return Number(float(number.group(1)), float(number.group(2)))
    phrases: list[Phrase] = []
    for part in sign.split("|"):
        phrases.extend(concept(part[1:-1]) if part.startswith("<") else [read(part.replace("_", " "))])
    return group_phrases(phrases)


@dataclass(frozen=True, slots=True)
class Row:
    """Elements in a row; one of `first_words` opens it, or anything at all if there are none."""

    elements: tuple[Element, ...]
    first_words: frozenset[str]

    @property
    def phrases(self) -> list[Phrases]:
        """The parts that are words, without gaps, numbers and edges."""
        return [element for element in self.elements if isinstance(element, Phrases)]

    def spans(self, words: Sequence[str], grammar: Grammar) -> Iterator[Span]:
        """Every place in `words` where the row matches, as a half-open range of words."""
        for start, word in enumerate(words):
            if word in self.first_words or not self.first_words:
                end = find_end(self.elements, words, start, grammar)
                if end is not None:
                    yield start, end


@dataclass(frozen=True, slots=True)
class Company:
    """Two concepts in one sentence, in either order and not too far apart: weak signs that together weigh."""

    one: Phrases
    other: Phrases

    @property
    def phrases(self) -> list[Phrases]:
        """Both concepts."""
        return [self.one, self.other]

    def spans(self, words: Sequence[str], grammar: Grammar) -> Iterator[Span]:
        """Every pair of the two that stands close together, as the range of words that holds both."""
        others = list(find_phrases(self.other, words))
        for start, end in find_phrases(self.one, words):
            for other_start, other_end in others:
                apart = max(start - other_end, other_start - end)
                if 0 <= apart <= FARTHEST_COMPANY:
                    yield min(start, other_start), max(end, other_end)


def words_in(phrases: Phrases) -> set[str]:
    """Every single word of `phrases`."""
    return {word for group in phrases.by_first_word.values() for phrase in group for word in phrase}


def find_phrases(phrases: Phrases, words: Sequence[str]) -> Iterator[Span]:
    """Where any of `phrases` stands in `words`, as half-open ranges."""
    for place, word in enumerate(words):
        for phrase in phrases.by_first_word.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                yield place, place + len(phrase)


def find_end(elements: Sequence[Element], words: Sequence[str], start: int, grammar: Grammar) -> int | None:
    """Where the pattern that starts at `start` ends (one past its last word), or None if it does not match."""
    return _Match(words, grammar).end_of(elements, 0, start, may_read_over=False)


@dataclass(frozen=True, slots=True)
class _Match:
    words: Sequence[str]
    grammar: Grammar

    def end_of(self, elements: Sequence[Element], turn: int, at: int, *, may_read_over: bool = True) -> int | None:
        if turn == len(elements):
            return at
        element = elements[turn]
        if isinstance(element, Gap):
            return self._over_gap(elements, turn, at, element.longest)
        if isinstance(element, Edge):
            return self.end_of(elements, turn + 1, at) if self._is_edge(element, at) else None
        for place in self._places(at, FILLERS_READ_OVER if may_read_over else 0):
            for length in self._lengths(element, place):
                end = self.end_of(elements, turn + 1, place + length)
                if end is not None:
                    return end
        return None

    def _over_gap(self, elements: Sequence[Element], turn: int, at: int, longest: int) -> int | None:
        for place in range(at, min(at + longest, len(self.words)) + 1):
            if place > at and self.words[place - 1] in self.grammar.turns:
                return None
            end = self.end_of(elements, turn + 1, place)
            if end is not None:
                return end
        return None

    def _places(self, at: int, read_over: int) -> range:
        """The places where the next element may stand: here, and after each filler in a row."""
        last = at
        while last - at < read_over and last < len(self.words) and self.words[last] in self.grammar.fillers:
            last += 1
        return range(at, last + 1)

    def _lengths(self, element: Phrases | Number, place: int) -> list[int]:
        """How many words `element` takes at `place`, once for each way it can."""
        if place >= len(self.words):
            return []
        if isinstance(element, Number):
            return [1] if _within(self.words[place], element) else []
        found = element.by_first_word.get(self.words[place], ())
        return [len(phrase) for phrase in found if tuple(self.words[place : place + len(phrase)]) == phrase]

    def _is_edge(self, edge: Edge, at: int) -> bool:
        outside = self.words[:at] if edge.sign == "^" else self.words[at:]
        return all(word in self.grammar.fillers for word in outside)


def _within(word: str, number: Number) -> bool:
    if not word[0].isdigit():
        return False
    try:
        return number.low <= float(word.replace(",", "")) <= number.high
    except ValueError:
        return False
