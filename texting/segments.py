"""How a text message is counted: in segments of GSM-7 or, as soon as one sign is not in it, of UCS-2.

GSM 03.38 (3GPP TS 23.038): 160 septets in one segment, 153 in each of several; ten signs take two septets. UCS-2: 70
and 67 units of 16 bits. A sign too many costs, so typographic ones are written plainly (`plain_signs`).
"""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

Encoding = Literal["GSM-7", "UCS-2"]
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_OF_TWO = frozenset("^{}\\[~]|€\f")
ONE_SEGMENT = {"GSM-7": 160, "UCS-2": 70}
OF_SEVERAL = {"GSM-7": 153, "UCS-2": 67}
MOST_SEGMENTS = 3
# Where a text may be cut, the best place first, and how full the message before it must be.
PLACES = ((r"\n\n", 0.25), (r"\n", 0.5), (r"(?<=[.!?]) (?=[A-Z(])", 0.5), (r" ", 0.5))
PLAIN = str.maketrans(
    {"•": "-", "–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " ",
     "×": "x", "→": "->", "`": "'", "\u2060": None}
)  # fmt: skip


class Size(NamedTuple):
    """How big a message is: `length` in septets or in units of 16 bits."""

    encoding: Encoding
    length: int
    segments: int


def plain_signs(text: str) -> str:
    """The text with plain signs in place of typographic ones."""
    return text.translate(PLAIN)


def size_of(text: str) -> Size:
    """How a message with this text is sent."""
    encoding: Encoding = "GSM-7" if all(sign in GSM or sign in GSM_OF_TWO for sign in text) else "UCS-2"
    length = sum(_units(sign, encoding) for sign in text)
    segments = 1 if length <= ONE_SEGMENT[encoding] else math.ceil(length / OF_SEVERAL[encoding])
    return Size(encoding, length, max(segments, 1))


def fits(text: str) -> bool:
    """Whether a text is one message of at most MOST_SEGMENTS."""
    return size_of(text).segments <= MOST_SEGMENTS


def parted(text: str, beside: str = "") -> list[str]:
    """The text in messages of at most MOST_SEGMENTS each, which leave room for what is to stand `beside` each: parted
    between paragraphs where that goes, else between lines, sentences, words."""
    messages = []
    rest = text.strip()
    while rest:
        end = _longest_that_fits(rest, beside)
        cut = len(rest) if end == len(rest) else _cut_before(rest, end)
        messages.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return messages


def _longest_that_fits(text: str, beside: str) -> int:
    """How many signs of the text fit into one message."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle] + beside) else (low, middle - 1)
    return low


def _cut_before(text: str, end: int) -> int:
    """The best place to cut, at most `end`, and not so early that a message is mostly empty: a list of choices may
    leave its question early, so that it stays together."""
    for pattern, share in PLACES:
        places = [match.end() for match in re.finditer(pattern, text[: end + 1]) if match.end() <= end]
        if places and places[-1] > end * share:
            return places[-1]
    return end


def _units(sign: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if sign in GSM_OF_TWO else 1
    return len(sign.encode("utf-16-be")) // 2
