"""The door for text messages: nothing is read before Twilio's signature was found right; keywords are done at once,
everything else is kept to be answered.

Rasa's channel opens it (`channels/sms.py`). While Rasa is not there, the web app does, so that no message is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping

from nlu.safety import screen
from records import reminders, texters, texts_in, texts_out
from records.texters import Letter
from settings import Settings
from texting.keywords import keyword
from texting.webhook import MESSAGES, STATUS, Form, Incoming, is_signed, read_form, read_message, read_status
from texting.windows import Window, now_in_seconds
from texting.wording import said

NOTHING_MORE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # the answer goes out by the REST API
XML = "text/xml"
COUNTED = 5000  # numbers of messages that are remembered, to count each once
log = logging.getLogger(__name__)


class UnsignedError(Exception):
    """A request that Twilio did not sign for this path, or text messages are not set up."""


class Door:
    """Takes in what Twilio posts."""

    def __init__(self, current: Settings) -> None:
        self._settings = current
        self._messages = Window(current.rate_session)
        self._notices = Window(1)
        self._counted: deque[str] = deque(maxlen=COUNTED)

    async def take_message(self, body: bytes, headers: Mapping[str, str]) -> None:
        """A message that somebody wrote. Raises UnsignedError."""
        incoming = read_message(self._signed(body, headers, MESSAGES))
        if incoming is None:
            log.info("a message that is not from a phone number was left alone")
            return
        is_too_much = self._is_too_much(incoming)
        is_told = is_too_much and self._may_be_told(incoming.phone)
        await asyncio.to_thread(_note, incoming, is_too_much, is_told)

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

    def _is_too_much(self, incoming: Incoming) -> bool:
        """Whether a phone number writes too often. A message that is delivered several times counts once."""
        if incoming.number in self._counted:
            return False
        self._counted.append(incoming.number)
        return self._messages.count(incoming.phone, now_in_seconds()) > 0

    def _may_be_told(self, phone: str) -> bool:
        """Whether a phone number is told that it writes too often: once a minute, so that two machines that answer
        each other come to rest."""
        return not self._notices.count(phone, now_in_seconds())


def _note(incoming: Incoming, is_too_much: bool, is_told: bool) -> None:
    """Keep a message to be answered, or do at once what its keyword asks for. Danger is no keyword and never too
    much."""
    number, sender_id = texts_in.number_of(incoming.number), texters.texter_id(incoming.phone)
    whose = (number, sender_id, incoming.phone)
    word = keyword(incoming.words)
    is_danger = (word == "stop" or is_too_much) and screen(incoming.words) is not None
    if word == "stop" and not is_danger:
        texts_in.stop(*whose, [said("door", "stop")])
    elif word == "start":
        texts_in.start(*whose, [said("door", "start")])
    elif word == "help":
        texts_in.answer_at_once(*whose, [said("door", "help")])
    elif word == "done" and reminders.are_on_for(sender_id):
        texts_in.end_reminders(*whose, [said("door", "done")])
    elif is_too_much and not is_danger:
        texts_in.answer_at_once(*whose, [said("door", "too_often")] if is_told else [])
    else:
        texts_in.take_in(number, sender_id, Letter(incoming.phone, incoming.words, incoming.files))
