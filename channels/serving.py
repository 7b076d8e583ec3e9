"""What `python -m channels.server` does: load the assistant, then serve our channels, and nothing else of Rasa's.

In place of `rasa run`, which brings a root page, CORS, its own logs and a tracker store that falls back to
memory; loading less also starts sooner. Everything is loaded before the port opens.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import yaml
from rasa.core.channels.channel import InputChannel, register
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

import settings
from channels.agent import StrictAgent, load_agent
from channels.lean import needs_training
from nlu.model_file import ModelFileError, verify
from watching import metrics

KEEP_ALIVE_SECONDS = 30  # longer than the web app keeps its connections, so that none closes under a request
NEEDS_TRAINING = "a component of config.yml needs what serving leaves out: see channels/lean.py"
log = logging.getLogger(__name__)


def serve(arguments: list[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit code: 1 when the assistant cannot be loaded."""
    given = _parser().parse_args(arguments)
    current = settings.settings()
    try:
        verify(Path(given.model))
        agent = load_agent(given.model, given.endpoints)
        app = make_app(agent, given.credentials)
    except ModelFileError as error:
        log.critical("%s", error)
        return 1
    except Exception as error:
        log.critical(NEEDS_TRAINING if needs_training(error) else "the assistant cannot be loaded", exc_info=error)
        return 1
    app.run(host=settings.LOOPBACK, port=current.rasa_port, access_log=False, workers=1)
    return 0


def make_app(agent: StrictAgent, credentials: str | Path) -> Sanic:
    """The app with the channels of credentials.yml, and nothing else of Rasa's."""
    app = Sanic("imr_rasa", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    app.config.REQUEST_MAX_SIZE = 4 * settings.settings().body_limit
    app.ctx.agent = agent
    register(_channels(credentials), app, route="/webhooks/")
    app.add_route(_tell_counts, "/metrics", name="metrics")
    return app


async def _tell_counts(_: Request) -> HTTPResponse:
    """What this process counted; the web app hands it on to whom it knows."""
    return raw(metrics.shown(), content_type=metrics.CONTENT_TYPE)


def _channels(credentials: str | Path) -> list[InputChannel]:
    named = yaml.safe_load(Path(credentials).read_text(encoding="utf-8")) or {}
    return [class_from_module_path(name).from_credentials(values) for name, values in named.items()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="channels.server")
    parser.add_argument("--model", required=True, help="the trained model")
    parser.add_argument("--endpoints", default=str(settings.ROOT / "endpoints.yml"))
    parser.add_argument("--credentials", default=str(settings.ROOT / "credentials.yml"))
    return parser
