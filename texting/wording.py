"""The words of text messages, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

import settings
from imr_logic.language import contact_values
from texting.segments import size_of

FOLDER = Path(__file__).parent / "texts"


def said(*keys: str, language: str = "en", **values: Any) -> str:
    """One text by its path of keys, with phone numbers such as {dmhc_phone}, the practice and `values` filled in."""
    found: Any = texts(language)
    for key in keys:
        found = found[key]
    return str(found).format(**contact_values(), who=who(language), name=name(language), **values)


def who(language: str = "en") -> str:
    """Who writes, as a message names them."""
    return _practice() or str(texts(language)["nobody"])


def name(language: str = "en") -> str:
    """Who writes, in messages that must tell nobody what they are about."""
    return _practice() or str(texts(language)["nobody_by_name"])


def _practice() -> str:
    """The practice's name; a letter that GSM-7 lacks without its accent, as it would make every message dear."""
    named = settings.settings().practice_name or ""
    return "".join(one if size_of(one).encoding == "GSM-7" else normalize("NFKD", one)[0] for one in named)


@lru_cache(maxsize=8)
def texts(language: str = "en") -> dict[str, Any]:
    """Every text of a language. Read once."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return found
