"""What a story tells of: the denial, the letter that came, the grievance filed, each at its place in the words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from re import Pattern
from typing import Any, NamedTuple

from nlu.dates.lexicon import Alphabet, Lexicon
from nlu.dates.patterns import patterns
from nlu.dates.tokens import Token

_SIGNS = ("comma", "dot", "stop", "dash", "open", "close")
DATE = "date"
_COMMON = frozenset({*_SIGNS, DATE, "word", "and", "small", "det", "it", "us", "be", "of", "for", "plan"})
# What it costs a cue to stand on the other side of such a word from its date.
_TOLLS = {
    "comma": 2.0,
    "when": 1.5,
    "and": 2.0,
    "dash": 1.5,
    "open": 1.0,
    "close": 1.0,
    "dot": 8.0,
    "stop": 8.0,
    DATE: 3.0,
}
_PLAIN_TOLL = 0.4


class Kind(NamedTuple):
    """A kind of event as the pattern file describes it: what it tells, of which decision, how strongly; a
    `weak` one gives way to the question that was asked ("ahead": to a question about a day that may lie ahead)."""

    name: str
    tells: str
    about: str | None
    weight: float
    weak: str


class Event(NamedTuple):
    """An event at words `first` to `last` (not included) of a story."""

    kind: Kind
    first: int
    last: int


class Story(NamedTuple):
    """A text as words, with every date as one word.

    `dates`: the place of each date; `tolls`: what it costs, in all, to come from the start to each word;
    `sentences`: the number of the sentence in which each word stands.
    """

    tokens: list[Token]
    dates: list[int]
    events: list[Event]
    tolls: list[float]
    sentences: list[int]

    def toll(self, start: int, end: int) -> float:
        """What it costs to pass the words from `start` up to `end`."""
        return self.tolls[end] - self.tolls[start] if end > start else 0.0

    def together(self, one: int, other: int) -> bool:
        """Whether two places stand in the same sentence."""
        return self.sentences[one] == self.sentences[other]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Where the sentence in which a place lies begins and ends."""
        number = self.sentences[place]
        return bisect_left(self.sentences, number), bisect_left(self.sentences, number + 1)

    def sentence(self, place: int) -> list[Token]:
        """The words of the sentence in which a place lies."""
        start, end = self.sentence_at(place)
        return self.tokens[start:end]


@cache
def _lexicon() -> Lexicon:
    return Lexicon(patterns("date_role_words")["classes"], hyphens=False)


@cache
def _shapes() -> list[tuple[Kind, Pattern[str], frozenset[str]]]:
    """Each kind of event with its shape, and the telling words of which it needs at least one."""
    data: dict[str, Any] = patterns("date_roles")
    letters = _letters()
    return [
        (
            Kind(event["name"], event["tells"], event.get("about"), float(event["weight"]), event.get("weak", "")),
            letters.compile(" | ".join(event["shapes"])),
            letters.names(" | ".join(event["shapes"])) - _COMMON,
        )
        for event in data["events"]
    ]


@cache
def _letters() -> Alphabet:
    classes = patterns("date_role_words")["classes"]
    return Alphabet([*_SIGNS, "word", DATE, *classes], patterns("date_roles")["macros"])


def tell(words: list[Token], bounds: list[tuple[int, int]]) -> Story:
    """The story of a text cut into `words`, in which the dates stand at `bounds`."""
    tokens = _lexicon().merge(_with_dates(words, bounds))
    tolls = [0.0]
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        tolls.append(tolls[-1] + _toll(token, after))
    dates = [place for place, token in enumerate(tokens) if token.kind == DATE]
    return Story(tokens, dates, _events(tokens), tolls, _sentences(tokens))


def _sentences(tokens: list[Token]) -> list[int]:
    numbers, number = [], 0
    for token in tokens:
        numbers.append(number)
        number += token.kind in ("dot", "stop")
    return numbers


def _toll(token: Token, after: Token | None) -> float:
    """What it costs to pass a word. "Denial? October 29." is one statement."""
    if token.text in ("?", ":") and after is not None and after.kind == DATE:
        return _PLAIN_TOLL
    return _TOLLS.get(token.kind, _PLAIN_TOLL)


def _with_dates(words: list[Token], bounds: list[tuple[int, int]]) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    for first, last in bounds:
        tokens.extend(_plain_words(words, place, first))
        tokens.append(Token(DATE, "\0", words[first].start, words[last - 1].end))
        place = last
    return [*tokens, *_plain_words(words, place, len(words))]


def _plain_words(words: list[Token], start: int, end: int) -> Iterator[Token]:
    """The words from `start` up to `end` as the events know them; a hyphen inside a word is left out."""
    for place in range(start, end):
        word = words[place]
        inside = word.kind == "dash" and start < place < end - 1
        if not inside or words[place - 1].end != word.start or words[place + 1].start != word.end:
            yield _plain(word)


def _plain(word: Token) -> Token:
    """A word as the events know it: not the number that it may be, and without the possessive."""
    if word.kind in _SIGNS:
        return word
    text = word.text
    if text.endswith("'s") and text not in _lexicon():
        text = text[:-2]
    return Token("word", text, word.start, word.end)


def _events(tokens: list[Token]) -> list[Event]:
    """The events in the order of the words; where two overlap, the one that is listed first."""
    letters = _letters()
    string = "".join(letters[token.kind] for token in tokens)
    present = {token.kind for token in tokens}
    taken, events = bytearray(len(tokens)), []
    for kind, shape, telling in _shapes():
        if telling and telling.isdisjoint(present):
            continue
        for match in shape.finditer(string):
            first, last = match.span()
            if first < last and not any(taken[first:last]):
                taken[first:last] = b"\1" * (last - first)
                events.append(Event(kind, first, last))
    return sorted(events, key=lambda event: event.first)
