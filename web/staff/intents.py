"""The intents that a message can have: those of domain.yml."""

from __future__ import annotations

from functools import cache

import yaml

from settings import ROOT

NEVER_TAUGHT = frozenset({"nlu_fallback"})  # what is said when nothing was recognised


@cache
def intents() -> tuple[str, ...]:
    """Their names, sorted."""
    listed = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    names = {name for one in listed for name in (one if isinstance(one, dict) else [one])}
    return tuple(sorted(names - NEVER_TAUGHT))
