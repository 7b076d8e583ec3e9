"""Words that must never lie open, in the database or in a link: sealed with a key made from the signing key.

Each use has a key of its own (HKDF, RFC 5869, with the use as its label), so that what is learned of one tells
nothing of the others. Library: cryptography (Fernet).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import settings

CONTACT = "imr-triage/contact/1"
KEY_BYTES = 32


class SealError(ValueError):
    """Sealed words cannot be opened: the signing key is another one now, or they were changed."""


def derived_key(label: str, current: settings.Settings | None = None) -> bytes:
    """32 bytes that belong to one use of the signing key."""
    return _derived(settings.signing_key(current), label)


@lru_cache(maxsize=64)
def _derived(key: str, label: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(key.encode())


def seal(text: str, label: str = CONTACT) -> str:
    """The text so that only a process with the signing key can read it; never twice the same."""
    return sealer(label).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, label: str = CONTACT) -> str:
    """The text that was sealed for the same use. Raises SealError when it was not sealed with our key."""
    try:
        return sealer(label).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError("What was sealed cannot be opened: was IMR_SECRET_KEY changed?") from None


def fingerprint(text: str, label: str, current: settings.Settings | None = None) -> str:
    """32 hexadecimal digits that stand for a text: always the same, and without the key they tell nothing of it."""
    return hmac.new(derived_key(label, current), text.encode(), hashlib.sha256).hexdigest()[:32]


def sealer(label: str, current: settings.Settings | None = None) -> Fernet:
    """What seals and opens for one use of the signing key. A sealed text names its moment, and nothing else."""
    return Fernet(base64.urlsafe_b64encode(derived_key(label, current)))
