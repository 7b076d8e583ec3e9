"""The words of the conversation, by language key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import law_values

FOLDER = Path(__file__).parent / "language"


@lru_cache
def words(language: str = "en") -> dict[str, Any]:
    """Every word of a language. Read once."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return found


def phrase(*keys: str, **values: Any) -> str:
    """One phrase by its path of keys, with the law's figures and contacts and `values` filled in."""
    found: Any = words()
    for key in keys:
        found = found[key]
    return str(found).format(**law_values(), **values)
