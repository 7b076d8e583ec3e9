"""The pages of the site, from templates: the start page, privacy, accessibility, and the page of an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from records.practice import practice as said_by_practice
from settings import Settings
from web.linking import blocks, linked
from web.wording import filled

HERE = Path(__file__).parent
TEMPLATES = Jinja2Templates(directory=HERE / "templates")
TEMPLATES.env.filters.update(linked=linked, blocks=blocks)
LANGUAGE = "en"


def text_page(section: str, template: str) -> Callable[[Request], Awaitable[Response]]:
    """The page of a section of the texts."""

    async def show(request: Request) -> Response:
        return page(request, template, section)

    return show


home = text_page("home", "home.html")
privacy = text_page("privacy", "statement.html")
accessibility = text_page("accessibility", "statement.html")


def page(request: Request, template: str, section: str, status: int = 200, **values: Any) -> Response:
    """One page; browsers are told not to keep it."""
    told = {
        "language": LANGUAGE,
        "site": filled("site", LANGUAGE),
        "words": filled(section, LANGUAGE),
        "practice": practice(request.app.state.settings),
        "retention_days": request.app.state.settings.retention_days,
    }
    return TEMPLATES.TemplateResponse(request, template, told | values, status, headers={"Cache-Control": "no-store"})


def practice(current: Settings) -> dict[str, str]:
    """What the practice says of itself, as far as it does."""
    told = {name.removeprefix("practice_"): value for name, value in said_by_practice(current)._asdict().items()}
    return {name: value for name, value in told.items() if value}
