"""Session tokens: the conversation's id, signed by us, so that nobody can claim another's (itsdangerous)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer

SALT = "web-session"
SCHEME = "bearer"
SECONDS_IN_HOUR = 3600
TokenProblem = Literal["missing_token", "bad_token", "expired_token"]


class TokenError(Exception):
    """A header that stands for no conversation; `code` says why."""

    def __init__(self, code: TokenProblem) -> None:
        super().__init__(code)
        self.code: TokenProblem = code


class SessionTokens:
    """Mints and reads tokens with one key; a token is good for `hours`."""

    def __init__(self, key: str, hours: int) -> None:
        self._signer = URLSafeTimedSerializer(key, salt=SALT)
        self._max_age_seconds = hours * SECONDS_IN_HOUR

    def mint(self, sender_id: str) -> str:
        """A token for the conversation."""
        return self._signer.dumps(sender_id)

    def read(self, header: str | None) -> str:
        """The conversation that an Authorization header stands for. Raises TokenError."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise TokenError("missing_token")
        return self._sender(token.strip())

    def _sender(self, token: str) -> str:
        """A token whose moment is still to come is good: the clock of the machine that signed it may be ahead."""
        try:
            sender_id, signed_at = self._signer.loads(token, return_timestamp=True)
        except BadSignature:
            raise TokenError("bad_token") from None
        if (datetime.now(UTC) - signed_at).total_seconds() > self._max_age_seconds:
            raise TokenError("expired_token")
        return str(sender_id)
