"""What a channel answers when it cannot do what was asked: a status, a code and a sentence."""

from __future__ import annotations

from typing import Any

from channels.wording import wording

STATUS = {
    "missing_token": 401,
    "bad_token": 401,
    "expired_token": 401,
    "too_large": 413,
    "bad_json": 400,
    "bad_message": 400,
    "bad_id": 400,
    "bad_number": 400,
    "unknown_choice": 400,
    "bad_origin": 403,
    "too_often": 429,
    "not_ready": 503,
    "failed": 503,
}


class RefusedError(Exception):
    """A request that is answered with an error; `code` is one of STATUS, `retry_after` the seconds to wait."""

    def __init__(self, code: str, *, retry_after: int | None = None, **values: Any) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.code = code
        self.status = STATUS[code]
        self.message = wording("errors", code, **values)

    def body(self) -> dict[str, dict[str, str]]:
        """The JSON that the client gets."""
        return {"error": {"code": self.code, "message": self.message}}

    def headers(self) -> dict[str, str]:
        """Headers that belong to the status (RFC 9110 sections 11.6.1 and 10.2.3)."""
        again = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return {"WWW-Authenticate": "Bearer"} if self.status == 401 else again
