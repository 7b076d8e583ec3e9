"""Session tokens: the conversation's id, signed by us, so that nobody can claim another's (itsdangerous)."""

from __future__ import annotations

import secrets

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from channels.refusal import RefusedError

SALT = "web-session"
SCHEME = "bearer"
SECONDS_IN_HOUR = 3600


class Tokens:
    """Mints and reads tokens with one key; a token is good for `hours`."""

    def __init__(self, key: str, hours: int) -> None:
        self._signer = URLSafeTimedSerializer(key, salt=SALT)
        self._max_age_seconds = hours * SECONDS_IN_HOUR

    def mint(self, sender_id: str) -> str:
        """A token for the conversation."""
        return self._signer.dumps(sender_id)

    def read(self, header: str | None) -> str:
        """The conversation that an Authorization header stands for. Raises RefusedError (401)."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise RefusedError("missing_token")
        return self._sender(token.strip())

    def _sender(self, token: str) -> str:
        try:
            return str(self._signer.loads(token, max_age=self._max_age_seconds))
        except SignatureExpired:
            raise RefusedError("expired_token") from None
        except BadSignature:
            raise RefusedError("bad_token") from None


def new_sender_id(channel: str) -> str:
    """A conversation id that cannot be guessed (128 random bits)."""
    return f"{channel}-{secrets.token_hex(16)}"
