"""Taking in what was told: what is new, and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actions.hearing import Heard
from actions.memory import Memory

FILED = "grievance_filed_date"


@dataclass
class Learned:
    """`new` facts and `changed` ones (told before, otherwise). `is_first`: nothing was known before."""

    new: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    is_first: bool = False

    def __contains__(self, fact: str) -> bool:
        return fact in self.new or fact in self.changed

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def take_in(memory: Memory, heard: Heard) -> Learned:
    """Puts what was told into memory."""
    learned = Learned(is_first=not memory.facts)
    known = dict(memory.values())
    for fact, value in heard.facts.items():
        if memory.learn(fact, value, heard.source):
            replaced = known.get(fact) is not None
            (learned.changed if replaced else learned.new)[fact] = value
    for fact, value in heard.implied.items():
        memory.learn(fact, value, "implied")
    if heard.facts.get("grievance_status") == "not_filed":
        forget_the_grievance(memory)
    elif FILED in learned and memory.values().get("grievance_status") == "not_filed":
        del memory.facts["grievance_status"]  # a day of filing says that something was filed: ask what came of it
    memory.paused = memory.paused and not learned
    return learned


def forget_the_grievance(memory: Memory) -> None:
    """No grievance was filed after all: its dates go too."""
    for fact in [name for name in memory.facts if name.startswith("grievance_") and name.endswith("_date")]:
        del memory.facts[fact]
