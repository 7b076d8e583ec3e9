"""What one message says: the types that every part of understanding fills in.

A `Reading` is made from the text alone, without the intent model: facts are found by rules, so that they
can be explained span by span.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

SafetyKind = Literal["medical_emergency", "self_harm"]
Precision = Literal["exact", "approximate", "ambiguous", "impossible"]


class Evidence(BaseModel):
    """One fact found at one place in the text. `confidence` runs from 0 to 1; `stated` is false when the
    fact only follows from another (a regulator from a carrier)."""

    model_config = ConfigDict(frozen=True)

    fact: str
    value: Any
    start: int
    end: int
    text: str
    rule: str
    confidence: float
    stated: bool = True


class DateReading(BaseModel):
    """A day or a span of days that the text names, and the fact it tells (None when it tells none)."""

    model_config = ConfigDict(frozen=True)

    fact: str | None
    text: str
    start: int
    end: int
    earliest: date | None
    latest: date | None
    precision: Precision
    rule: str
    confidence: float


class Reading(BaseModel):
    """Everything that one message says. `facts` are stated (plain values of the vocabulary, dates only when
    exact to the day), `implied` follow from them, `dates` are all days named, `evidence` says where. `wish` is what
    a short message without facts wishes of the talk itself."""

    facts: dict[str, Any] = {}
    implied: dict[str, Any] = {}
    dates: list[DateReading] = []
    evidence: list[Evidence] = []
    safety: SafetyKind | None = None
    wish: str | None = None
