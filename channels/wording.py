"""The texts of this room, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "texts"


def wording(section: str, key: str, language: str = "en", **values: Any) -> str:
    """One text with its {placeholders} filled in. Raises KeyError when the language lacks it."""
    text = _texts(language)[section][key]
    return text.format(**values) if values else text


@lru_cache(maxsize=8)
def _texts(language: str) -> dict[str, dict[str, str]]:
    return yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
