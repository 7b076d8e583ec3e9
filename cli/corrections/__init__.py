"""`./imr corrections export`: what staff corrected and a second person approved, as a change for somebody to commit.

Nothing is trained, and no file of the project is touched: the change is a patch for `git apply`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import settings
from cli.corrections.change import change_from
from records import corrections, schema
from records.staff import COMMAND_LINE


def export(target: Path) -> int:
    """Write the patch. Returns the exit code: 0, also when nothing was approved; 1 when the file is there already."""
    current = settings.settings()
    schema.upgrade(current.database_url)
    if target.exists():
        print(f"{target} is there already; name another file with -o.", file=sys.stderr)
        return 1
    approved = corrections.approved(url=current.database_url)
    if not approved:
        print("No correction is approved and not handed out yet.")
        return 0
    change = change_from(approved, settings.ROOT)
    for number, why in change.left_out:
        print(f"Correction {number} is left out: {why}.", file=sys.stderr)
    if change.patch:
        target.touch(mode=0o600)  # it holds what people wrote
        target.write_text(change.patch, encoding="utf-8")
        corrections.exported(change.taken, by=COMMAND_LINE, url=current.database_url)
        print(f"{len(change.taken)} corrections in {target}. Read it, then: git apply {target} && ./imr test")
    return 0
