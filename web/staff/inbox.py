"""`/staff/inbox`: the conversations, filtered, searched, sorted; and the views that staff keep of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from records import forgetting, inbox, links, staff, views
from records.inbox import ORDERS, STATUSES, Key, Wanted
from records.models import FLAGS
from web.staff.rendering import go_to, show
from web.staff.visit import BadField, Visit, as_number, one_of, without_nul
from web.staff.wording import problem

LINES = 50
# Who was in danger may have no date, and would stand last.
IN_DANGER = Wanted(status="new", flag="crisis")
INBOX = "/staff/inbox"
FIELDS = ("status", "route", "channel", "language", "flag", "assigned", "q", "order")
CHANNELS = ("web", "sms")
LANGUAGES = ("en", "es")
LONGEST_SEARCH = 200
MOST_FIELDS = 20


def show_inbox(visit: Visit) -> Response:
    """`GET /staff/inbox`."""
    given = {name: without_nul(value) for name, value in visit.request.query_params.items()}
    wanted = wanted_of(given)
    number = _of_case(wanted.words, visit.url)
    if number is not None:
        return go_to(f"/staff/conversations/{number}")
    page = inbox.page(wanted, LINES, url=visit.url)
    chosen = query_of(given)
    return show(
        visit,
        "inbox",
        lines=page.lines,
        count=inbox.count(wanted, url=visit.url),
        most=inbox.MOST_COUNTED,
        next=urlencode({**chosen, "after": _written(page.next)}) if page.next else "",
        is_first=wanted.after is None,
        chosen=chosen,
        query=urlencode(chosen),
        routes=inbox.routes(url=visit.url),
        members={one.id: one.name for one in staff.members(url=visit.url)},
        views=views.of(visit.me.id, url=visit.url),
        statuses=STATUSES,
        orders=ORDERS,
        flags=FLAGS,
        channels=CHANNELS,
        languages=LANGUAGES,
        in_danger=inbox.count(IN_DANGER, url=visit.url),
        problem=problem("bad_view") if visit.asked("view") == "bad" else "",
    )


def _of_case(words: str, url: str) -> int | None:
    """The conversation whose papers have what was searched for as their case number."""
    sender = forgetting.by_case_number(words, url=url) if links.CASE_NUMBER.fullmatch(words.lower()) else None
    return forgetting.number_of(sender, url=url) if sender else None


def save_view(visit: Visit) -> Response:
    """`POST /staff/views`: the choice that is shown, under a name."""
    query = urlencode(query_of(_fields_of(visit.told("query"))))
    is_kept = views.save(visit.me.id, visit.told("name"), query, url=visit.url)
    return go_to(f"{INBOX}?{query}" if is_kept else f"{INBOX}?view=bad")


def drop_view(visit: Visit) -> Response:
    """`POST /staff/views/{id}/drop`."""
    views.drop(visit.me.id, visit.number(), url=visit.url)
    return go_to(INBOX)


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """Which conversations an address asks for. Raises BadField."""
    order = one_of("order", given.get("order", ""), ORDERS) or "date"
    words = given.get("q", "").strip()
    if len(words) > LONGEST_SEARCH:
        raise BadField("q", f"≤ {LONGEST_SEARCH}")
    return Wanted(
        status=one_of("status", given.get("status", ""), STATUSES) or None,  # type: ignore[arg-type]
        route=given.get("route", "").strip()[:64] or None,
        channel=one_of("channel", given.get("channel", ""), CHANNELS) or None,
        language=one_of("language", given.get("language", ""), LANGUAGES) or None,
        flag=one_of("flag", given.get("flag", ""), FLAGS) or None,
        assigned_to=as_number("assigned", given.get("assigned", "")),
        words=words,
        order=order,  # type: ignore[arg-type]
        after=_key(given.get("after", ""), order),
    )


def query_of(given: Mapping[str, str]) -> dict[str, str]:
    """What of an address chooses conversations, without the place in the list."""
    return {name: value for name in FIELDS if (value := given.get(name, "").strip())}


def _fields_of(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadField("query", f"≤ {MOST_FIELDS}") from None


def _written(key: Key) -> str:
    """A key as an address has it: "2026-12-01_17", or "_17" for a case without a date."""
    value: Any = key.value
    if isinstance(value, datetime):
        return f"{value.timestamp():.6f}_{key.id}"
    return f"{value.isoformat() if value else ''}_{key.id}"


def _key(text: str, order: str) -> Key | None:
    if not text:
        return None
    value, _, number = text.rpartition("_")
    try:
        at = as_number("after", number)
        if at is None:
            raise ValueError
        if order == "newest":
            return Key(datetime.fromtimestamp(float(value), UTC), at)
        return Key(date.fromisoformat(value) if value else None, at)
    except (ValueError, OverflowError, OSError):
        raise BadField("after", "2026-12-01_17") from None
