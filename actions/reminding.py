"""Reminders by text message: turned on where the person texts, set up with a phone number and a code on the web.

The number goes to the records at once, sealed, and its message is kept without its words (its question is a private
one, like those of a request for a call).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import contact
from actions.asking import Button, Message, message
from actions.hearing import ANSWER, SKIP, Heard
from actions.memory import Memory
from actions.saying import say
from actions.words import phrase, words
from imr_logic import Assessment
from imr_logic.language import say_day
from records import cases, reminders
from records.texters import CHANNEL
from settings import settings
from texting.phones import as_e164, may_be_texted
from texting.rules import reminder_days
from texting.wording import said

NUMBER, CODE = PARTS = ("contact_text_number", "contact_text_code")
REMIND, REMIND_OFF, REMIND_STATUS = WISHES = ("remind", "remind_off", "remind_status")
# A reminder of the day after tomorrow at the earliest can come in time.
SOONEST = timedelta(days=2)
MOST_TRIES = {NUMBER: 3, CODE: reminders.MOST_CODE_TRIES}
DIGITS = re.compile(rf"(?<!\d)\d{{{reminders.CODE_DIGITS}}}(?!\d)")


def is_open(memory: Memory) -> bool:
    """Whether the phone number or the code was asked for last."""
    return memory.asked in PARTS


def offer(found: Assessment) -> str:
    """That there are reminders; empty where no text messages are sent, or there is no date to be reminded of."""
    has_date = cases.next_date(found.model_dump(mode="json"), found.today) is not None
    return phrase("reminders", "offer") if settings().takes_texts and has_date else ""


class Reminders:
    """One turn about reminders. `sender` and `channel` are the conversation's. What asks for something answers
    whether something is asked for now."""

    def __init__(self, dispatcher: CollectingDispatcher, memory: Memory, sender: str, channel: str) -> None:
        self.dispatcher = dispatcher
        self.memory = memory
        self.sender = sender
        self.channel = channel

    def fulfil(self, wish: str, found: Assessment) -> bool:
        """Turns them on or off as it is wished."""
        if wish == REMIND_OFF:
            return self.end()
        return self.tell(found) if wish == REMIND_STATUS else self.start(found)

    def tell(self, found: Assessment) -> bool:
        """Whether they are on, and for which day."""
        if not reminders.are_set_up(self.sender):
            return self._say("status_off")
        day = self._next_day(found)
        return self._say("already", day=say_day(day, weekday=True)) if day else self._say("on_without_day")

    def start(self, found: Assessment) -> bool:
        """Turns them on for who texts; asks others for a number. Says why where there can be none."""
        day = self._next_day(found)
        if day is None:
            return self._say("no_date")
        if day < found.today + SOONEST:
            return self._say("too_soon", day=say_day(day, weekday=True))
        if reminders.are_set_up(self.sender):
            return self._say("already", day=say_day(day, weekday=True))
        if self.channel == CHANNEL:
            reminders.begin_by_text(self.sender, found.today)
            return self._say("on", day=say_day(day, weekday=True), points=_points())
        if not settings().takes_texts:
            return self._say("calendar")
        return self._ask(NUMBER)

    def end(self) -> bool:
        """No more reminders; the phone number for them is erased."""
        return self._say("off" if reminders.end(self.sender) else "none")

    def _next_day(self, found: Assessment) -> date | None:
        return cases.next_date(found.model_dump(mode="json"), found.today)

    def take(self, heard: Heard, _: str = "") -> bool:
        """Takes the phone number or the code in."""
        if heard.chosen == "no" or heard.wish in (SKIP, REMIND_OFF) or contact.says_no(heard):
            return self.withdraw()
        return self._take_number(heard) if self.memory.asked == NUMBER else self._take_code(heard)

    def withdraw(self, _: str = "") -> bool:
        """Erases the number that was told."""
        reminders.end(self.sender)
        self._done()
        return self._say("left")

    def ask_again(self) -> bool:
        """The open question once more, after something else was answered."""
        return self._ask(str(self.memory.asked))

    def explain(self) -> bool:
        """Why it is asked for, and the question again."""
        return self._ask(str(self.memory.asked), phrase("reminders", "why", str(self.memory.asked)))

    def _take_number(self, heard: Heard) -> bool:
        told = contact.reach_in(heard) or heard.text
        phone = as_e164(told)
        if phone is None or not may_be_texted(phone):
            return self._failed("bad_number")
        if not reminders.begin_by_code(self.sender, phone, _code_message):
            self._done()
            return self._say("too_many")
        return self._ask(CODE)

    def _take_code(self, heard: Heard) -> bool:
        code = DIGITS.search(heard.text.replace(" ", "").replace("-", ""))
        if code is None and _wants_another(heard):
            return self._send_again()
        if code is None:
            return self._failed("bad_code")
        proof = reminders.prove(self.sender, code.group(), self.memory.day)
        if proof == "wrong":
            return self._failed("wrong_code")
        self._done()
        return self._say("over" if proof == "over" else "proved", points=_points())

    def _send_again(self) -> bool:
        """A new code to the same number; the one before is no longer good."""
        phone = reminders.phone_to_prove(self.sender)
        if phone is None or not reminders.begin_by_code(self.sender, phone, _code_message):
            self._done()
            return self._say("too_many" if phone else "over")
        return self._ask(CODE, phrase("reminders", "sent_again"))

    def _failed(self, key: str) -> bool:
        self.memory.tries += 1
        if self.memory.tries >= MOST_TRIES[str(self.memory.asked)]:
            reminders.end(self.sender)
            self._done()
            return self._say("given_up")
        return self._ask(str(self.memory.asked), phrase("reminders", key, unlike=self.memory.before))

    def _done(self) -> None:
        self.memory.asked, self.memory.tries = None, 0

    def _ask(self, part: str, before: str = "") -> bool:
        self.memory.tries = self.memory.tries if part == self.memory.asked else 0
        self.memory.asked = part
        say(self.dispatcher, self.memory, _question(part, self.memory, before))
        return True

    def _say(self, key: str, **values: Any) -> bool:
        say(self.dispatcher, self.memory, message(phrase("reminders", key, unlike=self.memory.before, **values)))
        return False


def _question(part: str, memory: Memory, before: str) -> Message:
    text = " ".join(one for one in (before, phrase("reminders", part, unlike=memory.before)) if one)
    leave: list[Button] = [{"title": words()["reminders"]["leave"], "payload": f"{ANSWER}=no"}]
    return message(text, buttons=leave, asks=part)


def _wants_another(heard: Heard) -> bool:
    """Whether the code did not come, or another one is asked for."""
    return any(way in heard.plain.replace("'", "") for way in words()["code_again"])


def _code_message(code: str) -> str:
    return said("reminder", "code", code=code)


def _points() -> str:
    """30, 14, 7, 3 and 1, in words for a sentence."""
    *first, last = map(str, reminder_days())
    return phrase("reminders", "points", first=", ".join(first), last=last)
