"""Links to the papers of a conversation: sealed, for a time, and the public number of a case.

A link lies in the history of a browser and is passed on, so nothing can be read from it but when it was made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken

import settings
from records.sealing import derived_key, sealer

LINK = "imr-triage/paper-link/1"
TOKEN = re.compile(r"[A-Za-z0-9_-]+")
CASE_ID = "imr-triage/case-id/1"
CASE_NUMBER = re.compile(r"[a-z2-7]{16}")
CASE_ID_BYTES = 10  # 80 bits: 16 characters of base 32, nobody finds another's by trying


class BadLink(ValueError):
    """A link that was not made by us, was changed, or is too old."""


def mint(sender_id: str, *, now: datetime | None = None, current: settings.Settings | None = None) -> str:
    """The token of a link to the papers of a conversation, good for IMR_LINK_HOURS from `now`; never twice the
    same. About 140 characters of A to Z, a to z, 0 to 9, - and _."""
    moment = int((now or datetime.now(UTC)).timestamp())
    return sealer(LINK, current).encrypt_at_time(sender_id.encode(), moment).decode("ascii").rstrip("=")


class Opened(NamedTuple):
    """What a token stands for: the conversation, and the moment at which the token was made, to the second."""

    sender_id: str
    made_at: datetime


def opened(token: str, *, now: datetime | None = None, current: settings.Settings | None = None) -> Opened:
    """What a token was made for. Raises BadLink."""
    current = current or settings.settings()
    seal = sealer(LINK, current)
    sealed = _padded(token)
    try:
        sender_id, made = seal.decrypt(sealed).decode(), seal.extract_timestamp(sealed)
    except InvalidToken:
        raise BadLink("not a link of ours") from None
    made_at = datetime.fromtimestamp(made, UTC)
    if (now or datetime.now(UTC)) - made_at > timedelta(hours=current.link_hours):
        raise BadLink("the link is too old")
    return Opened(sender_id, made_at)


def read(token: str, *, now: datetime | None = None, current: settings.Settings | None = None) -> str:
    """The conversation that a token was made for. Raises BadLink."""
    return opened(token, now=now, current=current).sender_id


def _padded(token: str) -> str:
    """The token as it was sealed: a sign like = would not survive in every address. (What is no such sign is
    refused here, because the library skips it.)"""
    if not TOKEN.fullmatch(token):
        raise BadLink("not a link of ours")
    return token + "=" * (-len(token) % 4)


def path(token: str, name: str) -> str:
    """The address of one paper on the web app, from the token and the paper's kind."""
    return f"/papers/{token}/{name}"


def case_id(sender_id: str, *, current: settings.Settings | None = None) -> str:
    """The number that a case is known by outside: always the same, and it tells nothing of the sender id."""
    digest = hmac.new(derived_key(CASE_ID, current), sender_id.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:CASE_ID_BYTES]).decode("ascii").lower()
