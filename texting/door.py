"""The door for text messages: nothing is read before Twilio's signature was found right; keywords are done at once,
everything else is kept to be answered.

Rasa's channel opens it (`channels/sms.py`). While Rasa is not there, the web app does, so that no message is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from nlu.safety import screen
from records import reminders, texts_in, texts_out
from records.texters import Envelope
from records.texts_in import Came
from settings import Settings
from texting.keywords import is_spanish, keyword
from texting.webhook import MESSAGES, STATUS, Form, Incoming, is_signed, read_form, read_message, read_status
from texting.wording import said

NOTHING_MORE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # the answer goes out by the REST API
XML = "text/xml"
ANSWERED = ("stop", "start", "help", "done")
log = logging.getLogger(__name__)


class UnsignedError(Exception):
    """A request that Twilio did not sign for this path, or text messages are not set up."""


class Door:
    """Takes in what Twilio posts."""

    def __init__(self, current: Settings) -> None:
        self._settings = current

    async def take_message(self, body: bytes, headers: Mapping[str, str]) -> None:
        """A message that somebody wrote. Raises UnsignedError."""
        incoming = read_message(self._signed(body, headers, MESSAGES))
        if incoming is None:
            log.info("a message that is not from a phone number was left alone")
        else:
            await asyncio.to_thread(_note, incoming, self._settings.rate_session)

    async def take_status(self, body: bytes, headers: Mapping[str, str]) -> None:
        """What became of a message of ours. Raises UnsignedError."""
        change = read_status(self._signed(body, headers, STATUS))
        if change:
            await asyncio.to_thread(texts_out.note_status, *change)

    def _signed(self, body: bytes, headers: Mapping[str, str], path: str) -> Form:
        form = read_form(body)
        if not is_signed(form, path, headers, self._settings):
            log.warning("a request without Twilio's signature was refused")
            raise UnsignedError
        return form


def _note(incoming: Incoming, most_a_minute: int) -> None:
    """Do at once what a keyword asks for; keep any other message to be answered. Danger is no keyword, and never too
    much: it is answered by the assistant."""
    came = Came.of(incoming.sid, incoming.phone)
    word = incoming.opted.lower() or keyword(incoming.words)
    language = "es" if word and is_spanish(incoming.words) else "en"
    told = [] if incoming.opted or word not in ANSWERED else [said("door", str(word), language=language)]
    if screen(incoming.words) is not None:
        texts_in.take_in(came, _envelope(incoming), at_once=[said("door", "failed_in_danger")])
    elif word == "stop":
        texts_in.answer_at_once(came, told, texts_in.stopping(came))
    elif word == "start":
        texts_in.answer_at_once(came, told, texts_in.starting(came))
    elif word == "help":
        texts_in.answer_at_once(came, told)
    elif word == "done" and reminders.are_on_for(came.texter_id):
        texts_in.answer_at_once(came, told, texts_in.ending_reminders(came))
    else:
        _take_in(came, incoming, most_a_minute)


def _take_in(came: Came, incoming: Incoming, most_a_minute: int) -> None:
    """Keep a message, unless so many came in a minute: so two machines that answer each other come to rest."""
    told = [said("door", "too_often")]
    texts_in.take_in(came, _envelope(incoming), most_a_minute=most_a_minute, when_too_many=told)


def _envelope(incoming: Incoming) -> Envelope:
    return Envelope(incoming.phone, incoming.words, incoming.pictures)
