"""The classes of day words as an alphabet, and the rules that are written over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from re import Pattern
from typing import NamedTuple

from nlu.dates.calendar_words import Choices, Days
from nlu.dates.lexicon import Alphabet, Lexicon
from nlu.dates.patterns import patterns, word_set
from nlu.dates.tokens import Token

# Kinds of tokens that come from the cutting, not from a list of words.
_CUT = [
    "word",
    "other",
    "comma",
    "dot",
    "dash",
    "open",
    "close",
    "stop",
    "number",
    "big",
    "decimal",
    "year",
    "short_year",
    "percent",
    "iso",
    "full",
    "month_year",
    "slash",
    "ord",
    "hyphen",
]
# Kinds of what has been found, for the rules that join two finds.
FOUND = [
    "a_day",
    "an_ordinal",
    "a_weekday",
    "a_month",
    "a_year",
    "a_span",
    "a_time",
    "a_holiday",
    "a_later",
    "a_hope",
]

MACROS = {
    "MON": "month | shy_month",
    "WEEKDAY": "weekday | shy_weekday",
    "DAYNUM": "number | ord | ordword",
    "YR": "comma? dash? of? (year | short_year) | comma? of? (last | this | next) unit_year"
    " | of? the? unit_year pasado",
    "UNIT": "unit_day | unit_business_day | unit_week | unit_fortnight | unit_month | unit_year | unit_weekend",
    "AMOUNT": "the? a? (number | card | decimal | vague | half | big | hyphen) slash? | a",
    "MOD": "(exactly | more | over | less | nearly | about)",
    "LEAD": "lead | from | until | to | in | of | after | before | between | over | within | about",
    "SINGLE": "a_day | an_ordinal | a_weekday | a_holiday | a_time",
    "ANY": "a_day | an_ordinal | a_weekday | a_month | a_year | a_span | a_time | a_holiday",
    "END": "$ | stop | comma | dot | close | dash",
}


class Found(NamedTuple):
    """What a rule made of its words: the days that may be meant, in order of time.

    `kind` is one of FOUND. `pinned`: the words themselves say which year. `move`: for "two days later", what
    to do with the day told before.
    """

    kind: str
    choices: Choices
    pinned: bool = False
    move: Callable[[Days], Days] | None = None


class Span(NamedTuple):
    """Words `first` to `last` (not included) of the tokens, and what was found in them."""

    first: int
    last: int
    found: Found | None


class Around(NamedTuple):
    """The words beside a match, for the rules that must look there, and the numbers of its first word."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    numbers: tuple[int, ...] = ()


Reader = Callable[[list[Token], date], Found | None]
Guard = Callable[[Around], bool]


@dataclass(frozen=True)
class Rule:
    """A shape, what to make of the words that have it (nothing: they are no date), and a look around."""

    shape: str
    read: Reader | None
    guard: Guard | None = None

    @cached_property
    def pattern(self) -> Pattern[str]:
        """The compiled shape."""
        return alphabet().compile(self.shape)


@cache
def day_words() -> Lexicon:
    """The words and phrases that days are told with."""
    return Lexicon(patterns("dates")["days"])


@cache
def alphabet() -> Alphabet:
    """The alphabet of day words."""

    return Alphabet([*_CUT, *patterns("dates")["days"], *FOUND], MACROS)


def tags(tokens: list[Token]) -> str:
    """The tokens as one string, one character for each."""
    letters = alphabet()
    return "".join(letters[token.kind] for token in tokens)


def first(tokens: list[Token], *kinds: str) -> Token | None:
    """The first token of one of these kinds."""
    return next((token for token in tokens if token.kind in kinds), None)


def has(tokens: list[Token], *kinds: str) -> bool:
    """Whether a token of one of these kinds is there."""
    return any(token.kind in kinds for token in tokens)


def beside(around: Around, name: str, side: str, reach: int = 1) -> bool:
    """Whether one of the nearest words on that side is in the named context list."""
    words = around.before[-reach:] if side == "before" else around.after[:reach]
    listed = word_set("dates", "contexts", name)
    return any(word in listed for word in words)


def _look_around(tokens: list[Token], start: int, end: int) -> Around:
    before = tuple(token.text for token in tokens[max(start - 6, 0) : start])
    after = tuple(token.text for token in tokens[end : end + 6])
    return Around(before, after, tokens[start].value)


def spans(rules: list[Rule], tokens: list[Token], today: date) -> list[Span]:
    """The matches of all rules that do not overlap, the longest first, an earlier rule before a later one."""
    string, matches = tags(tokens), []
    for order, rule in enumerate(rules):
        for match in rule.pattern.finditer(string):
            start, end = match.span()
            # A dot at the end ends the sentence, not the date.
            end -= end > start and tokens[end - 1].kind == "dot"
            if start == end or (rule.guard and not rule.guard(_look_around(tokens, start, end))):
                continue
            matches.append((start - end, order, start, end, rule))
    return _without_overlap(sorted(matches, key=lambda found: found[:4]), tokens, today)


def _without_overlap(matches: list[tuple[int, int, int, int, Rule]], tokens: list[Token], today: date) -> list[Span]:
    taken = bytearray(len(tokens))
    chosen = []
    for _, _, start, end, rule in matches:
        if any(taken[start:end]):
            continue
        found = rule.read(tokens[start:end], today) if rule.read else None
        if rule.read and found is None:
            continue
        taken[start:end] = b"\1" * (end - start)
        chosen.append(Span(start, end, found))
    return sorted(chosen, key=lambda span: span.first)
