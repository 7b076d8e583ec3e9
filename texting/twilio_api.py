"""Twilio's REST API: hand a message over, and ask whether it was taken (Twilio, "Messages resource").

Twilio takes no id of ours, so a message whose handing over was not confirmed may be there or not.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from records.texters import Envelope
from records.texts_out import sent_mark
from settings import LOOPBACK, Settings
from texting.webhook import STATUS

SECONDS = 10
CONNECT_SECONDS = 4
PAGE = 50
# Twilio's clock and ours, and whole seconds.
SLACK = timedelta(seconds=30)
STOPPED_THERE = 21610  # the person said STOP to Twilio itself
# Errors of our own set-up: a message that is refused for one is sent when it was mended (Twilio, "Error dictionary").
OURS_TO_MEND = frozenset({20003, 20005, 20404, 21212, 21603, 21606, 21659, 21660, 21703, 21705})
MENDING = timedelta(minutes=5)


class NotTakenError(Exception):
    """Twilio surely does not have the message; `after` is how long it asks to wait. `code` is Twilio's error."""

    def __init__(self, after: timedelta | None = None, code: int | None = None) -> None:
        super().__init__(code)
        self.after = after
        self.code = code


class NeverError(Exception):
    """Twilio will never take the message; `code` is its error."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class UnsureError(Exception):
    """Twilio may have the message or not."""


class MessagesApi:
    """The account that messages go out from."""

    def __init__(self, current: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        token = current.twilio_auth_token
        assert current.twilio_account_sid is not None
        assert token is not None
        self._current = current
        self._path = f"/2010-04-01/Accounts/{current.twilio_account_sid}/Messages.json"
        self._http = httpx.AsyncClient(
            base_url=current.twilio_api_url,
            auth=(current.twilio_account_sid, token.get_secret_value()),
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
            trust_env=LOOPBACK not in current.twilio_api_url,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, envelope: Envelope) -> str:
        """Hand a message over. Returns Twilio's id of it. Raises NotTakenError, NeverError, UnsureError."""
        sender = self._current.twilio_from or ""
        who = "MessagingServiceSid" if sender.startswith("MG") else "From"
        form = {"To": envelope.phone, who: sender, "Body": envelope.words}
        form["StatusCallback"] = f"{self._current.public_url}{STATUS}"
        try:
            answer = await self._http.post(self._path, data=form)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NotTakenError from None
        except httpx.HTTPError:
            raise UnsureError from None
        if answer.is_success:
            return _sid(answer)
        raise _problem(answer)

    async def find(self, envelope: Envelope, since: datetime, known: Collection[str]) -> str | None:
        """The id of a message that Twilio took at `since` or later and that is not among the `known` ones; None
        when it has none. Raises UnsureError when it cannot be asked."""
        try:
            answer = await self._http.get(self._path, params={"To": envelope.phone, "PageSize": PAGE})
            messages = answer.raise_for_status().json()["messages"]
        except (httpx.HTTPError, ValueError, KeyError):
            raise UnsureError from None
        return next((one["sid"] for one in reversed(messages) if _is_it(one, envelope, since, known)), None)


def _is_it(one: dict[str, Any], envelope: Envelope, since: datetime, known: Collection[str]) -> bool:
    made = parsedate_to_datetime(one["date_created"])
    is_the_text = str(one.get("body", "")).strip() == envelope.words.strip()
    return is_the_text and made >= since - SLACK and sent_mark(one["sid"]) not in known


def _sid(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["sid"])
    except (ValueError, KeyError):
        raise UnsureError from None


def _problem(answer: httpx.Response) -> Exception:
    code = None
    with suppress(ValueError, AttributeError):
        code = answer.json().get("code")
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return NotTakenError(_asked_to_wait(answer), code)
    if answer.is_server_error:
        return UnsureError()
    is_final = answer.status_code == httpx.codes.BAD_REQUEST and isinstance(code, int) and code not in OURS_TO_MEND
    return NeverError(code) if is_final else NotTakenError(MENDING, code or answer.status_code)


def _asked_to_wait(answer: httpx.Response) -> timedelta | None:
    seconds = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(seconds), 3600)) if seconds.isdigit() else None
