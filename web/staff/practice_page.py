"""`/staff/practice`: what the practice says of itself to people; and how long what they wrote is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from records import forgetting, practice
from records.models import now
from records.practice import NAMES, PracticeError
from web.staff.rendering import go_to, show
from web.staff.visit import NotThere, Visit
from web.staff.wording import problem, texts

PRACTICE = "/staff/practice"


def show_practice(visit: Visit, status: int = 200, problem: str = "", purged: int | None = None) -> Response:
    """`GET /staff/practice`."""
    given = {**practice.set_in_console(url=visit.url), **visit.form}
    return show(
        visit,
        "practice",
        status,
        problem=problem,
        fields=[(name, given.get(name, ""), getattr(visit.current, name) or "") for name in NAMES],
        days=visit.current.retention_days,
        due=forgetting.due(_limit(visit), url=visit.url),
        purged=purged,
    )


def change_practice(visit: Visit) -> Response:
    """`POST /staff/practice`."""
    values = {name: visit.told(name) for name in NAMES if name in visit.form}
    try:
        practice.change(values, by=visit.me.name, url=visit.url)
    except PracticeError as error:
        field = texts()["practice"]["fields"][error.name]
        return show_practice(visit, 400, problem("bad_practice", field=field))
    return go_to(PRACTICE)


def purge(visit: Visit) -> Response:
    """`POST /staff/practice/purge`: what is due, now."""
    done = forgetting.purge(_limit(visit), by=visit.me.name, url=visit.url)
    return show_practice(visit, purged=done)


def find_case(visit: Visit) -> Response:
    """`POST /staff/practice/find`: the conversation with the case number of somebody's papers."""
    sender = forgetting.by_case_number(visit.told("case"), url=visit.url)
    number = forgetting.number_of(sender, url=visit.url) if sender else None
    if number is None:
        raise NotThere
    return go_to(f"/staff/conversations/{number}")


def _limit(visit: Visit) -> datetime:
    return now() - timedelta(days=visit.current.retention_days)
