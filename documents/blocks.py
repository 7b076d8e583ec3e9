"""What a paper is made of, before it is set as PDF, HTML or plain text. Only plain text inside: no markup of any
kind, so that whatever people or law files hold comes out as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Heading:
    """A heading of the second level; the title of the paper is the first."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text. `strong` stands out; `small` is for law and the like."""

    text: str
    look: Literal["plain", "strong", "small"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Box:
    """A framed note with a title."""

    title: str
    lines: tuple[str, ...]
    kind: Literal["box"] = "box"


@dataclass(frozen=True)
class Items:
    """A list. Each item is its text with smaller lines below it; `boxes` are to be ticked."""

    items: tuple[tuple[str, ...], ...]
    look: Literal["bullets", "numbers", "boxes"] = "bullets"
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Table:
    """A table. Each cell is lines; `widths` are shares of the width; `empty` rows are to be written in; `about`
    says what it holds, for those who cannot see it."""

    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    widths: tuple[int, ...]
    empty: int = 0
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Lines:
    """Lines set close together, such as an address."""

    lines: tuple[str, ...]
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True)
class Sides:
    """Two groups of lines beside each other, such as sender and addressee; the left one is read first."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    kind: Literal["sides"] = "sides"


@dataclass(frozen=True)
class Room:
    """Empty lines to write on."""

    lines: int
    kind: Literal["room"] = "room"


Block = Heading | Paragraph | Box | Items | Table | Lines | Sides | Room


@dataclass(frozen=True)
class Document:
    """A whole paper: title, the line under it, what stands in it, the line at the foot of every page and how
    pages are numbered. What stands under a heading is never torn across pages, unless it holds a table."""

    title: str
    under_title: str
    blocks: tuple[Block, ...]
    foot: str
    page: str
    language: str

    def as_plain(self) -> dict[str, Any]:
        """The paper as JSON values."""
        return asdict(self)


def one_line_items(texts: Iterable[str], look: Literal["bullets", "numbers", "boxes"] = "bullets") -> Items:
    """A list whose items are one line each."""
    return Items(tuple((text,) for text in texts), look)
