"""One value found at one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a fact, where it stands in the text, the rule that found it and the sentence it is in.

    `marks` say how it is said: `said_before` (the person refers to their own earlier words), `aside` (only
    mentioned), `object` (what was refused or asked for).
    """

    fact: str
    value: Any
    start: int
    end: int
    rule: str
    sentence: int
    part_of_list: bool = False
    confidence: float = 0.9
    marks: frozenset[str] = frozenset()

    def overlaps(self, other: Found) -> bool:
        """Whether both share words of the text."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Found) -> bool:
        """Whether it lies inside the other and is shorter."""
        return other.start <= self.start and self.end <= other.end and self.end - self.start < other.end - other.start
