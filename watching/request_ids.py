"""The number of the request that is being served, in every process that it passes through.

nginx or the web app gives it, the header X-Request-Id carries it to Rasa, and every line of a log that is written
meanwhile has it. It tells nothing of the person or of their conversation.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = "x-request-id"
GIVEN = re.compile(r"[0-9a-f]{16,64}")
current: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin(given: str | None) -> str:
    """Take over the number that a request brings, or make one; it stays until the request ends."""
    number = given if given and GIVEN.fullmatch(given) else secrets.token_hex(16)
    current.set(number)
    return number
