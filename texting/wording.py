"""The words of text messages, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import settings
from imr_logic.language import contact_values

FOLDER = Path(__file__).parent / "texts"


def said(*keys: str, language: str = "en", **values: Any) -> str:
    """One text by its path of keys, with phone numbers such as {dmhc_phone}, the practice and `values` filled in."""
    found: Any = texts(language)
    for key in keys:
        found = found[key]
    return str(found).format(**contact_values(), who=who(language), name=name(language), **values)


def who(language: str = "en") -> str:
    """Who writes, as a message names them."""
    return settings.settings().practice_name or str(texts(language)["nobody"])


def name(language: str = "en") -> str:
    """Who writes, in messages that must tell nobody what they are about."""
    return settings.settings().practice_name or str(texts(language)["nobody_by_name"])


@lru_cache(maxsize=8)
def texts(language: str = "en") -> dict[str, Any]:
    """Every text of a language. Read once."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return found
