"""A request as a channel sees it, without a server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from sanic.compat import Header
from sanic.request import Request


def asked(ip: str = "127.0.0.1", **headers: str) -> Request:
    """A request from an address with some headers, their names with _ for -."""
    given: Any = SimpleNamespace(
        ip=ip, headers=Header({name.replace("_", "-"): text for name, text in headers.items()})
    )
    return cast(Request, given)
