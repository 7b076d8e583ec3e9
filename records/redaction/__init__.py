"""Identifiers are taken out of a text at the door, before Rasa, a log or the disk gets to see them.

What names a person (or their policy, claim or record) has no bearing on the case; dates of letters, codes of care,
sums, laws and the numbers of agencies have, and stay. What identifiers look like is in `identifiers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from records.redaction.identifiers import KINDS, Check, Kind, Match, looks

FOLDER = Path(__file__).parent
_FIRST_ASIDE = 0xF0000  # a private-use plane, whose characters no message that came in has
# What may not be even in an answer that is to hold a way to reach the person.
NOT_A_REACH: tuple[Kind, ...] = ("ssn", "card", "birth", "member")


class Redacted(NamedTuple):
    """A text with placeholders in place of identifiers, and which kinds of them there were, in order."""

    text: str
    removed: tuple[Kind, ...]


def redact(text: str, kinds: Collection[Kind] = KINDS) -> Redacted:
    """The text with a placeholder such as "[member number]" in place of each identifier of the given kinds. What is
    of another kind stays, whatever else it looks like: a phone number is no member number."""
    kept: list[str] = []
    removed: list[Kind] = []
    for kind, pattern, is_one in _ordered(frozenset(kinds)):
        if kind in kinds:
            text = _without(text, kind, pattern, is_one, removed)
        else:
            text = pattern.sub(lambda match: _set_aside(match, kept), text)
    for place, one in enumerate(kept):
        text = text.replace(chr(_FIRST_ASIDE + place), one)
    return Redacted(text, tuple(removed))


@cache
def placeholders(language: str = "en") -> dict[str, str]:
    """What stands in place of each kind of identifier."""
    return yaml.safe_load((FOLDER / f"placeholders.{language}.yml").read_text(encoding="utf-8"))


@cache
def _ordered(kinds: frozenset[Kind]) -> list[tuple[Kind, re.Pattern[str], Check]]:
    """What is to be looked for: first what is to stay."""
    return sorted(looks(), key=lambda look: look[0] in kinds)


def _set_aside(match: Match, kept: list[str]) -> str:
    """A private-use character in place of the whole; as many as there are are enough for any message."""
    kept.append(match.group())
    return chr(_FIRST_ASIDE + len(kept) - 1)


def _without(text: str, kind: Kind, pattern: re.Pattern[str], is_one: Check, removed: list[Kind]) -> str:
    def taken(match: Match) -> str:
        if not is_one(match):
            return match.group()
        if kind not in removed:
            removed.append(kind)
        whole, (begin, end) = match.group(), match.span("it")
        at = match.start()
        return whole[: begin - at] + placeholders()[kind] + whole[end - at :]

    return pattern.sub(taken, text)
