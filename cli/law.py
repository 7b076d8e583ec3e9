"""`./imr law`: every rule of law that the product holds, with value, citation, verified date and confidence."""

from __future__ import annotations

import json
import sys
from typing import Any

from imr_logic.law import LawEntry, entries


def as_plain(entry: LawEntry) -> dict[str, Any]:
    """One rule as JSON values."""
    plain = entry._asdict()
    plain["verified"] = entry.verified.isoformat() if entry.verified else None
    plain["authority"] = list(entry.authority)
    return plain


def as_line(entry: LawEntry) -> str:
    """One rule as one readable line."""
    source = "; ".join(entry.authority) or "no citation"
    return f"{entry.file}/{entry.id}: {entry.value} | {source} | verified {entry.verified} | {entry.confidence}"


MARKDOWN_HEAD = """# Every rule of law
Made by `./imr law --markdown`. Where each stands: `imr_logic/law/`.

| file | rule | value | authority | verified | confidence |
|---|---|---|---|---|---|
"""


def as_markdown(found: list[LawEntry]) -> str:
    """The table of docs/law.md."""
    rows = [
        f"| {one.file} | `{one.id}` | {one.value} | {'; '.join(one.authority)} | {one.verified} | {one.confidence} |"
        for one in found
    ]
    return MARKDOWN_HEAD + "\n".join(rows) + "\n"


def without_citation(found: list[LawEntry]) -> list[LawEntry]:
    """The rules that lack a citation, a verified date or a confidence."""
    return [entry for entry in found if not entry.authority or not entry.verified or not entry.confidence]


def run(check: bool, as_json: bool, markdown: bool = False) -> int:
    """The whole command. With `check`: exit code 1 when a rule lacks a citation, and only those are listed."""
    found = list(entries())
    if markdown:
        print(as_markdown(found), end="")
        return 0
    listed = without_citation(found) if check else found
    for entry in listed:
        print(json.dumps(as_plain(entry), ensure_ascii=False) if as_json else as_line(entry))
    if check:
        print(f"{len(found)} rules, {len(listed)} without a citation", file=sys.stderr)
    return 1 if check and listed else 0
