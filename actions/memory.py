"""What the conversation remembers, in one slot: the facts with where they came from, and the open question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from imr_logic import BadFact, CaseFacts, parse_fact
from settings import california_today, settings

SLOT = "case"
KEPT = ("facts", "asked", "times", "tries", "route", "dates", "more", "doubt", "refused", "paused", "danger")


@dataclass
class Memory:
    """What is kept from turn to turn:

    `facts`: fact -> {"value", "source"}, the source being implied, said, chosen (a button) or corrected. `asked`:
    what was asked for last: a fact, a part of a request for a call, or which of two is right; `times`: how often in
    a row; `tries`: how often in a row the answer was not understood. `route` and `dates` ("code/kind" -> ISO day):
    the last answer. `more`: what "tell me more" goes on with: {"topic", "page"}. `doubt`: a fact told in two ways:
    {"fact", "value"}; `refused`: "fact=value" that was not meant. `paused`: the person wants no more questions until
    they tell something new. `danger`: its kind, once named.
    `before`, what the assistant said last, is read from the talk and not kept.
    """

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: str | None = None
    times: int = 0
    tries: int = 0
    route: str | None = None
    dates: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] | None = None
    doubt: dict[str, Any] | None = None
    refused: list[str] = field(default_factory=list)
    paused: bool = False
    danger: str = ""
    before: str = ""
    day: Day = field(default_factory=lambda: california_today(settings()))

    @classmethod
    def of(cls, tracker: Tracker) -> Memory:
        """What the slot holds; an empty memory for a new conversation."""
        kept = tracker.get_slot(SLOT) or {}
        return cls(
            facts=dict(kept.get("facts") or {}),
            asked=kept.get("asked"),
            times=int(kept.get("times") or 0),
            tries=int(kept.get("tries") or 0),
            route=kept.get("route"),
            dates=dict(kept.get("dates") or {}),
            more=kept.get("more"),
            doubt=kept.get("doubt"),
            refused=list(kept.get("refused") or []),
            paused=bool(kept.get("paused")),
            danger=str(kept.get("danger") or ""),
            before=said_last(tracker),
        )

    def as_event(self) -> dict[str, Any]:
        """The event that keeps this memory."""
        return dict(SlotSet(SLOT, {name: getattr(self, name) for name in KEPT}))

    def learn(self, fact: str, value: Any, source: str) -> bool:
        """Takes a fact in unless a surer source said otherwise; whether anything changed. What is no value of the
        fact is left out: one misread word must never cost the whole turn."""
        try:
            parse_fact(fact, value)
        except BadFact:
            return False
        before = self.facts.get(fact)
        if before is not None and not _gives_way(before, source):
            return False
        self.facts[fact] = {"value": value, "source": source}
        return before is None or before["value"] != value

    def case_facts(self) -> CaseFacts:
        """The facts in the vocabulary of the law room."""
        known = {name: kept["value"] for name, kept in self.facts.items()}
        return CaseFacts.model_validate({"today": self.day, **known})

    @property
    def is_answered(self) -> bool:
        """Whether what was asked for last is known by now."""
        return self.asked in self.facts

    def values(self) -> Mapping[str, Any]:
        """The plain values by fact."""
        return {name: kept["value"] for name, kept in self.facts.items()}


def _gives_way(before: Mapping[str, Any], source: str) -> bool:
    """What was said gives way to anything said later; only what is merely inferred never replaces it. (What was
    corrected is asked about before: `learning`.)"""
    return source != "implied" or before["source"] == "implied"


def said_last(tracker: Tracker) -> str:
    """All that the assistant said since the message before the person's last one."""
    said: list[str] = []
    messages = 0
    for event in reversed(tracker.events):
        messages += event.get("event") == "user"
        if messages > 1:
            break
        if event.get("event") == "bot":
            said.append(str(event.get("text") or ""))
    return "\n".join(reversed(said))
