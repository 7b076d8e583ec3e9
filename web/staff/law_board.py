"""`/staff/law`: every rule with its value, citation and when it was last verified; what is old comes first."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from imr_logic.law import LawEntry, entries
from web.staff.rendering import show
from web.staff.visit import Visit

OLD_AFTER_DAYS = 180


def show_law(visit: Visit) -> Response:
    """`GET /staff/law`."""
    found = list(entries())
    file = visit.asked("file", sorted({one.file for one in found}))
    old = [one for one in found if is_old(one, visit.today)]
    shown = old if visit.asked("old") else found
    return show(
        visit,
        "law",
        rules=[(one, is_old(one, visit.today)) for one in shown if not file or one.file == file],
        files=sorted({one.file for one in found}),
        file=file,
        total=len(found),
        old=len(old),
        only_old=bool(visit.asked("old")),
        days=OLD_AFTER_DAYS,
    )


def is_old(entry: LawEntry, today: date) -> bool:
    """Whether a rule should be looked at again: never verified, or not for half a year."""
    return entry.verified is None or (today - entry.verified).days > OLD_AFTER_DAYS
