"""Links to the papers of a conversation: signed, for a time (itsdangerous), and the public number of a case."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

import settings
from records.sealing import derived_key

SALT = "paper-link"
CASE_ID = "imr-triage/case-id/1"
CASE_ID_BYTES = 10  # 80 bits: 16 characters of base 32, nobody finds another's by trying


class BadLink(ValueError):
    """A link that was not made by us, was changed, or is too old."""


def mint(sender_id: str, *, now: datetime | None = None, current: settings.Settings | None = None) -> str:
    """The token of a link to the papers of a conversation, good for IMR_LINK_HOURS from `now`."""
    moment = int((now or datetime.now(UTC)).timestamp())
    return _signer(current).dumps([sender_id, moment])


def read(token: str, *, now: datetime | None = None, current: settings.Settings | None = None) -> str:
    """The conversation that a token was made for. Raises BadLink."""
    current = current or settings.settings()
    try:
        sender_id, made = _signer(current).loads(token)
    except (BadData, ValueError, TypeError):
        raise BadLink("not a link of ours") from None
    age = (now or datetime.now(UTC)) - datetime.fromtimestamp(made, UTC)
    if age > timedelta(hours=current.link_hours):
        raise BadLink("the link is too old")
    return str(sender_id)


def path(token: str, name: str) -> str:
    """The address of one paper on the web app, from the token and the paper's kind."""
    return f"/papers/{token}/{name}"


def case_id(sender_id: str, *, current: settings.Settings | None = None) -> str:
    """The number that a case is known by outside: always the same, and it tells nothing of the sender id."""
    digest = hmac.new(derived_key(CASE_ID, current), sender_id.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:CASE_ID_BYTES]).decode("ascii").lower()


def _signer(current: settings.Settings | None) -> Any:
    return URLSafeSerializer(settings.signing_key(current), salt=SALT)
