"""A long answer in pages: the first at once, the next behind "tell me more"."""

from __future__ import annotations

from collections.abc import Sequence

# The longest message of the web channel, in characters. What is said before an answer has its share of it.
LONGEST = 900
LONGEST_PAGE = 700
# Stands between blocks where a new page begins even though there would be room: the rest is for those who ask.
BREAK = ""


def pages(blocks: Sequence[str]) -> list[str]:
    """The blocks packed into pages of at most LONGEST_PAGE characters; a block stays whole unless it alone is
    longer, and then it is parted at its lines."""
    packed: list[str] = []
    begin = True
    for block in blocks:
        if block == BREAK:
            begin = True
            continue
        for part in _parts(block):
            if begin or len(packed[-1]) + 1 + len(part) > LONGEST_PAGE:
                packed.append(part)
            else:
                packed[-1] += "\n" + part
            begin = False
    return packed


def _parts(block: str) -> list[str]:
    return [block] if len(block) <= LONGEST_PAGE else block.split("\n")
