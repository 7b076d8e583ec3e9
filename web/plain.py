"""`/chat`: the conversation as a page with a form, for browsers without scripts.

The session travels in a hidden field of the form, so that nothing is kept in the browser; the whole conversation is
read back with every page. A page that is sent again counts once, because its message has a number of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
from starlette.requests import Request
from starlette.responses import Response

from web.pages import LANGUAGE, page
from web.proxy import ask_rasa, read_body
from web.wording import error_text, filled

CHANNEL = "/webhooks/web/"
MOST_BYTES_A_BYTE = 3  # %C3%A4 for ä
Turns = list[dict[str, Any]]


class Trouble(Exception):
    """The assistant did not answer as wanted; the text is one sentence for the person."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Sent(NamedTuple):
    """What came with a form."""

    session: str
    message: Mapping[str, str] | None
    erase: bool
    unsent: str

    @classmethod
    def of(cls, body: bytes) -> Sent:
        """The fields of a form as browsers write it (application/x-www-form-urlencoded); empty ones are left out."""
        fields = parse_qsl(body.decode("ascii", "replace"), encoding="utf-8", errors="replace")
        given = {name: value.strip() for name, value in fields if value.strip()}
        number = {"id": given["id"]} if "id" in given else {}
        text = given.get("text") or given.get("date")
        said = {"payload": given["payload"]} if "payload" in given else {"text": text} if text else None
        return cls(given.get("session", ""), said and {**said, **number}, "erase" in given, given.get("text", ""))


async def show_plain(request: Request) -> Response:
    """`GET /chat`: the page before the first message."""
    return _page(request, "", [])


async def take_plain(request: Request) -> Response:
    """`POST /chat`: one message, a choice, or the wish to erase all; the whole conversation comes back."""
    limit = MOST_BYTES_A_BYTE * request.app.state.settings.body_limit
    body = await read_body(request, limit)
    if body is None:
        return _page(request, "", [], trouble=error_text("too_large", limit=limit))
    sent = Sent.of(body)
    if sent.erase:
        return await _erased(request, sent.session)
    if sent.message is None:
        return await _again(request, sent, filled("plain", LANGUAGE)["empty"])
    session = sent.session
    try:
        session = session or (await _ask(request, "session", "", {}))["session"]
        answer = await _ask(request, "messages", session, sent.message)
        turns = (await _ask(request, "history", session, {}))["turns"]
    except Trouble as trouble:
        ended = trouble.status == httpx.codes.UNAUTHORIZED
        return await _again(request, sent._replace(session="" if ended else session), str(trouble))
    taken_in = answer["heard"] != ""
    return _page(request, session, _with_answer(turns, answer, taken_in), unsent="" if taken_in else sent.unsent)


def _with_answer(turns: Turns, answer: Mapping[str, Any], taken_in: bool) -> Turns:
    """The conversation with the last answer as it was given: what the door itself said is not kept with it, nor are
    the words of a private question, nor what was said before all was erased."""
    if taken_in and turns:
        return [*turns[:-1], {**turns[-1], "messages": answer["messages"]}]
    return [*turns, {"said": None, "messages": answer["messages"]}]


async def _erased(request: Request, session: str) -> Response:
    try:
        receipt = await _ask(request, "erase", session, {})
    except Trouble as trouble:
        return await _again(request, Sent(session, None, False, ""), str(trouble))
    return _page(request, "", [{"said": None, **receipt}], note=filled("plain", LANGUAGE)["erased"])


async def _again(request: Request, sent: Sent, trouble: str) -> Response:
    """The page as it was, with what went wrong and with the words that were not taken in."""
    turns: Turns = []
    if sent.session:
        try:
            turns = (await _ask(request, "history", sent.session, {}))["turns"]
        except Trouble:
            turns = []
    return _page(request, sent.session, turns, trouble=trouble, unsent=sent.unsent)


def _page(request: Request, session: str, turns: Turns, **more: Any) -> Response:
    last = turns[-1]["messages"][-1] if session and turns and turns[-1]["messages"] else {}
    return page(
        request,
        "chat.html",
        "plain",
        session=session,
        message_id=secrets.token_hex(16),
        turns=turns,
        buttons=last.get("buttons", []),
        asks_date=last.get("input") == "date",
        **more,
    )


async def _ask(request: Request, name: str, session: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One request to the channel. Raises Trouble."""
    headers = {"authorization": f"Bearer {session}"} if session else {}
    try:
        answer = await ask_rasa(request, CHANNEL + name, headers, body)
    except httpx.TimeoutException:
        raise Trouble(error_text("slow"), httpx.codes.SERVICE_UNAVAILABLE) from None
    except httpx.HTTPError:
        raise Trouble(error_text("unavailable"), httpx.codes.SERVICE_UNAVAILABLE) from None
    content: dict[str, Any] = answer.json()
    if answer.is_success:
        return content
    raise Trouble(content["error"]["message"], answer.status_code)
