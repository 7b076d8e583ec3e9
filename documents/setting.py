"""Sets a paper as PDF/UA-1 (typst), as an HTML page to print (Jinja2) or as plain text to edit."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from documents.blocks import Block, Box, Document, Heading, Items, Lines, Paragraph, Room, Sides, Table

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 78
NOT_LATIN = re.compile("[^ -~\u00a0-\u024f\u2010-\u2027]")
NOT_ASCII = re.compile("[^ -~]")


@lru_cache
def _fonts() -> typst.Fonts:
    """The fonts that typst brings along: the same paper on every machine."""
    return typst.Fonts(include_system_fonts=False)


@lru_cache
def _source() -> bytes:
    return (TEMPLATES / "paper.typ").read_bytes()


def as_pdf(paper: Document, now: datetime) -> bytes:
    """The paper as a tagged PDF that keeps PDF/UA-1, made at `now`. The same paper gives the same bytes.

    PDF/UA-1 allows no sign that the fonts cannot show; such signs, in a name, become question marks.
    """
    plain = paper.as_plain()
    for unshown in (None, NOT_LATIN, NOT_ASCII):
        try:
            return _compiled(plain if unshown is None else _without(plain, unshown), now)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error) or unshown is NOT_ASCII:
                raise
    raise AssertionError("the last try returns or raises")


def _compiled(plain: Any, now: datetime) -> bytes:
    return typst.compile(
        _source(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(plain, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(now.timestamp()),
    )


def _without(value: Any, unshown: re.Pattern[str]) -> Any:
    """The same JSON value with every such sign replaced."""
    if isinstance(value, str):
        return unshown.sub("?", value)
    if isinstance(value, dict):
        return {key: _without(one, unshown) for key, one in value.items()}
    return [_without(one, unshown) for one in value] if isinstance(value, (list, tuple)) else value


@lru_cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
    )


def as_page(paper: Document, stylesheet: str) -> bytes:
    """The paper as a page to print. It takes its look from `stylesheet`: our pages allow no styles inside."""
    template = _pages().get_template("page.html.j2")
    return template.render(paper=paper.as_plain(), stylesheet=stylesheet).encode()


def as_text(paper: Document) -> bytes:
    """The paper as plain text of 78 columns, to be edited."""
    parts = [paper.title.upper(), *(part for block in paper.blocks for part in _text_of(block))]
    return ("\n\n".join(parts) + "\n").encode()


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def _text_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield text.upper()
        case Paragraph(text):
            yield _wrapped(text)
        case Box(title, lines):
            rule = "-" * WIDTH
            yield "\n".join([rule, *(_wrapped(line) for line in (title, *lines) if line), rule])
        case Items():
            yield "\n".join(_item_lines(block))
        case Table():
            yield "\n".join(_wrapped(": ".join(" / ".join(cell) for cell in row), rest="    ") for row in block.rows)
        case Lines(lines):
            yield "\n".join(lines)
        case Sides(left, right):
            yield "\n".join(left)
            yield "\n".join(right)
        case Room(lines):
            yield "\n" * lines


def _item_lines(block: Items) -> Iterator[str]:
    for number, lines in enumerate(block.items, start=1):
        mark = {"numbers": f"{number}. ", "boxes": "[ ] ", "bullets": "- "}[block.look]
        indent = " " * len(mark)
        yield _wrapped(lines[0], mark, indent)
        yield from (_wrapped(line, indent, indent) for line in lines[1:])
