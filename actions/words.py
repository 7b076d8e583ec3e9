"""The words of the conversation, by language key."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import law_values
from settings import california_today, settings

FOLDER = Path(__file__).parent / "language"


@lru_cache
def words(language: str = "en") -> dict[str, Any]:
    """Every word of a language. Read once."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return found


def phrase(*keys: str, unlike: str = "", **values: Any) -> str:
    """One phrase by its path of keys, with the law's figures and contacts and `values` filled in. Where there are
    several ways to say it, the first that does not stand in `unlike` (what was said a moment ago), else the last."""
    found: Any = words()
    for key in keys:
        found = found[key]
    ways = found if isinstance(found, list) else [found]
    values = {**law_values(california_today(settings())), **values}
    filled = [str(way).format(**values) for way in ways]
    return next((one for one in filled if one not in unlike), filled[-1])
