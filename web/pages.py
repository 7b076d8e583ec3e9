"""The pages, from templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from web.wording import texts

HERE = Path(__file__).parent
TEMPLATES = Jinja2Templates(directory=HERE / "templates")
LANGUAGE = "en"
CHAT_TEXTS = (
    "assistant", "you", "choices", "again", "anew", "welcome_back", "no_answer", "offline", "ended",
    "short_numbers", "papers",
)  # fmt: skip


async def chat(request: Request) -> Response:
    """The page with the conversation."""
    words = texts(LANGUAGE)["page"]
    return page(request, "chat.html", chat={key: words[key] for key in CHAT_TEXTS})


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """One page; browsers are told not to keep it."""
    words = {"language": LANGUAGE, "words": texts(LANGUAGE)["page"]}
    return TEMPLATES.TemplateResponse(
        request, template, words | values, status, headers={"Cache-Control": "no-store"}
    )
