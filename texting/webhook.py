"""What Twilio posts to us: whether it is Twilio's, and the message in it.

Twilio signs the address that it was told to post to, with every field of the form (Twilio, "Webhooks security"). The
address is made from IMR_PUBLIC_URL, never from what a request says of itself. Library: twilio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from settings import Settings
from texting.phones import as_e164

E164 = re.compile(r"\+[1-9]\d{6,14}")  # "whatsapp:+1..." is another network
MESSAGES = "/webhooks/sms/webhook"
STATUS = "/webhooks/sms/status"


class Form(dict[str, str]):
    """The fields of a form; of a field that comes several times `getlist` gives every value."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def getlist(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self._pairs if key == name]


class Incoming(NamedTuple):
    """One message: Twilio's id of it, the phone number that it is from (E.164), its words, how many pictures,
    and "STOP", "START" or "HELP" when Twilio has seen that in it and answered it (Advanced Opt-Out)."""

    sid: str
    phone: str
    words: str
    pictures: int
    opted: str = ""


class StatusChange(NamedTuple):
    """What became of a message of ours: Twilio's id of it, a word such as "delivered", and the error if any."""

    sid: str
    status: str
    error: int | None


def read_form(body: bytes) -> Form:
    """The fields of a body, blank ones too."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True)
    except ValueError:  # not UTF-8, or more fields than any form has
        pairs = []
    return Form(pairs)


def is_signed(form: Form, path: str, headers: Mapping[str, str], current: Settings) -> bool:
    """Whether Twilio signed this form for this path of ours; never when text messages are not set up."""
    signature = headers.get(SIGNATURE_HEADER.lower())
    if not signature or current.twilio_auth_token is None or not current.public_url:
        return False
    validator = RequestValidator(current.twilio_auth_token.get_secret_value())
    return bool(validator.validate(current.public_url + path, form, signature))


def read_message(form: Form) -> Incoming | None:
    """The message in a form; None when it is not from a phone number (a short code, another network)."""
    phone = as_e164(form.get("From", "")) if E164.fullmatch(form.get("From", "")) else None
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid")
    if phone is None or not sid:
        return None
    return Incoming(
        sid, phone, form.get("Body", ""), _whole_number(form.get("NumMedia")) or 0, form.get("OptOutType", "")
    )


def read_status(form: Form) -> StatusChange | None:
    """What became of a message of ours."""
    sid, status = form.get("MessageSid"), form.get("MessageStatus")
    if not sid or not status:
        return None
    return StatusChange(sid, status[:16], _whole_number(form.get("ErrorCode")))


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
