"""The texts of this room, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import contact_values

FOLDER = Path(__file__).parent / "texts"


def wording(section: str, key: str, language: str = "en", **values: Any) -> str:
    """One text with its {placeholders} filled in: the values given, and phone numbers such as {dmhc_phone}. Raises
    KeyError when the language lacks it."""
    return _texts(language)[section][key].format(**contact_values(), **values)


@lru_cache(maxsize=8)
def _texts(language: str) -> dict[str, dict[str, str]]:
    return yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
