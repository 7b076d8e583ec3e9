"""Twilio's signature, worked out from its description alone (Twilio, "Webhooks security"): HMAC-SHA1 with the
account's token of the address followed by each field's name and value in the order of the names, in base 64."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping


def signature(token: str, address: str, fields: Mapping[str, str]) -> str:
    """What stands in the header X-Twilio-Signature."""
    signed = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode("ascii")
