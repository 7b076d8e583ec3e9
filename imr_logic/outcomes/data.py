"""What outcomes.yml holds: the source, how a rate may be shown, and how the state's names meet our vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).parent
FILE_NAME = "outcomes.csv"  # of the operator's newer counts, in the var folder


@lru_cache
def about() -> dict[str, Any]:
    """The whole of outcomes.yml. Read once."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "outcomes.yml").read_text(encoding="utf-8"))
    return found


def plain(name: str) -> str:
    """A name without case, blanks and signs: the state writes its names in several ways."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Group(NamedTuple):
    """Some of the state's categories that mean the same, by a name of ours."""

    name: str
    names: tuple[str, ...]


@lru_cache
def group_of(part: str, service: str | None) -> Group | None:
    """The categories in `part` ("treatments" or "diagnoses") that a kind of care belongs to."""
    for name, group in about()[part].items():
        if service in group["services"]:
            return Group(name, tuple(group["names"]))
    return None


@lru_cache
def group_named(part: str, official: str) -> Group:
    """The group that one of the state's names is in; a name that we do not know is a group of its own."""
    for name, group in about()[part].items():
        if plain(official) in {plain(one) for one in group["names"]}:
            return Group(name, tuple(group["names"]))
    return Group(official, (official,))


def types_of(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """The official types that some reasons for a denial belong to, each once; none for other reasons."""
    types: dict[str, list[str]] = about()["types"]
    return tuple(name for name, ours in types.items() if set(ours) & set(reasons))
