"""The words of the papers, by language, from `language/<language>.yml`, with the law's figures filled in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import DEFAULT, contact_values

FOLDER = Path(__file__).parent / "language"


@lru_cache
def words(language: str = DEFAULT) -> dict[str, Any]:
    """Every word of a language, English where there is none. Read once."""
    path = FOLDER / f"{language}.yml"
    found: dict[str, Any] = yaml.safe_load(
        (path if path.exists() else FOLDER / f"{DEFAULT}.yml").read_text(encoding="utf-8")
    )
    return found


def phrase(language: str, *keys: str, **values: Any) -> str:
    """One phrase by its path of keys, with contacts and `values` filled in."""
    found: Any = words(language)
    for key in keys:
        found = found[key]
    return str(found).format(**{**contact_values(), **values})
