"""A request for a call: a name, one way to reach the person, a good time, and a yes; then it is stored for staff.

Nothing that identifies the person is kept in the talk's memory: each part goes to the records at once, sealed, and
is erased when the person says no, stops, or never answers. What is read back to them is marked private, so that the
tracker store keeps it without its words.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import contact, practice
from actions.asking import Button, Message, message, wish_button
from actions.hearing import ANSWER, SKIP, Heard
from actions.memory import Memory
from actions.saying import say
from actions.words import phrase, words
from imr_logic import Assessment, CaseFacts
from records import consultations
from records.stored_events import PRIVATE

WANTED, NAME, REACH, TIME, CONSENT = PARTS = (
    "contact_wanted", "contact_name", "contact_reach", "contact_time", "contact_consent"
)  # fmt: skip
RECORDED: dict[str, Any] = {NAME: "name", REACH: "reach", TIME: "best_time"}
MOST_TRIES = 3
# Where a person should look: the usual time is over, a hearing was asked for, or a review was lost.
WHERE_IT_HELPS = frozenset({"late_filing_consultation", "consultation"})
WHERE_IT_HELPS_BY_RULE = frozenset({"imr_lost"})
HEARINGS = frozenset({"requested", "held"})


def would_help(facts: CaseFacts, found: Assessment) -> bool:
    """Whether a person should look at the case."""
    by_rule = any(reason.rule in WHERE_IT_HELPS_BY_RULE for reason in found.why)
    at_hearing = facts.get("state_hearing") in HEARINGS
    by_route = found.route in WHERE_IT_HELPS
    return by_route or by_rule or at_hearing or bool(found.contradictions) or found.is_past_the_careful_date


def button() -> Button:
    """The button that starts a request."""
    return wish_button(phrase("contact", "button"), "consultation")


def change_button() -> Button:
    """The button that opens a stored request again, for another number."""
    return wish_button(phrase("contact", "change_button"), "change_contact")


def is_open(memory: Memory) -> bool:
    """Whether a part of a request was asked for last."""
    return memory.asked in PARTS


class Request:
    """One turn of a request for a call. `sender` and `channel` are the conversation's. What asks for a part answers
    whether another part is asked for now."""

    def __init__(self, dispatcher: CollectingDispatcher, memory: Memory, sender: str, channel: str) -> None:
        self.dispatcher = dispatcher
        self.memory = memory
        self.sender = sender
        self.channel = channel

    def start(self, intent: str | None = None) -> bool:
        """Asks for the first part; says so when a request stands already. Who wants any person is told of the one
        who can be reached now, and asked."""
        stored = consultations.standing(self.sender)
        if stored:
            already = phrase("contact", "already", unlike=self.memory.before, number=stored.id)
            say(self.dispatcher, self.memory, message(already, buttons=[change_button()]))
            return False
        human = intent == "request_human"
        lead = phrase(
            "contact", "start_human" if human else "start", unlike=self.memory.before, practice=practice.name()
        )
        return self._ask(WANTED if human else NAME, lead)

    def change(self) -> bool:
        """Asks for another number for the request that stands."""
        if not consultations.begin_change(self.sender):
            self._say(phrase("contact", "nothing_to_change"))
            return False
        return self._ask(REACH, phrase("contact", "changing"))

    def ask_again(self) -> bool:
        """The open part once more, after something else was answered."""
        return self._ask(str(self.memory.asked))

    def explain(self) -> bool:
        """Why the open part is asked for, and the part again."""
        return self._ask(str(self.memory.asked), phrase("contact", "why", str(self.memory.asked)))

    def take(self, heard: Heard, reason: str) -> bool:
        """Takes the answer to the open part in."""
        part = str(self.memory.asked)
        if heard.wish == SKIP and part != TIME:
            return self.withdraw()
        if part == CONSENT and contact.corrects(heard):
            return self._ask(NAME, phrase("contact", "changing"))
        agreed = contact.answers(heard)
        if part == WANTED and agreed is None and self._takes_what_is_told_at_once(heard):
            return self._ask_next(part)
        if part in (WANTED, CONSENT):
            return self._take_yes_or_no(part, agreed, reason)
        if part != TIME and contact.says_no(heard):
            return self.withdraw()
        return self._take_part(part, heard)

    def _takes_what_is_told_at_once(self, heard: Heard) -> bool:
        """Whether a name or a number came in place of a plain yes; they are kept."""
        told = {part: said for part, said in zip((NAME, REACH), contact.volunteered(heard), strict=True) if said}
        for part, said in told.items():
            self._keep(part, said)
        return bool(told)

    def _take_yes_or_no(self, part: str, agreed: bool | None, reason: str) -> bool:
        if agreed is None:
            return self._failed(phrase("tries", "first", unlike=self.memory.before))
        if not agreed:
            return self.withdraw()
        return self._ask(NAME) if part == WANTED else self._store(reason)

    def _take_part(self, part: str, heard: Heard) -> bool:
        read = {NAME: contact.name_in, REACH: contact.reach_in, TIME: contact.time_in}[part](heard)
        if part == TIME and heard.wish == SKIP:
            return self._take_any_time()
        if not read:
            return self._failed(phrase("contact", BAD[part], unlike=self.memory.before))
        self._keep(part, read)
        reach = contact.reach_in(heard) if part == NAME else ""
        if reach:  # "I am Walter, 415-555-0110"
            self._keep(REACH, reach)
        return self._ask_next(part)

    def _take_any_time(self) -> bool:
        """A time is not needed: to lose the request over it would help nobody."""
        self._keep(TIME, str(words()["contact"]["times"][-1]))
        return self._ask_next(TIME)

    def _keep(self, part: str, said: str) -> None:
        consultations.keep_part(self.sender, self.channel, RECORDED[part], said)

    def _ask_next(self, after: str) -> bool:
        """The next part that was not told yet; at the end what was told is read back."""
        draft = consultations.draft_of(self.sender)
        for part in PARTS[PARTS.index(after) + 1 : -1]:
            if not getattr(draft, RECORDED[part]):
                return self._ask(part)
        told = [one for one in (draft.name, draft.reach, draft.best_time) if one] if draft else []
        return self._ask(CONSENT, phrase("contact", "read_back", parts=", ".join(told)), private=True)

    def _store(self, reason: str) -> bool:
        try:
            number = consultations.confirm(self.sender, reason)
        except consultations.IncompleteError:  # the draft was dropped meanwhile: it lives for a day
            return self._ask(NAME)
        kept = phrase("contact", "kept", number=number, practice=practice.name())
        self._say(" ".join([kept, *practice.how_to_reach(), phrase("contact", "meanwhile")]))
        return self._done()

    def _failed(self, problem: str) -> bool:
        self.memory.tries += 1
        if self.memory.tries < MOST_TRIES:
            return self._ask(str(self.memory.asked), problem, keep_tries=True)
        if self.memory.asked == TIME:
            return self._take_any_time()
        return self.withdraw(phrase("help_line"))

    def withdraw(self, after: str = "") -> bool:
        """Erases what was told and not agreed to; no part is asked for any more."""
        consultations.withdraw(self.sender)
        stands = consultations.standing(self.sender) is not None
        withdrawn = phrase("contact", "unchanged" if stands else "withdrawn", unlike=self.memory.before)
        self._say(" ".join(part for part in (withdrawn, after) if part))
        return self._done()

    def _done(self) -> bool:
        self.memory.asked, self.memory.tries = None, 0
        return False

    def _ask(self, part: str, before: str = "", keep_tries: bool = False, private: bool = False) -> bool:
        self.memory.asked = part
        self.memory.tries = self.memory.tries if keep_tries else 0
        asked = part_question(part, self.memory, before)
        if private:
            asked["json_message"][PRIVATE] = True
        say(self.dispatcher, self.memory, asked)
        return True

    def _say(self, text: str) -> None:
        say(self.dispatcher, self.memory, message(text))


BAD = {NAME: "bad_name", REACH: "bad_reach", TIME: "bad_time"}


def part_question(part: str, memory: Memory, before: str = "") -> Message:
    """The question for a part, with choices where there are any."""
    asked = phrase("contact", part, unlike=memory.before, practice=practice.name())
    buttons = _buttons(part)
    text = " ".join(one for one in (before, asked) if one)
    return message(text, buttons=buttons, asks=part, input="choice" if buttons else "text")


def _buttons(part: str) -> list[Button]:
    said: dict[str, Any] = words()["contact"]
    if part == TIME:
        return [{"title": time, "payload": f"{ANSWER}={time}"} for time in said["times"]]
    if part in (WANTED, CONSENT):
        return [{"title": said[key], "payload": f"{ANSWER}={key}"} for key in ("yes", "no")]
    return []
