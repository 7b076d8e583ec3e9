"""One request of somebody who is signed in, with its fields read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request

from records.staff import Member
from settings import Settings, california_today

LARGEST_NUMBER = 2**31 - 1  # of the databases' integers
MOST_DIGITS = len(str(LARGEST_NUMBER))
LONGEST_FIELD = 10_000


class BadField(ValueError):
    """A field of an address or form that cannot be used: its name, and what is allowed."""

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"{name}: {allowed}")
        self.name = name
        self.allowed = allowed


class NotThere(LookupError):
    """What an address names does not exist (any more)."""


@dataclass(frozen=True)
class Visit:
    """Who asks for what: `form` holds the fields of a POST."""

    request: Request
    me: Member
    form: Mapping[str, str]
    current: Settings

    @property
    def url(self) -> str:
        """The database."""
        return self.current.database_url

    @property
    def today(self) -> date:
        """Today in California."""
        return california_today(self.current)

    def number(self, name: str = "id") -> int:
        """A number in the path. Raises NotThere."""
        try:
            found = as_number(name, str(self.request.path_params[name]))
        except BadField:
            found = None
        if found is None:
            raise NotThere
        return found

    def asked(self, name: str, allowed: Sequence[str] = ()) -> str:
        """A field of the address, empty when it is not there. Raises BadField for a value that is not allowed."""
        return one_of(name, self.request.query_params.get(name, ""), allowed)

    def told(self, name: str, allowed: Sequence[str] = ()) -> str:
        """A field of the form, as `asked`."""
        return one_of(name, self.form.get(name, ""), allowed)

    def asked_number(self, name: str) -> int | None:
        """A number in the address; None when it is not there. Raises BadField."""
        return as_number(name, self.asked(name))

    def told_number(self, name: str) -> int | None:
        """A number in the form."""
        return as_number(name, self.told(name))


def as_number(name: str, text: str) -> int | None:
    """A whole number that a database can hold; None for an empty text. Raises BadField."""
    if not text:
        return None
    digits = text.lstrip("0") or "0"
    is_number = text.isascii() and text.isdigit() and len(digits) <= MOST_DIGITS
    if not is_number or int(digits) > LARGEST_NUMBER:
        raise BadField(name, f"0 – {LARGEST_NUMBER}")
    return int(digits)


def one_of(name: str, given: str, allowed: Sequence[str]) -> str:
    """A field without blanks around it. Raises BadField for one that is too long or not allowed."""
    text = without_nul(given).strip()
    if len(text) > LONGEST_FIELD:
        raise BadField(name, f"≤ {LONGEST_FIELD}")
    if text and allowed and text not in allowed:
        raise BadField(name, ", ".join(allowed))
    return text


def without_nul(text: str) -> str:
    """The text without NUL, which no database takes."""
    return text.replace("\x00", "")


def plain_fields(fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The fields of a form; of one that comes twice the first counts."""
    found: dict[str, Any] = {}
    for name, value in fields:
        found.setdefault(name, without_nul(value))
    return found
