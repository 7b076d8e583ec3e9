"""Find patterns and phrases among the plain words of one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.safety.elements import Company, Edge, Element, Gap, Grammar, Number, Pattern, Phrase, Phrases, Row

FILLERS_READ_OVER = 3
"""Words. Fillers between two elements of a pattern that are passed over in silence."""

Span = tuple[int, int]
"""A half-open range of words."""


@dataclass(slots=True)
class Plain:
    """The plain words of a sentence, and the places of each of them."""

    words: Phrase
    places: Mapping[str, Sequence[int]]
    present: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Plain:
        """`words`, indexed."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word, []).append(place)
        return cls(tuple(words), places, frozenset(places))


def is_possible(pattern: Pattern, plain: Plain) -> bool:
    """Whether every part of `pattern` has a word in the sentence at all: a cheap look before the real one."""
    return not any(map(plain.present.isdisjoint, pattern.openings))


def find_spans(pattern: Pattern, plain: Plain, grammar: Grammar) -> Iterator[Span]:
    """Every place where `pattern` matches."""
    if isinstance(pattern, Company):
        yield from _find_company(pattern, plain)
    else:
        yield from _find_row(pattern, plain, grammar)


def find_phrases(phrases: Phrases, plain: Plain) -> Iterator[Span]:
    """Where any of `phrases` stands, as half-open ranges of words."""
    for word in phrases.first_words & plain.present:
        for place in plain.places[word]:
            for phrase in phrases.by_first_word[word]:
                if plain.words[place : place + len(phrase)] == phrase:
                    yield place, place + len(phrase)


def _find_company(company: Company, plain: Plain) -> Iterator[Span]:
    others = list(find_phrases(company.phrases[1], plain))
    for start, end in find_phrases(company.phrases[0], plain):
        for other_start, other_end in others:
            apart = max(start - other_end, other_start - end)
            if 0 <= apart <= company.farthest:
                yield min(start, other_start), max(end, other_end)


def _find_row(row: Row, plain: Plain, grammar: Grammar) -> Iterator[Span]:
    match = _Match(plain.words, grammar, row.elements)
    for start in _starts(row, plain):
        end = match.end_of(0, start, may_read_over=False)
        if end is not None:
            yield start, end


def _starts(row: Row, plain: Plain) -> Sequence[int]:
    """The places where the row may start: those of its first words, or all when it opens otherwise."""
    opening = row.elements[1] if isinstance(row.elements[0], Edge) else row.elements[0]
    if not isinstance(opening, Phrases):
        return range(len(plain.words))
    words = opening.first_words & plain.present
    return sorted(place for word in words for place in plain.places[word])


@dataclass(frozen=True, slots=True)
class _Match:
    """One row tried against one sentence; every way of reading on is bounded, so the work is too."""

    words: Phrase
    grammar: Grammar
    elements: tuple[Element, ...]

    def end_of(self, turn: int, at: int, *, may_read_over: bool = True) -> int | None:
        """Where the elements from `turn` on end when they start at `at`; None if they do not match there."""
        if turn == len(self.elements):
            return at
        element = self.elements[turn]
        if isinstance(element, Gap):
            return self._over_gap(turn, at, element.longest)
        if isinstance(element, Edge):
            return self.end_of(turn + 1, at) if self._is_edge(element, at) else None
        for place in self._places(at, FILLERS_READ_OVER if may_read_over else 0):
            for length in self._lengths(element, place):
                end = self.end_of(turn + 1, place + length)
                if end is not None:
                    return end
        return None

    def _over_gap(self, turn: int, at: int, longest: int) -> int | None:
        for place in range(at, min(at + longest, len(self.words)) + 1):
            if place > at and self.words[place - 1] in self.grammar.turns:
                return None
            end = self.end_of(turn + 1, place)
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
            return [1] if _is_within(self.words[place], element) else []
        found = element.by_first_word.get(self.words[place], ())
        return [len(phrase) for phrase in found if self.words[place : place + len(phrase)] == phrase]

    def _is_edge(self, edge: Edge, at: int) -> bool:
        outside = self.words[:at] if edge.sign == "^" else self.words[at:]
        return all(word in self.grammar.fillers for word in outside)


def _is_within(word: str, number: Number) -> bool:
    if not word[0].isdigit():
        return False
    try:
        return number.low <= float(word.replace(",", "")) <= number.high
    except ValueError:
        return False
