"""Session tokens at this door: a header that stands for no conversation is refused with 401."""

from __future__ import annotations

import hmac
import secrets

from channels.refusal import RefusedError
from records.tokens import SessionTokens, TokenError


class Tokens(SessionTokens):
    """Session tokens whose problems are answers of the channel."""

    def read(self, header: str | None) -> str:
        """The conversation that an Authorization header stands for. Raises RefusedError (401)."""
        try:
            return super().read(header)
        except TokenError as error:
            raise RefusedError(error.code) from None


def new_sender_id(channel: str, key: str, number: str | None) -> str:
    """A conversation id that cannot be guessed (128 bits): random, or made of the client's own random number for the
    conversation, so that asking twice for it opens one."""
    if number is None:
        return f"{channel}-{secrets.token_hex(16)}"
    return f"{channel}-{hmac.new(key.encode(), f'{channel} {number}'.encode(), 'sha256').hexdigest()[:32]}"
