"""The words of the console, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "texts"
LANGUAGE = "en"  # what staff of a practice in California read


@lru_cache(maxsize=8)
def texts(language: str = LANGUAGE) -> dict[str, Any]:
    """All words of a language. Raises FileNotFoundError for one that is not there."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return found


def problem(code: str, **values: Any) -> str:
    """What is wrong and what is allowed, in one sentence."""
    return str(texts()["problems"][code]).format(**values)
