"""The web app: `create_app(settings)` is the ASGI application that uvicorn serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import settings
from texting.door import Door
from texting.rounds import sending_and_reminding
from texting.webhook import MESSAGES, STATUS
from web.doorkeeper import Doorkeeper
from web.errors import known_error, unknown_error
from web.health import healthz, readyz
from web.keeping import keeping
from web.notices.rounds import telling
from web.pages import HERE, accessibility, home, privacy
from web.papers import Papers, serve_paper, show_papers
from web.plain import show_plain, take_plain
from web.proxy import METHODS, forward, rasa_client
from web.staff.routes import staff_routes
from web.text_messages import take_message, take_status
from web.watched import tell_counts
from web.widget.serving import serve_launcher, serve_part


def create_app(current: settings.Settings | None = None, papers: Papers | None = None) -> Starlette:
    """The app with the given settings (those of the environment when none are given), and with the room that
    makes papers; without one, there is no paper at any address."""
    chosen = current or settings.settings()
    app = Starlette(
        routes=[
            Route("/", home),
            Route("/privacy", privacy),
            Route("/accessibility", accessibility),
            Route("/chat", show_plain, methods=["GET"]),
            Route("/chat", take_plain, methods=["POST"]),
            Route("/widget.js", serve_launcher),
            Route("/widget/{version}/{name}", serve_part),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", tell_counts),
            Route("/papers/{token}/{name}", serve_paper),
            Route("/p/{code}", show_papers),
            Route("/webhooks/web/{name}", forward, methods=METHODS),
            Route(MESSAGES, take_message, methods=["POST"]),
            Route(STATUS, take_status, methods=["POST"]),
            *staff_routes(),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Doorkeeper, is_https=(chosen.public_url or "").startswith("https://"))],
        exception_handlers={HTTPException: known_error, Exception: unknown_error},
        lifespan=_connected,
    )
    app.router.redirect_slashes = False  # an address is right or it is not; nothing is passed on elsewhere
    app.state.settings = chosen
    app.state.papers = papers
    app.state.door = Door(app.state.settings)
    return app


@asynccontextmanager
async def _connected(app: Starlette) -> AsyncIterator[None]:
    """Keep the connections to Rasa open, tell staff of requests, and send text messages, as long as the app lives."""
    current = app.state.settings
    async with (
        rasa_client(current) as app.state.rasa,
        telling(current),
        sending_and_reminding(current),
        keeping(current),
    ):
        yield
