"""Intents that end or erase something: the model alone is not believed, one of their words has to be there."""

from __future__ import annotations

import re
from functools import cache

from nlu.facts.data import ANSWERS_FILE, read_file

FILE = ANSWERS_FILE.with_name("must_be_said.yml")


def is_meant(intent: str, text: str) -> bool:
    """Whether a message may have an intent at all, by its words."""
    must = _patterns().get(intent)
    return must is None or must.search(text.lower().replace("'", "").replace("’", "")) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {intent: re.compile(words) for intent, words in read_file(FILE).items()}
