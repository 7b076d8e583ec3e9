"""One conversation over HTTP as a client sees it, and what can go wrong around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.databases import changed

QUESTION = "what is the status"
NOT_FILED = "grievance_status=not_filed"


class Talk:
    """One conversation, as a client sees it."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=40)
        self.opened = self.http.post("/webhooks/web/session", json={})
        self.token = self.opened.json().get("session")

    def send(self, **message: Any) -> httpx.Response:
        """Send one message and return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/webhooks/web/messages", json=message, headers=headers)

    def history(self) -> list[dict[str, Any]]:
        """The conversation as it is told to a page that was loaded again."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/webhooks/web/history", json={}, headers=headers).json()["turns"]

    def text(self, **message: Any) -> str:
        """Send one message and return the words of the answer."""
        return "\n".join(reply["text"] for reply in self.send(**message).json()["messages"])


@contextmanager
def broken_database(url: str) -> Iterator[None]:
    """The table of events is not there for a while."""
    changed(url, "ALTER TABLE events RENAME TO elsewhere")
    try:
        yield
    finally:
        changed(url, "ALTER TABLE elsewhere RENAME TO events")


def error_code(answer: httpx.Response) -> str:
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}
    return answer.json()["error"]["code"]
