"""`/chat`: the conversation as a page with a form, for browsers without scripts.

The session travels in a hidden field of the form, so that nothing is kept in the browser; the whole conversation is
read back with every page. A page that is sent again counts once, because its message has a number of its own, and so
has the conversation that its first message opens.
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
from web.proxy import ask_rasa, code_of, read_body
from web.wording import error_text, filled

CHANNEL = "/webhooks/web/"
MOST_BYTES_A_BYTE = 3  # %C3%A4 for ä
NUMBER_LENGTH = 32
ASKED, SURE = "ask", "sure"
Turns = list[dict[str, Any]]


class Trouble(Exception):
    """The assistant did not answer as wanted; the text is one sentence for the person."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Sent(NamedTuple):
    """What came with a form. `number` is that of its message, and of the conversation that it opens if there is no
    `session` yet; `unsent` are words that go back into the field."""

    session: str
    number: str
    message: Mapping[str, str] | None
    erase: str
    unsent: str

    @classmethod
    def of(cls, body: bytes) -> Sent:
        """The fields of a form as browsers write it (application/x-www-form-urlencoded); empty ones are left out."""
        fields = parse_qsl(body.decode("ascii", "replace"), encoding="utf-8", errors="replace")
        given = {name: value.strip() for name, value in fields if value.strip()}
        words = given.get("date") or given.get("text")  # one after the other: a day beside words would be mixed up
        said = {"payload": given["payload"]} if "payload" in given else {"text": words} if words else None
        session = given.get("session", "")
        unsent = given.get("text", "") if session.isascii() else ""
        number = given.get("id", "")
        number = number if len(number) == NUMBER_LENGTH else secrets.token_hex(NUMBER_LENGTH // 2)
        return cls(session if session.isascii() else "", number, said, given.get("erase", ""), unsent)


async def show_plain(request: Request) -> Response:
    """`GET /chat`: the page before the first message."""
    return _page(request, "", [])


async def take_plain(request: Request) -> Response:
    """`POST /chat`: one message, a choice, or the wish to erase all; the whole conversation comes back."""
    limit = MOST_BYTES_A_BYTE * request.app.state.settings.body_limit
    body, is_whole = await read_body(request, limit)
    sent = Sent.of(body)
    if not is_whole:
        return await _again(request, sent._replace(unsent=""), Trouble(error_text("too_large", limit=limit), 413))
    if sent.erase == SURE:
        return await _erased(request, sent)
    if sent.erase:
        return await _again(request, sent, asks_to_erase=sent.erase == ASKED)
    if sent.message is None:
        return await _again(request, sent, Trouble(filled("plain", LANGUAGE)["empty"], 200))
    return await _answered(request, sent, sent.message)


async def _answered(request: Request, sent: Sent, message: Mapping[str, str]) -> Response:
    """The message taken to the assistant, and the page with its answer."""
    try:
        session = sent.session or (await _ask(request, "session", "", {"id": sent.number}))["session"]
        answer = await _ask(request, "messages", session, {**message, "id": sent.number})
    except Trouble as trouble:
        return await _again(request, sent, trouble)
    turns = await _history(request, session)
    is_heard = answer["heard"] != ""
    left = "" if is_heard and message.get("text") == sent.unsent else sent.unsent
    return _page(request, answer["session"], _with_answer(turns, answer, is_heard), asking=turns, unsent=left)


def _with_answer(turns: Turns, answer: Mapping[str, Any], is_heard: bool) -> Turns:
    """The conversation with the last answer as it was given: what the door itself said is not kept with it, nor are
    the words of a private question. The answer to a page sent again stands where it stood."""
    if answer["again"] and turns:
        return turns
    if is_heard and turns:
        return [*turns[:-1], {**turns[-1], "messages": answer["messages"]}]
    return [*turns, {"said": None, "messages": answer["messages"]}]


async def _erased(request: Request, sent: Sent) -> Response:
    try:
        receipt = await _ask(request, "erase", sent.session, {})
    except Trouble as trouble:
        return await _again(request, sent, trouble)
    return _page(request, "", [{"said": None, **receipt}], note=filled("plain", LANGUAGE)["erased"])


async def _again(request: Request, sent: Sent, trouble: Trouble | None = None, **more: Any) -> Response:
    """The page as it was, with what went wrong, and with the words that were not taken in under the same number."""
    ended = trouble is not None and trouble.status == httpx.codes.UNAUTHORIZED
    session = "" if ended else sent.session
    turns = await _history(request, session) if session else []
    more |= {"trouble": str(trouble or ""), "status": 200 if trouble is None or ended else trouble.status}
    number = None if ended else sent.number
    return _page(request, session, turns, number=number, unsent=sent.unsent, **more)


async def _history(request: Request, session: str) -> Turns:
    """The conversation so far; empty while it cannot be had: what was heard is never offered to be sent again."""
    try:
        turns: Turns = (await _ask(request, "history", session, {}))["turns"]
    except Trouble:
        return []
    return turns


def _page(
    request: Request,
    session: str,
    turns: Turns,
    *,
    asking: Turns | None = None,
    number: str | None = None,
    **more: Any,
) -> Response:
    """The page. `asking` is the conversation whose last message has the open choices, else `turns`."""
    asked = asking or turns
    last = asked[-1]["messages"][-1] if session and asked and asked[-1]["messages"] else {}
    return page(
        request,
        "chat.html",
        "plain",
        session=session,
        message_id=number or secrets.token_hex(NUMBER_LENGTH // 2),
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
        content: dict[str, Any] = answer.json()
        if answer.is_success:
            return content
        raise Trouble(content["error"]["message"], answer.status_code)
    except httpx.HTTPError as error:
        raise Trouble(error_text(code_of(error)), httpx.codes.SERVICE_UNAVAILABLE) from None
    except (ValueError, KeyError, TypeError):  # no answer of the channel's own
        raise Trouble(error_text("broken"), answer.status_code) from None
