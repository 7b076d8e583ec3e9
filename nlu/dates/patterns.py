"""The word lists of dates, read once from the pattern files.

The files are read with YAML's base loader, in which every scalar is text: a list may then hold "on" and "no".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parent.parent / "patterns"

Words = list[str] | dict[str, list[str]]


@cache
def patterns(name: str) -> dict[str, Any]:
    """The pattern file of that name. All scalars are text. Raises OSError or yaml.YAMLError."""
    text = (_FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    # The base loader builds lists, mappings and text, and nothing else.
    loaded = yaml.load(text, Loader=yaml.BaseLoader)
    return dict(loaded)


@cache
def word_set(name: str, *path: str) -> frozenset[str]:
    """A plain list of words in a pattern file, as a set."""
    found: Any = patterns(name)
    for key in path:
        found = found[key]
    return frozenset(found)


@cache
def numbers(*path: str) -> dict[str, float]:
    """The figures under a heading of the file of dates, by name."""
    found: Any = patterns("dates")
    for key in path:
        found = found[key]
    return {name: float(value) for name, value in found.items() if isinstance(value, str)}


def spellings(words: Words) -> Iterator[tuple[str, str]]:
    """Each spelling of a class of words with its value; a word without one is its own value."""
    if isinstance(words, dict):
        for value, spelt in words.items():
            yield from ((word, value) for word in spelt)
    else:
        yield from ((word, word) for word in words)
