"""Ways to say things, written by hand in `words/`: which ones fit a person, and what each gives away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words"
ANY = "any"
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Way:
    """One way to say something. `tells` are the facts that it gives away; `day` the fact whose day it names; `when`
    the facts that must hold and `when_not` those that must not, for it to be true of a person. A `bare` way ("No")
    tells, beside the fact asked for, only what the question is about too."""

    say: str
    tells: frozenset[str] = frozenset()
    day: str | None = None
    when: Facts = field(default_factory=dict)
    when_not: Facts = field(default_factory=dict)
    bare: bool = False

    def fits(self, facts: Facts) -> bool:
        """Whether a person with these facts may say it."""
        if self.day and self.day not in facts:
            return False
        held = all(_holds(facts, fact, value) for fact, value in self.when.items())
        return held and not any(_holds(facts, fact, value) for fact, value in self.when_not.items())


def _holds(facts: Facts, fact: str, value: Any) -> bool:
    if fact not in facts:
        return False
    return value == ANY or facts[fact] in (value if isinstance(value, list) else [value])


@lru_cache
def words(name: str) -> dict[str, Any]:
    """One file of words."""
    found: dict[str, Any] = yaml.safe_load((WORDS / f"{name}.yml").read_text(encoding="utf-8"))
    return found


def ways(written: Iterable[str | Mapping[str, Any]], tells: Iterable[str] = ()) -> list[Way]:
    """Ways as written in a file; `tells` is what every one of them gives away."""
    return [_way(one, frozenset(tells)) for one in written]


def _way(one: str | Mapping[str, Any], tells: frozenset[str]) -> Way:
    if isinstance(one, str):
        return Way(one, tells)
    day = one.get("day")
    more = {*one.get("tells", ()), *([day] if day else ())}
    return Way(one["say"], tells | more, day, one.get("when", {}), one.get("when_not", {}), one.get("bare", False))


def key(value: Any) -> str:
    """A fact's value as the files name it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def answers(fact: str, value: Any) -> list[Way]:
    """The ways to answer when a fact is asked for; empty when no words were written for it."""
    if fact == "service_category":
        return [
            Way(f"{lead}{care}", frozenset([fact])) for care in words("care")[value] for lead in ("", "It's about ")
        ]
    written = words("answers").get(fact, {})
    return ways(written.get(key(value)) or written.get(ANY) or (), [fact])


def added(fact: str, value: Any) -> list[Way]:
    """The ways to add a fact of one's own accord; empty when no words were written for it."""
    if fact in words("days")["told"]:
        return [Way(text, frozenset([fact]), fact) for text in words("days")["told"][fact]]
    return ways(words("later")["facts"].get(fact, {}).get(key(value), ()), [fact])


def asked_days(fact: str, group: str) -> list[Way]:
    """The ways to answer when a day is asked for: groups `asked`, `letter` (what stands on one), `asked_again`."""
    return [Way(text, frozenset([fact]), fact) for text in words("days")[group]]
