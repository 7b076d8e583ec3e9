"""A long answer in pages: the first at once, the next behind "tell me more"."""

from __future__ import annotations

from collections.abc import Sequence

# The longest message of the web channel, in characters. What is said before an answer has its share of it.
LONGEST = 900
LONGEST_PAGE = 700
# Where a case stands is said whole, dates and law and all, and what comes before it gives way.
LONGEST_ANSWER = 860
# Stands between blocks where a new page begins even though there would be room: the rest is for those who ask.
BREAK = "\f"
PARAGRAPH = "\n\n"
POINT = "•"


def pages(blocks: Sequence[str], first: int = LONGEST_PAGE) -> list[str]:
    """The blocks packed into pages of at most LONGEST_PAGE characters, the first of at most `first`; a block stays
    whole unless it alone is longer, and then it is parted at its lines."""
    packed: list[str] = []
    begin = True
    for block in blocks:
        if block == BREAK:
            begin = True
            continue
        for part in _parts(block):
            longest = first if len(packed) == 1 else LONGEST_PAGE
            after = packed[-1] + gap_before(part) + part if packed and not begin else ""
            if after and len(after) <= longest:
                packed[-1] = after
            else:
                packed.append(part)
            begin = False
    return packed


def gap_before(part: str) -> str:
    """What stands before a part: the points of a list follow each other, anything else begins a paragraph."""
    return "\n" if part.startswith(POINT) else PARAGRAPH


def _parts(block: str) -> list[str]:
    return [block] if len(block) <= LONGEST_PAGE else block.split("\n")
