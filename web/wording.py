"""The texts of this room, by language, from `texts/<language>.yml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic.language import contact_values

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@lru_cache(maxsize=8)
def texts(language: str = "en", folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """All texts of a language. Raises FileNotFoundError for a language that is not there."""
    return yaml.safe_load((folder / f"{language}.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def filled(section: str, language: str = "en") -> dict[str, Any]:
    """The texts of a section with phone numbers such as {dmhc_phone} filled in; every other {name} stays."""
    return _filled(texts(language)[section], contact_values())


def _filled(text: Any, values: dict[str, str]) -> Any:
    if isinstance(text, dict):
        return {key: _filled(one, values) for key, one in text.items()}
    if isinstance(text, list):
        return [_filled(one, values) for one in text]
    for name, value in values.items() if isinstance(text, str) else ():
        text = text.replace(f"{{{name}}}", value)
    return text


def error_text(code: str, **values: Any) -> str:
    """The sentence that goes with an error code, phone numbers such as {dmhc_phone} filled in."""
    return texts()["errors"][code].format(**contact_values(), **values)
