"""Short addresses for text messages: twelve letters and digits that lead to the papers of a conversation for a time.

Only what stands for the code is kept, so that the database gives nobody a link.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

import settings
from records.engine import transaction
from records.links import BadLink, Opened
from records.models import now
from records.sealing import fingerprint
from records.text_models import ShortLink
from records.writing import gone

LABEL = "imr-triage/short-link/1"
# Without signs that are taken for one another (0 O, 1 l I), and without vowels, so that no word comes of it.
SIGNS = "23456789bcdfghjkmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ"
LENGTH = 12  # 47 ** 12 codes, 66 bits: nobody finds one by trying
CODE = re.compile(rf"[{SIGNS}]{{{LENGTH}}}")


def mint(sender_id: str, *, at: datetime | None = None, url: str | None = None) -> str:
    """A new code for the papers of a conversation, good for IMR_LINK_HOURS."""
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    with transaction(url) as session:
        session.add(ShortLink(code=fingerprint(code, LABEL), sender_id=sender_id, made_at=at or now()))
    return code


def opened(code: str, *, at: datetime | None = None, current: settings.Settings | None = None) -> Opened:
    """What a code was made for. Raises BadLink."""
    current = current or settings.settings()
    if not CODE.fullmatch(code):
        raise BadLink("not a link of ours")
    with transaction(current.database_url) as session:
        wanted = select(ShortLink).where(ShortLink.code == fingerprint(code, LABEL, current))
        row = session.scalars(wanted).first()
        if row is None:
            raise BadLink("not a link of ours")
        if (at or now()) - row.made_at > timedelta(hours=current.link_hours):
            raise BadLink("the link is too old")
        return Opened(row.sender_id, row.made_at)


def drop_old(moment: datetime, *, current: settings.Settings | None = None) -> int:
    """Erase the links that are too old. Returns how many."""
    current = current or settings.settings()
    too_old = ShortLink.made_at < moment - timedelta(hours=current.link_hours)
    with transaction(current.database_url) as session:
        return gone(session, ShortLink, too_old)


def path(code: str) -> str:
    """The address on the web app."""
    return f"/p/{code}"
