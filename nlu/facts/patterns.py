"""Patterns as data: each file under nlu/patterns/facts tells how people state one fact, or several.

A file names its `fact`, the `values` with the patterns of each (language.py tells how they are written), `weaker`
values that count only when nothing better is found, `guessed` ones that count last, `quoted` ones that count
last and only between quotes, the `rank` by which one value wins over another, and how it
is to be read (`reading`, see Manner). Files whose name starts with an underscore hold lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nlu.facts.data import ANSWERS_FILE, FOLDER, yaml_file
from nlu.facts.language import Compiled, Grammar, plain

YES_NO = {"true": True, "false": False}
SURE, WEAK, GUESS = 0.9, 0.6, 0.5
KINDS = {"values": SURE, "weaker": WEAK, "guessed": GUESS, "quoted": GUESS, "capitals": SURE}
ONLY = frozenset({"capitals", "quoted"})


@dataclass(frozen=True, slots=True)
class Manner:
    """How the finds of a fact are read.

    `negation`: `clause` (a "not" up to `window` words before, in the same clause, takes the value away, and turns
    a yes into a no), `near` (only when nothing but small words stands between, for names of things) or `none`.
    `questions`, `conditionals`, `fears`, `past`: whether what is asked, supposed, feared or over is left out;
    `questions_of` and `conditionals_of`: the values of which that holds alone.
    """

    negation: str = "clause"
    window: int = 5
    ends: tuple[str, ...] = ()
    questions: bool = False
    questions_of: tuple[str, ...] = ()
    conditionals: bool = False
    conditionals_of: tuple[str, ...] = ()
    fears: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to state a value. `only`: where alone it counts, `capitals` (written with a capital inside a sentence)
    or `quoted` (between quotes)."""

    fact: str
    value: Any
    rule: str
    made: Compiled
    confidence: float
    only: str = ""


@dataclass(frozen=True)
class FactRules:
    """How one fact is stated. `rank`: which value wins over which; `many`: it holds several values at once."""

    fact: str
    many: bool
    manner: Manner
    patterns: tuple[Pattern, ...]
    rank: tuple[Any, ...]


def word_lists() -> dict[str, list[str]]:
    """The lists that patterns name with @, of both files."""
    return {**yaml_file("_words.yml"), **yaml_file("_ways.yml")}


@lru_cache
def grammar() -> Grammar:
    """The language of the patterns with its word lists."""
    return Grammar(word_lists(), yaml_file("_scope.yml")["gap_stops"])


@lru_cache
def all_rules() -> dict[str, FactRules]:
    """The rules of every fact by its name, read once. Names of helper facts start with an underscore."""
    told: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("[a-z]*.yml")):
        data = yaml_file(path.name)
        for fact, more in data.get("facts", {data.get("fact"): data}).items():
            told[fact] = _together(told.get(fact, {}), more)
    return {fact: rules_of(fact, all_told) for fact, all_told in told.items()}


def _together(told: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What several files tell of one fact."""
    values = {kind: _joined(told.get(kind) or {}, more.get(kind) or {}) for kind in KINDS}
    return {**more, **told, **values}


def _joined(told: dict[Any, list[str]], more: dict[Any, list[str]]) -> dict[Any, list[str]]:
    return {value: [*told.get(value, []), *more.get(value, [])] for value in (*told, *more)}


def rules_of(fact: str, told: dict[str, Any]) -> FactRules:
    """The rules of one fact from what its file tells. Raises PatternError."""
    patterns = [pattern for kind in KINDS for pattern in _patterns(fact, told.get(kind) or {}, kind)]
    reading = dict(told.get("reading") or {})
    reading |= {name: tuple(reading.get(name, ())) for name in ("ends", "questions_of", "conditionals_of")}
    rank = told.get("rank") or [value for kind in KINDS for value in told.get(kind) or {}]
    return FactRules(
        fact=fact,
        many=bool(told.get("many")),
        manner=Manner(**reading),
        patterns=tuple(patterns),
        rank=tuple(_value(value) for value in rank),
    )


def _value(value: Any) -> Any:
    return YES_NO.get(str(value).lower(), value)


def _patterns(fact: str, values: dict[Any, list[str]], kind: str) -> Iterator[Pattern]:
    prefix = "" if kind == "values" else f"{kind}/"
    for value, sources in values.items():
        for number, source in enumerate(sources, start=1):
            rule = f"{fact}/{prefix}{value}/{number}"
            yield Pattern(
                fact, _value(value), rule, grammar().compile(source), KINDS[kind], kind if kind in ONLY else ""
            )


class Index:
    """Finds the patterns that a sentence could match, by its words."""

    def __init__(self, rules: dict[str, FactRules]) -> None:
        self._by_word: dict[str, list[tuple[int, Pattern]]] = {}
        patterns = [pattern for each in rules.values() for pattern in each.patterns]
        for number, pattern in enumerate(patterns):
            _ = pattern.made.regex  # compiled now, so that the first messages need not wait for it
            for word in pattern.made.key:
                self._by_word.setdefault(word, []).append((number, pattern))

    def candidates(self, words: frozenset[str]) -> Iterator[Pattern]:
        """The patterns whose needed words are all there, each once, in the order of the files."""
        seen = {number: pattern for word in words for number, pattern in self._by_word.get(word, ())}
        for number in sorted(seen):
            others = seen[number].made.others
            if not others or not any(map(words.isdisjoint, others)):
                yield seen[number]


@lru_cache
def index() -> Index:
    """The index of all patterns, built once."""
    return Index(all_rules())


@lru_cache
def words_of_patterns() -> frozenset[str]:
    """Every word that a pattern or a list holds: what spelling is repaired to."""
    files = [path for path in FOLDER.glob("*.yml") if path.name != "_spelling.yml"]
    lines = [line for path in [*files, ANSWERS_FILE] for line in path.read_text(encoding="utf-8").splitlines()]
    return frozenset(
        word for line in [*lines, *yaml_file("_spelling.yml")["means"].values()] for word in _words_in(line)
    )


def _words_in(line: str) -> list[str]:
    return re.findall(r"[a-z]+", plain(line.partition("# ")[0]))
