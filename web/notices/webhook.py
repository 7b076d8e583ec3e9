"""Telling another program of the practice by a POST (httpx)."""

from __future__ import annotations

import httpx

from records.consultations import Via
from settings import Settings
from web.notices.notice import Notice

WAIT_SECONDS = 10


class WebhookWay:
    """The address of IMR_NOTIFY_WEBHOOK. It is a secret: whoever knows it could send notices of their own."""

    name: Via = "webhook"

    def __init__(self, current: Settings) -> None:
        self._url = current.notify_webhook.get_secret_value() if current.notify_webhook else ""

    async def tell(self, notice: Notice) -> None:
        """Send the notice. Raises httpx.HTTPError unless the answer is a 2xx; redirects are not followed."""
        async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
            answer = await client.post(self._url, json=notice.as_json())
            answer.raise_for_status()
