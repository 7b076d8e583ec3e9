"""What the rule book of the safety screen holds once it is read: rules, their patterns and their frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nlu.safety.elements import Grammar, Pattern, Phrases
from nlu.safety.spelling import Spelling

Kind = Literal["medical_emergency", "self_harm"]
Place = Literal["before", "inside", "after", "clause", "sentence", "message"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Words that take the danger out of a match when they stand in the right place.

    `where` is that place; `within` counts the words between the frame and the match, and `across`, if not
    empty, names the only words that may be among them. `bare` frames do not touch a match that brings its own
    subject. `despite` are phrases in which the frame's words mean nothing of the kind. `rescue` are words in
    the match's own clause that put the danger back ("tonight"); for frames that have any, the rule book's
    `urgent` words ("minutes ago") do so anywhere in the sentence.
    """

    name: str
    where: Place
    phrases: Phrases
    within: int
    across: frozenset[str]
    bare: bool
    despite: Phrases
    rescue: Phrases


@dataclass(frozen=True, slots=True)
class Sign:
    """What a pattern stands for that is too weak alone: two different signs add up when one is `telling`."""

    name: str
    telling: bool


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One danger: any of its patterns, unless one of its frames, and with `needs` in sight when it is set.

    The patterns of a `sign` are a danger only in the company of another sign of the same rule nearby.
    """

    id: str
    kind: Kind
    clearness: int
    frames: tuple[Frame, ...]
    needs: Phrases | None
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything the screen knows; `by_anchor` finds the patterns worth trying by the words of a sentence."""

    rules: tuple[Rule, ...]
    by_anchor: Mapping[str, tuple[tuple[Rule, Pattern], ...]]
    spelling: Spelling
    grammar: Grammar
    joints: frozenset[str]
    subjects: frozenset[str]
    urgent: Phrases
