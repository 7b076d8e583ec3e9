"""What staff are told of a consultation request: that there is one. No fact of the case and no contact is in it;
those stay in the records."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol

from records.consultations import Owed, Via
from settings import CALIFORNIA
from web.wording import texts

EVENT = "consultation.requested"
NOTICE_LANGUAGE = "en"  # what staff of a practice in California read


class Notice(NamedTuple):
    """The number of a request, when it was confirmed, and the channel it came by."""

    id: int
    at: datetime
    channel: str

    @classmethod
    def of(cls, one: Owed) -> Notice:
        """The notice of a request."""
        return cls(one.id, one.at, one.channel)

    def as_json(self) -> dict[str, Any]:
        """What the webhook gets; `at` is ISO 8601 in UTC."""
        return {"event": EVENT, "id": self.id, "at": self.at.isoformat(), "channel": self.channel}

    def as_mail(self) -> tuple[str, str]:
        """Subject and text of the e-mail."""
        words = texts(NOTICE_LANGUAGE)["notices"]
        channels = texts(NOTICE_LANGUAGE)["notice_channels"]
        values = {"id": self.id, "at": _in_california(self.at), "channel": channels.get(self.channel, self.channel)}
        return words["subject"].format(**values), words["text"].format(**values)


class Way(Protocol):
    """One way to tell staff."""

    @property
    def name(self) -> Via:
        """The way's name in the records."""

    async def tell(self, notice: Notice) -> None:
        """Tell staff. Raises when it cannot be known that they were told."""


def _in_california(moment: datetime) -> str:
    return moment.astimezone(CALIFORNIA).strftime("%Y-%m-%d %H:%M")
