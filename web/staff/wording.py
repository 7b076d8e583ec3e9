"""The words of the console, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from web import wording

FOLDER = Path(__file__).parent / "texts"
LANGUAGE = "en"  # what staff of a practice in California read


def texts(language: str = LANGUAGE) -> dict[str, Any]:
    """All words of a language. Raises FileNotFoundError for one that is not there."""
    return wording.texts(language, FOLDER)


def problem(code: str, **values: Any) -> str:
    """What is wrong and what is allowed, in one sentence."""
    return str(texts()["problems"][code]).format(**values)
