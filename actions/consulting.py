"""A request for a call: a name, one way to reach the person, a good time, and a yes; then it is stored for staff.

Nothing that identifies the person is kept in the talk's memory: each part goes to the records at once, sealed, and
is erased when the person says no, stops, or never answers.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import practice
from actions.asking import Button, Message, message, wish_button
from actions.hearing import ANSWER, SKIP, Heard
from actions.memory import Memory
from actions.saying import say
from actions.words import phrase, words
from imr_logic import Assessment
from records import consultations
from records.reach import as_reach

PARTS = ("contact_name", "contact_reach", "contact_time", "contact_consent")
LONGEST_NAME = 80
LONGEST_TIME = 120
MOST_TRIES = 3
ASKED_FOR = "asked_for"
# Where a person should look: the usual time is over, a hearing was asked for, or a review was lost.
WHERE_IT_HELPS = frozenset({"late_filing_consultation", "consultation"})
WHERE_IT_HELPS_BY_RULE = frozenset({"hearing_requested", "hearing_held", "imr_lost"})
# What a person may say in the middle of it that is not an answer to it.
LEAVES = frozenset({"stop", "delete_my_data", "medical_emergency", "crisis_self_harm"})


def would_help(found: Assessment) -> bool:
    """Whether a person should look at the case."""
    by_rule = any(reason.rule in WHERE_IT_HELPS_BY_RULE for reason in found.why)
    return found.route in WHERE_IT_HELPS or by_rule or bool(found.contradictions)


def button() -> Button:
    """The button that starts a request."""
    return wish_button(phrase("contact", "button"), "consultation")


def is_open(memory: Memory) -> bool:
    """Whether a part of a request was asked for last."""
    return memory.asked in PARTS


class Request:
    """One turn of a request for a call. `sender` and `channel` are the conversation's."""

    def __init__(self, dispatcher: CollectingDispatcher, memory: Memory, sender: str, channel: str) -> None:
        self.dispatcher = dispatcher
        self.memory = memory
        self.sender = sender
        self.channel = channel

    def start(self, intent: str | None = None) -> bool:
        """Asks for the first part; says so when a request is stored already. Who wants any person is told of the
        one who can be reached now. Whether a part is asked for now."""
        stored = consultations.latest(self.sender)
        if stored and stored.state != "draft":
            self._say(phrase("contact", "already", number=stored.id))
            return False
        way = "start_human" if intent == "request_human" else "start"
        lead = phrase("contact", way, unlike=self.memory.before, practice=practice.name())
        return self._ask(PARTS[0], lead)

    def ask_again(self) -> bool:
        """The open part once more, after something else was answered."""
        return self._ask(str(self.memory.asked))

    def explain(self) -> bool:
        """Why the open part is asked for, and the part again."""
        return self._ask(str(self.memory.asked), phrase("contact", "why", str(self.memory.asked)))

    def take(self, heard: Heard, reason: str) -> bool:
        """Takes the answer to the open part in. Whether another part is asked for now."""
        part = str(self.memory.asked)
        if part == "contact_consent":
            return self._take_consent(heard, reason)
        if heard.intent == "deny" or heard.wish == SKIP:
            return self.withdraw()
        said, problem = self._read(part, heard)
        if problem:
            return self._failed(problem)
        consultations.keep_part(self.sender, self.channel, _record_name(part), said)
        return self._ask(PARTS[PARTS.index(part) + 1])

    def _read(self, part: str, heard: Heard) -> tuple[str, str]:
        """What was said to a part, and what is wrong with it, if anything."""
        text = (heard.chosen or heard.text).strip()
        unlike = self.memory.before
        if part == "contact_name":
            fits = any(sign.isalpha() for sign in text) and len(text) <= LONGEST_NAME
            return text, "" if fits else phrase("contact", "bad_name", longest=LONGEST_NAME)
        if part == "contact_reach":
            reach = as_reach(text)
            return (reach.value, "") if reach else ("", phrase("contact", "bad_reach", unlike=unlike))
        return text[:LONGEST_TIME], ""

    def _take_consent(self, heard: Heard, reason: str) -> bool:
        agreed = heard.chosen == "yes" or heard.intent == "affirm"
        if not agreed and (heard.chosen == "no" or heard.intent == "deny"):
            return self.withdraw()
        if not agreed:
            return self._failed(phrase("tries", "first", unlike=self.memory.before))
        try:
            number = consultations.confirm(self.sender, reason)
        except consultations.IncompleteError:  # the draft was dropped meanwhile: it lives for a day
            return self._ask(PARTS[0])
        kept = phrase("contact", "kept", number=number, practice=practice.name())
        self._say(" ".join([kept, *practice.how_to_reach(), phrase("contact", "meanwhile")]))
        return self._done()

    def _failed(self, problem: str) -> bool:
        self.memory.tries += 1
        if self.memory.tries < MOST_TRIES:
            return self._ask(str(self.memory.asked), problem, keep_tries=True)
        help_line = phrase("help_line")
        return self.withdraw(help_line)

    def withdraw(self, after: str = "") -> bool:
        """Erases what was kept so far; no part is asked for any more."""
        consultations.withdraw(self.sender)
        withdrawn = phrase("contact", "withdrawn", unlike=self.memory.before)
        self._say(" ".join(part for part in (withdrawn, after) if part))
        return self._done()

    def _done(self) -> bool:
        self.memory.asked, self.memory.tries = None, 0
        return False

    def _ask(self, part: str, before: str = "", keep_tries: bool = False) -> bool:
        self.memory.asked = part
        self.memory.tries = self.memory.tries if keep_tries else 0
        say(self.dispatcher, self.memory, part_question(part, self.memory, before))
        return True

    def _say(self, text: str) -> None:
        say(self.dispatcher, self.memory, message(text))


def part_question(part: str, memory: Memory, before: str = "") -> Message:
    """The question for a part, with choices where there are any."""
    asked = phrase("contact", part, unlike=memory.before, practice=practice.name())
    buttons = _buttons(part)
    text = " ".join(one for one in (before, asked) if one)
    return message(text, buttons=buttons, asks=part, input="choice" if buttons else "text")


def _buttons(part: str) -> list[Button]:
    said: dict[str, Any] = words()["contact"]
    if part == "contact_time":
        return [{"title": time, "payload": f"{ANSWER}={time}"} for time in said["times"]]
    if part == "contact_consent":
        return [{"title": said[key], "payload": f"{ANSWER}={key}"} for key in ("yes", "no")]
    return []


def _record_name(part: str) -> Any:
    """The name of a part in the records."""
    return {"contact_name": "name", "contact_reach": "reach", "contact_time": "best_time"}[part]
