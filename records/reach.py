"""Ways to reach a person in a text: US phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from imr_logic import law

# Ten digits of the North American Numbering Plan: neither area code nor exchange begins with 0 or 1, and the
# exchange is not N11 (411, 911: services).
PHONE = re.compile(
    r"(?<![\w@.+-])(?:\+?1[\s.-]*)?\(?([2-9]\d\d)\)?[\s.\u2010-\u2015/-]*((?!\d11)[2-9]\d\d)[\s.\u2010-\u2015-]*(\d{4})"
    r"(?:,?\s*(?:x|ext\.?|extension)\s*(\d{1,6}))?(?![\w@]|[.-]\d)",
    re.IGNORECASE,
)
MAIL = re.compile(
    r"(?<![\w.+%-])[a-z0-9][\w.+%'-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w@-])",
    re.IGNORECASE | re.ASCII,
)
LONGEST_MAIL = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets


class Reach(NamedTuple):
    """A way to reach a person: a phone number as (415) 555-0134 or (415) 555-0134 ext. 12, or an e-mail address."""

    kind: Literal["phone", "email"]
    value: str


def as_reach(text: str) -> Reach | None:
    """The one way to reach a person that the text holds; None when it holds none, or several."""
    found = list(dict.fromkeys([*_phones(text), *_mails(text)]))
    return found[0] if len(found) == 1 else None


def without_reaches(text: str, instead: str) -> str:
    """The text with `instead` in place of every way to reach a person. The numbers of the law's contacts stay: they
    reach an agency."""

    def kept_or_taken(match: re.Match[str]) -> str:
        return match.group() if is_of_the_law(match.group()) else instead

    return PHONE.sub(kept_or_taken, MAIL.sub(instead, text))


def is_of_the_law(number: str) -> bool:
    """Whether a number is that of an agency among the law's contacts, which anyone may know."""
    return as_reach(number) in _contacts_of_the_law()


@cache
def _contacts_of_the_law() -> frozenset[Reach]:
    ways = [contact.get(way, "") for contact in law.load("contacts").values() for way in ("phone", "tdd", "fax")]
    return frozenset(found for way in ways if (found := as_reach(way)))


def _phones(text: str) -> list[Reach]:
    return [Reach("phone", _written(*groups)) for groups in PHONE.findall(text)]


def _written(area: str, exchange: str, line: str, extension: str) -> str:
    return f"({area}) {exchange}-{line}" + (f" ext. {extension}" if extension else "")


def _mails(text: str) -> list[Reach]:
    candidates = [match.group() for match in MAIL.finditer(text)]
    return [Reach("email", one) for one in candidates if _is_mail(one)]


def _is_mail(address: str) -> bool:
    """RFC 5322 allows no dot at the end of the name and no two in a row."""
    name = address.partition("@")[0]
    return len(address) <= LONGEST_MAIL and ".." not in name and not name.endswith(".")
