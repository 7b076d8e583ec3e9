"""The texts of this room, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import contact_values

FOLDER = Path(__file__).parent / "texts"


@lru_cache(maxsize=8)
def texts(language: str = "en") -> dict[str, dict[str, str]]:
    """All texts of a language. Raises FileNotFoundError for a language that is not there."""
    return yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))


def error_text(code: str, **values: Any) -> str:
    """The sentence that goes with an error code, phone numbers such as {dmhc_phone} filled in."""
    return texts()["errors"][code].format(**contact_values(), **values)
