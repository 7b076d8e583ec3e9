"""The log of an action server that runs as a process of its own (`server_logging.yml`)."""

from __future__ import annotations

from settings import settings
from watching.logs import PrivateFormatter


def formatter() -> PrivateFormatter:
    """The private formatter, in the form that is set for every process."""
    return PrivateFormatter(as_json=settings().log_format == "json")
