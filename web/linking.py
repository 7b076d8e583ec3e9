"""Texts on pages: addresses and phone numbers become links, lines with bullets become lists; markup stays text."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from markupsafe import Markup, escape

from imr_logic.language import contact_values

BULLET = "• "
ADDRESS = r"(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]]"
PHONE = r"(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b"


def linked(text: str) -> Markup:
    """The text with a link in place of each address and phone number."""
    pieces, end = [], 0
    for match in finder().finditer(text):
        pieces += [escape(text[end : match.start()]), _link(match.group())]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])


def blocks(text: str) -> Markup:
    """The text in paragraphs; lines that begin with a bullet are the items of a list."""
    lines = [line for line in text.split("\n") if line.strip()]
    return Markup("").join(_block(are_items, list(some)) for are_items, some in groupby(lines, _is_item))


def _is_item(line: str) -> bool:
    return line.startswith(BULLET)


def _block(are_items: bool, lines: list[str]) -> Markup:
    if not are_items:
        return Markup("").join(Markup("<p>{}</p>").format(linked(line)) for line in lines)
    items = (Markup("<li>{}</li>").format(linked(line.removeprefix(BULLET))) for line in lines)
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


@cache
def finder() -> re.Pattern[str]:
    """Addresses, phone numbers, and the short numbers of the law's contacts, such as 911. Written so that browsers
    read it the same: the chat window gets it with its words."""
    numbers = {number for name, number in contact_values().items() if name.endswith("_phone") and number.isdigit()}
    return re.compile(rf"{ADDRESS}|{PHONE}|\b(?:{'|'.join(sorted(numbers))})\b(?![-\d])")


def _link(found: str) -> Markup:
    if not found.startswith(("http", "www.")):
        return Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", found), found)
    address = f"https://{found}" if found.startswith("www.") else found
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, found)
