"""What every paper has around it: title, when and by whom it was made, what it is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from documents.blocks import Block, Document
from documents.wording import phrase, words
from imr_logic.language import say_day


def framed(title: str, blocks: Iterable[Block], language: str, under_title: str = "") -> Document:
    """A paper with its frame."""
    foot, page = phrase(language, "not_advice"), words(language)["page"]
    return Document(title, under_title, tuple(blocks), foot, page, language)


def made(today: date, practice: str | None, language: str) -> str:
    """ "Made on November 23, 2026 by ..." """
    day = say_day(today, language)
    if practice:
        return phrase(language, "made_by", day=day, practice=practice)
    return phrase(language, "made", day=day)
