"""How people type: with care, in small letters, without signs, in haste."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

SIGNS = re.compile(r"[.,!?;:\"()]+(?=\s|$)|(?<=\s)[\"(]|^[\"(]")
LONG_WORD = 7  # letters: shorter words are seldom mistyped
Typing = Callable[[str], str]


@dataclass(frozen=True)
class Habit:
    """One person's way of typing; `slips` when a long word of the first message comes out wrong."""

    name: str
    typing: Typing
    slips: bool


def habit(chance: Random) -> Habit:
    """A person's habit, the same for the whole talk."""
    name = chance.choices(list(TYPING), weights=(8, 5, 4, 3))[0]
    return Habit(name, TYPING[name], chance.random() < 0.1)


def _bare(text: str) -> str:
    return " ".join(SIGNS.sub("", text.lower()).split())


TYPING: dict[str, Typing] = {
    "careful": lambda text: text,
    "small letters": str.lower,
    "no signs": _bare,
    "in haste": lambda text: text.replace("'", ""),
}


def slipped(text: str, chance: Random) -> str:
    """The text with two letters of one long word swapped."""
    found = [match for match in re.finditer(r"[a-z]+", text) if len(match.group()) >= LONG_WORD]
    if not found:
        return text
    place = chance.choice(found).start() + chance.randint(1, LONG_WORD - 3)
    return f"{text[:place]}{text[place + 1]}{text[place]}{text[place + 2 :]}"
