"""One value found at one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a fact, where it stands in the text, the rule that found it and the sentence it is in."""

    fact: str
    value: Any
    start: int
    end: int
    rule: str
    sentence: int
    part_of_list: bool = False
    confidence: float = 0.9
