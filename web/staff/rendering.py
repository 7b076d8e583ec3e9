"""Pages of the console from their templates, with what every one of them shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from imr_logic.language import days_left, say_day
from imr_logic.language import words as law_words
from imr_logic.language.saying import say_value
from records.practice import practice
from settings import CALIFORNIA
from web.pages import TEMPLATES
from web.staff.visit import Visit
from web.staff.wording import LANGUAGE, texts

# A form posted from a page without a referrer carries no origin, and the gate could not tell where it is from.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


def show(visit: Visit, name: str, status: int = 200, **values: Any) -> Response:
    """A page of somebody who is signed in. `name` is that of its template and of its words."""
    return render(visit.request, name, status, me=visit.me, today=visit.today, **values)


def render(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """A page of the console."""
    said = texts()
    told = {
        "language": LANGUAGE,
        "said": said,
        "words": said.get(name, {}),
        "practice_name": practice(request.app.state.settings).practice_name,
        "me": None,
        "here": name,
        "problem": "",
    }
    return TEMPLATES.TemplateResponse(request, f"staff/{name}.html", told | values, status, headers=HEADERS)


def go_to(path: str, **query: Any) -> Response:
    """After something was done: a page that can be loaded again without doing it again."""
    response = RedirectResponse(path, 303)
    response.headers.update(HEADERS)
    return response


def day(value: date | None) -> str:
    """A day as people write it."""
    return say_day(value) if value else ""


def moment(value: datetime | None) -> str:
    """A moment in California, to the minute."""
    return value.astimezone(CALIFORNIA).strftime("%Y-%m-%d %H:%M") if value else ""


def route_title(route: str | None) -> str:
    """What a route is called; its own name when it is one of an older version."""
    found: Mapping[str, Any] = law_words()["routes"]
    return str(found[str(route)]["title"]) if route in found else str(route or "")


def fact_words(fact: str, value: Any) -> str:
    """A fact's value in words, or as it is stored when there are none: it may be of an older version."""
    try:
        return say_value(fact, value) or plain(value)
    except Exception:  # whatever an older version kept is shown, not explained
        return plain(value)


def fact_name(fact: str) -> str:
    """What a fact is called in a sentence; its own name when it is one of an older version."""
    found: Mapping[str, str] = law_words()["facts"]
    return str(found.get(fact, fact))


def plain(value: Any) -> str:
    """A stored value as text: a span of days as its two ends."""
    match value:
        case None:
            return texts()["not_known"]
        case bool():
            return texts()["yes"] if value else texts()["no"]
        case {"earliest": first, "latest": last}:
            return str(first) if first == last else f"{first} … {last}"
        case list() | tuple():
            return ", ".join(plain(one) for one in value)
    return str(value)


TEMPLATES.env.filters.update(
    day=day,
    moment=moment,
    route_title=route_title,
    fact_name=fact_name,
    fact_words=fact_words,
    plain=plain,
    days_left=days_left,
)
