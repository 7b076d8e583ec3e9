"""Passwords of staff: argon2id (RFC 9106), only some hashed in the same moment, because each takes 64 MiB."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 12
LONGEST = 200
MOST_AT_ONCE = 2
_at_once = threading.BoundedSemaphore(MOST_AT_ONCE)


def is_good(password: str) -> bool:
    """Whether it may be somebody's password: long enough, and not all the same few characters."""
    return SHORTEST <= len(password) <= LONGEST and len(set(password)) >= SHORTEST // 2


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password that was kept. Without one it takes the same time, and is nobody's."""
    try:
        with _at_once:
            return _hasher().verify(kept or _nobodys(), _normal(password[:LONGEST]))
    except (VerifyMismatchError, InvalidHashError):
        return False


def renewed(kept: str, password: str) -> str:
    """What is kept from now on: a hash of older parameters is made anew while the password is at hand."""
    return hashed(password) if _hasher().check_needs_rehash(kept) else kept


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's parameters, which are those of RFC 9106 section 4 for little memory."""
    return PasswordHasher()


def _normal(password: str) -> str:
    """The same characters, whatever keyboard they come from (RFC 8265 section 4.2: NFC)."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe(12))
