"""Files for a spreadsheet that no cell of can do anything (CWE-1236: formula elements in a CSV file)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, also behind blanks.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file by RFC 4180, in UTF-8; a cell that could be a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _harmless(cell: str) -> str:
    text = cell.replace("\x00", "")
    begins = text.lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if begins.startswith(BEGINS_A_FORMULA) or text.startswith(BEGINS_A_FORMULA) else text
