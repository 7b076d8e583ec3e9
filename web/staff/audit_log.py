"""`/staff/log`: who did what, the newest first; and whether the chain holds."""

from __future__ import annotations

from starlette.responses import Response

from records import audit
from web.staff.rendering import show
from web.staff.visit import Visit

LINES = 100


def show_log(visit: Visit) -> Response:
    """`GET /staff/log`."""
    subject, actor = visit.asked("subject"), visit.asked("actor")
    lines = audit.lines(LINES + 1, before=visit.asked_number("before"), subject=subject, actor=actor, url=visit.url)
    more = lines[LINES - 1].id if len(lines) > LINES else None
    checked = audit.verify(url=visit.url) if visit.asked("verify") else None
    return show(visit, "log", lines=lines[:LINES], more=more, subject=subject, actor=actor, checked=checked)
