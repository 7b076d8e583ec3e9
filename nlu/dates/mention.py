"""What is handed out: a day or a span of days named in a text, and the fact that it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["exact", "approximate", "ambiguous", "impossible"]


@dataclass(frozen=True)
class DateMention:
    """A day or a span of days named in a text.

    `start` and `end` are character positions in the original text, and `text` is what stands between them.
    The day lies between `earliest` and `latest`, both included. `exact`: one day certain; `approximate`: some
    day of the interval; `ambiguous`: a day of the month or of the week that could be another one as well, with
    the likeliest as interval; `impossible`: no such day exists, and both ends are None.
    """

    text: str
    start: int
    end: int
    earliest: date | None
    latest: date | None
    precision: Precision


@dataclass(frozen=True)
class RoledDate:
    """A mention and the fact that it tells.

    `fact` is a date fact of the vocabulary, or None when the day tells none of them (a birthday, a surgery yet
    to come). `confidence` runs from 0 to 1. `rule` names why: a cue, the question asked, or "taken back".
    """

    fact: str | None
    mention: DateMention
    confidence: float
    rule: str
