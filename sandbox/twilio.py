"""Twilio's side: messages in both directions, and what may go wrong with them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx

from sandbox.signing import signature

MESSAGE, STATUS = "/webhooks/sms/webhook", "/webhooks/sms/status"
POST_SECONDS = 15  # what Twilio waits for an answer
FAILURES = ("down", "error", "lost_answer", "too_many", "never", "stopped")


@dataclass(frozen=True)
class Account:
    """An account that exists here only, and the number that it owns. What comes in is signed for `public_url`, and
    posted to `posts_to`, which is the same server as this machine sees it."""

    sid: str
    token: str
    number: str
    public_url: str
    posts_to: str


@dataclass
class Message:
    """One message: `direction` is inbound (to the assistant) or outbound-api (from it)."""

    sid: str
    direction: str
    sender: str
    receiver: str
    body: str
    pictures: int = 0
    status: str = "queued"
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    def as_twilio_tells(self) -> dict[str, Any]:
        """The resource as the REST API answers it."""
        told = {"sid": self.sid, "from": self.sender, "to": self.receiver, "body": self.body, "status": self.status}
        return {**told, "direction": self.direction, "date_created": format_datetime(self.made), "num_media": "0"}


@dataclass
class Behaviour:
    """How the stand-in behaves for now.

    `failure` is what happens to the next `failures` messages that are handed over (for ever when negative): down
    (500, not taken, and no list of messages either), error (500, not taken), lost_answer (taken, and 500 all the
    same), too_many (429), never (400), stopped (400: the receiver said STOP to Twilio itself).
    `slow` is how many seconds handing over takes. `copies` is how often each message is posted to the assistant,
    `shuffled` posts several in any order, `retries` is how often a post that failed is repeated.
    """

    failure: str = ""
    failures: int = 0
    slow: float = 0.0
    copies: int = 1
    shuffled: bool = False
    retries: int = 5
    retry_seconds: float = 1.0

    def next_failure(self) -> str:
        """What happens to the message that is handed over now."""
        if not self.failure or not self.failures:
            return ""
        self.failures -= 1
        return self.failure


class StandInTwilio:
    """Everything that was sent, in order."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.messages: list[Message] = []
        self.behaviour = Behaviour()
        self._http = httpx.AsyncClient(timeout=POST_SECONDS, trust_env=False)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._counter = itertools.count(1)

    async def close(self) -> None:
        """Stop posting."""
        for task in self._tasks:
            task.cancel()
        await self._http.aclose()

    def new_sid(self) -> str:
        """A number for a message, shaped like Twilio's."""
        return f"SM{next(self._counter):08x}{secrets.token_hex(12)}"

    def take(self, receiver: str, body: str, status_to: str = "") -> Message:
        """A message of the assistant's was taken. What becomes of it is posted to `status_to`."""
        message = Message(self.new_sid(), "outbound-api", self.account.number, receiver, body)
        self.messages.append(message)
        if status_to.startswith(self.account.public_url):
            with suppress(RuntimeError):  # nobody waits for it outside of a running server
                self._begin(self._tell_status(message, status_to.removeprefix(self.account.public_url)))
        return message

    async def text(self, sender: str, body: str, pictures: int = 0, sid: str | None = None) -> list[int]:
        """Somebody texts the assistant. Returns the status codes of its answers, 0 for none."""
        message = Message(sid or self.new_sid(), "inbound", sender, self.account.number, body, pictures, "received")
        self.messages.append(message)
        fields = self.fields(message)
        posts = (self.post(MESSAGE, fields) for _ in range(self.behaviour.copies))
        if not self.behaviour.shuffled:
            return list(await asyncio.gather(*posts))
        self._begin(self._later(posts))
        return []

    def fields(self, message: Message) -> dict[str, str]:
        """The form that is posted for a message."""
        files = {f"MediaUrl{at}": f"https://files.example/{at}" for at in range(message.pictures)}
        return {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": self.account.sid,
            "From": message.sender,
            "To": message.receiver,
            "Body": message.body,
            "NumMedia": str(message.pictures),
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            **files,
        }

    async def post(self, path: str, fields: dict[str, str]) -> int:
        """Post a signed form, again after a failure as Twilio does when told to. Returns the status of the last
        answer, 0 when there was none."""
        address = self.account.posts_to + path
        headers = {"X-Twilio-Signature": signature(self.account.token, self.account.public_url + path, fields)}
        status = 0
        for attempt in range(1 + self.behaviour.retries):
            if attempt:
                await asyncio.sleep(self.behaviour.retry_seconds)
            with suppress(httpx.HTTPError):
                status = (await self._http.post(address, data=fields, headers=headers)).status_code
            if status and status < 500:
                return status
        return status

    async def _later(self, posts: Any) -> None:
        await asyncio.sleep(secrets.randbelow(1000) / 1000)
        await asyncio.gather(*posts)

    async def _tell_status(self, message: Message, path: str) -> None:
        for status in ("sent", "delivered"):
            await asyncio.sleep(0.05)
            message.status = status
            fields = {"MessageSid": message.sid, "MessageStatus": status, "AccountSid": self.account.sid}
            await self.post(path, {**fields, "To": message.receiver, "From": message.sender})

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def behave(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Change how it behaves. Raises ValueError naming what is not allowed."""
        known = asdict(self.behaviour)
        strange = set(wanted) - set(known)
        failure = wanted.get("failure", "")
        if strange or (failure and failure not in FAILURES):
            raise ValueError(f"allowed: {', '.join(known)}; failure is one of {', '.join(FAILURES)}")
        self.behaviour = Behaviour(**{**known, **wanted})
        return asdict(self.behaviour)
