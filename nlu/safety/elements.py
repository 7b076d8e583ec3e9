"""The small pattern language of the rule book, as data.

    stroke             this word, in any spelling the reader accepts
    arm|back_to_back   one of these; an underscore joins the words of a phrase
    <breathe>          any phrase of the concept of that name
    blood?             may be left out
    tonight|$          or the sentence ends here
    ..3                up to three other words, none of which turns the sense round ("no", "if", "history")
    40-88              a number in that range ("39.5-42" too)
    ^  $               the sentence begins, ends

Between any two elements up to three filler words ("just", "really", "the") are read over. A line "a + b ..5"
asks for two concepts at most five words apart, in either order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

FARTHEST_COMPANY = 6
"""Words. Two weak signs farther apart than this are not taken together unless their line says otherwise."""

Phrase = tuple[str, ...]
Concept = Callable[[str], Sequence[Phrase]]
"""Gives every phrase of the concept of a name."""

_GAP = re.compile(r"\.\.(\d+)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """One of several phrases, found by their first word."""

    by_first_word: Mapping[str, tuple[Phrase, ...]]
    first_words: frozenset[str]


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


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Elements in a row; `phrases` are those of them that are words, `openings` the first words of each."""

    elements: tuple[Element, ...]
    phrases: tuple[Phrases, ...]
    openings: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """Two concepts in a sentence, in either order, at most `farthest` words apart: weak signs that add up."""

    phrases: tuple[Phrases, Phrases]
    openings: tuple[frozenset[str], ...]
    farthest: int


Pattern = Row | Company


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
    return Phrases({word: tuple(found) for word, found in grouped.items()}, frozenset(grouped))


def words_in(phrases: Phrases) -> set[str]:
    """Every single word of `phrases`."""
    return {word for group in phrases.by_first_word.values() for phrase in group for word in phrase}


def parse_rows(line: str, parse: Callable[[str], Element]) -> list[Row]:
    """Every row that `line` allows: one for each way of reading what is optional in it.

    `parse` turns one sign into its element.
    """
    choices: list[tuple[Element | None, ...]] = []
    for sign in line.split():
        ways = [parse(part) for part in _ways(sign.rstrip("?"))]
        choices.append((*ways, None) if sign.endswith("?") else tuple(ways))
    return [row for elements in product(*choices) if (row := _row(elements)).phrases]


def parse_company(line: str, concept: Concept) -> Company:
    """Two concepts taken together: "means + ending", or "limb + numb ..4" when they must stand close."""
    one, _, rest = line.partition(" + ")
    other, _, gap = rest.partition(" ..")
    pair = group_phrases(concept(one)), group_phrases(concept(other))
    return Company(pair, _openings(pair), int(gap) if gap else FARTHEST_COMPANY)


def parse_element(sign: str, concept: Concept, read: Callable[[str], Phrase]) -> Element:
    """The element that `sign` stands for; `read` gives the plain words of a written phrase."""
    if sign in {"^", "$"}:
        return Edge(sign)
    if gap := _GAP.fullmatch(sign):
        return Gap(int(gap.group(1)))
    if number := _NUMBER.fullmatch(sign):
        return Number(float(number.group(1)), float(number.group(2)))
    phrases: list[Phrase] = []
    for part in sign.split("|"):
        phrases.extend(concept(part[1:-1]) if part[0] == "<" else [read(part.replace("_", " "))])
    return group_phrases(phrases)


def _ways(sign: str) -> list[str]:
    """`sign` alone, or, when the sentence may also end there ("tonight|$"), both ways apart."""
    words = sign.removesuffix("|$")
    return [words] if words == sign else [words, "$"]


def _row(choice: Sequence[Element | None]) -> Row:
    elements = tuple(element for element in choice if element is not None)
    phrases = tuple(element for element in elements if isinstance(element, Phrases))
    return Row(elements, phrases, _openings(phrases))


def _openings(phrases: Sequence[Phrases]) -> tuple[frozenset[str], ...]:
    return tuple(part.first_words for part in phrases)
