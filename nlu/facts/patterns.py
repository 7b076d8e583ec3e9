"""Patterns as data: each file under nlu/patterns/facts tells how people state one fact (or several).

A pattern is words; `(a|b c)` are alternatives, `( ... )?` may be left out, `*N` stands for up to N words, `@name`
for a list of _words.yml. Words are matched as the pipeline spells them: lower case, contractions opened,
hyphens as blanks, apostrophes and full stops inside words left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "patterns" / "facts"
TRAILING = re.compile(r"( \*\d+)( ?\([^()]*\)\?)?$|( \([^()]*\)\?)$")
YES_NO = {"true": True, "false": False}


@dataclass(frozen=True)
class Pattern:
    """One way to state a value. `first_words`: it can only start with one of these (empty: with any)."""

    rule: str
    regex: re.Pattern[str]
    first_words: frozenset[str]


@dataclass(frozen=True)
class FactRules:
    """How one fact is stated. `rank`: which value wins over which. The rest are rules of reading: see reader."""

    fact: str
    many: bool
    patterns: dict[Any, tuple[Pattern, ...]]
    rank: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)


def normal(words: str) -> str:
    """Words as the pipeline spells them."""
    words = words.lower().replace("-", " ").replace("’", "'")
    words = re.sub(r"(\w)'(\w)", r"\1 \2", words).replace("'", "").replace(".", "")
    return re.sub(r"  +", " ", words)


@lru_cache
def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@lru_cache
def _list(name: str) -> str:
    words = sorted({normal(str(word)) for word in _yaml("_words.yml")[name]}, key=len, reverse=True)
    return "|".join(words)


def _with_lists(source: str) -> str:
    return re.sub(r"@(\w+)", lambda found: f"(?:{_list(found[1])})", source)


def to_regex(source: str) -> str:
    """The regular expression of a pattern, over words each followed by one blank."""
    source = normal(source)
    while TRAILING.search(source):
        source = TRAILING.sub("", source)
    body = re.sub(r"\((?!\?)", "(?:", source)
    body = re.sub(r"\*(\d+) ", r"(?:\\S+ ){0,\1}", _with_lists(body))
    return rf"(?<!\S){body.strip()}(?!\S)"


def first_words_of(source: str) -> frozenset[str]:
    """The words that a pattern can start with, none when that cannot be told."""
    source = _with_lists(normal(source)).replace("(?:", "(")
    if not source.startswith("("):
        return frozenset({source.split(" ")[0]}) if re.match(r"^[a-z0-9]+( |$)", source) else frozenset()
    group = re.match(r"\(([^()]*)\)(\??)", source)
    if group is None or group[2]:
        return frozenset()
    words = [alternative.strip().split(" ")[0] for alternative in group[1].split("|")]
    return frozenset(words) if all(re.match(r"^[^\W_]+$", word) for word in words) else frozenset()


def _compiled(fact: str, value: Any, sources: list[str]) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(f"{fact}/{value}/{number}", re.compile(to_regex(source)), first_words_of(source))
        for number, source in enumerate(sources, start=1)
    )


def _rules_of(fact: str, data: dict[str, Any]) -> FactRules:
    values = {YES_NO.get(str(value), value): sources for value, sources in data.items() if _is_value(value, data)}
    listed = values.pop("values", None) or values
    patterns = {value: _compiled(fact, value, sources) for value, sources in listed.items()}
    options = {key: value for key, value in data.items() if key not in ("fact", "values", "many", "rank")}
    rank = tuple(data.get("rank", listed))
    return FactRules(fact, bool(data.get("many")), patterns, rank, options)


def _is_value(key: str, data: dict[str, Any]) -> bool:
    return key == "values" if "values" in data else key in YES_NO


@lru_cache
def all_rules() -> tuple[FactRules, ...]:
    """The rules of every fact, read once."""
    return tuple(_each_rules())


def _each_rules() -> Iterator[FactRules]:
    for path in sorted(FOLDER.glob("[a-z]*.yml")):
        data = _yaml(path.name)
        if "facts" in data:
            for fact, values in data["facts"].items():
                yield _rules_of(fact, values)
        else:
            yield _rules_of(data["fact"], data)


@lru_cache
def words_of_patterns() -> frozenset[str]:
    """Every word that a pattern holds: what spelling is repaired to."""
    sources = [
        source for path in FOLDER.glob("*.yml") for source in re.findall(r"[a-z]+", path.read_text(encoding="utf-8"))
    ]
    return frozenset(sources)
