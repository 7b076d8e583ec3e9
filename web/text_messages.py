"""`POST /webhooks/sms/*`: what Twilio posts is passed on to Rasa's channel. While Rasa is not there, for instance
because it starts anew, the message is taken in here, and answered when it is back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

import httpx
from starlette.requests import Request
from starlette.responses import Response

from texting.door import NOTHING_MORE, XML, Door, UnsignedError
from texting.webhook import MESSAGES, STATUS
from web.proxy import handed_back, pass_on, read_body

# Sixteen hundred emoji, which one message may have, take more bytes in a form than any message of the chat.
LARGEST = 60_000
log = logging.getLogger(__name__)


async def take_message(request: Request) -> Response:
    """A message that somebody wrote."""
    return await _taken(request, MESSAGES, _door(request).take_message, Response(NOTHING_MORE, media_type=XML))


async def take_status(request: Request) -> Response:
    """What became of a message of ours."""
    return await _taken(request, STATUS, _door(request).take_status, Response(status_code=204))


async def _taken(
    request: Request,
    path: str,
    take: Callable[[bytes, Mapping[str, str]], Awaitable[None]],
    done: Response,
) -> Response:
    body, is_whole = await read_body(request, LARGEST)
    if not is_whole:  # no signature can be right for a part
        return Response(status_code=403, headers={"Connection": "close"})
    try:
        answer = handed_back(await pass_on(request, path, body))
    except httpx.HTTPError:
        log.warning("Rasa is not there: a text message is taken in by the web app")
    else:
        return answer
    try:
        await take(body, request.headers)
    except UnsignedError:
        return Response(status_code=403)
    except Exception as error:
        log.error("a text message could not be taken in", exc_info=error)
        return Response(status_code=503)
    return done


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door
