"""Reads the pattern files. In them "no", "on" and "off" are words, not truth values."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "patterns" / "facts"
ANSWERS_FILE = FOLDER.parent / "answers.yml"
TRUTH = "tag:yaml.org,2002:bool"


# The one written in C is ten times as fast, and not in every build of PyYAML.
SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(SafeLoader):
    """The safe loader, for which only true and false are truth values."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != TRUTH]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(TRUTH, re.compile("^(?:true|false)$"), list("tf"))


def yaml_file(name: str) -> Any:
    """The contents of a file of the folder, read once."""
    return read_file(FOLDER / name)


@lru_cache
def read_file(path: Path) -> Any:
    """The contents of a YAML file, read once."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
