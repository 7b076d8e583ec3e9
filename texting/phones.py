"""Phone numbers (libphonenumber)."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HERE = "US"


def as_e164(text: str) -> str | None:
    """A phone number that somebody wrote as +14155550134; None when it is none that could exist."""
    try:
        number = phonenumbers.parse(text, HERE)
    except NumberParseException:
        return None
    is_number = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_number else None


def as_people_write_it(e164: str) -> str:
    """A number in E.164 as people here write it: (415) 555-0134."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.NATIONAL)


def may_be_texted(e164: str) -> bool:
    """Whether reminders may go to a number: those of the United States and its neighbours in the numbering plan
    that have a place in it."""
    number = phonenumbers.parse(e164)
    return number.country_code == 1 and phonenumbers.is_valid_number(number)
