"""Phone numbers (libphonenumber)."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

HERE = "US"
OF_THE_UNITED_STATES = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})
MAYBE_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


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
    """Whether a code may go to a number that somebody names: one of the United States that may be mobile. A message
    to a toll or service number, or abroad, would cost us and profit somebody else."""
    number = phonenumbers.parse(e164)
    is_here = phonenumbers.region_code_for_number(number) in OF_THE_UNITED_STATES
    return is_here and phonenumbers.number_type(number) in MAYBE_MOBILE
