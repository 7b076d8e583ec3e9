"""Dates in what people write: which days a text names, how surely, and which fact each of them tells.

There is no clock here: `today`, the day on which the text was written, is always passed in.
"""

from __future__ import annotations

from nlu.dates.grammar import find_dates
from nlu.dates.mention import DateMention, Precision, RoledDate
from nlu.dates.roles import read_dates

__all__ = ["DateMention", "Precision", "RoledDate", "find_dates", "read_dates"]
