"""People who text, the account that they text with, and what they are owed. All of it is made up."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlencode

import sqlalchemy as sa

from records import texters
from records.engine import engine
from records.texters import Envelope
from sandbox.signing import signature
from texting.webhook import MESSAGES

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = {
    "TWILIO_ACCOUNT_SID": "AC" + "a1" * 16,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": "+14155550100",
    "PUBLIC_URL": "https://texts.example.org",
}
PUBLIC = ACCOUNT["PUBLIC_URL"]
ROSA = "+14155550134"
WALTER = "+15305550171"
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)  # in California


def form(words: str, phone: str = ROSA, number: str = "", **more: str) -> dict[str, str]:
    """What Twilio posts for a message."""
    sid = number or f"SM{secrets.token_hex(16)}"
    return {"MessageSid": sid, "From": phone, "To": ACCOUNT["TWILIO_FROM"], "Body": words, "NumMedia": "0", **more}


def posted(fields: dict[str, str], path: str = MESSAGES, token: str = TOKEN) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a form as Twilio posts it."""
    return urlencode(fields).encode(), {"x-twilio-signature": signature(token, PUBLIC + path, fields)}


def owed(phone: str = ROSA) -> list[str]:
    """The words that are owed to a phone, in order."""
    query = sa.text("select sealed from texts_out where texter_id = :who and state in ('owed', 'trying') order by id")
    with closing(engine().connect()) as connection:
        found = connection.execute(query, {"who": texters.texter_id(phone)}).scalars().all()
    return [Envelope.opened(sealed).words for sealed in found]


def states(table: str = "texts_in") -> list[str]:
    """The states of all messages, in order."""
    with closing(engine().connect()) as connection:
        return list(connection.execute(sa.text(f"select state from {table} order by id")).scalars())
