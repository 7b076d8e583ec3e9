"""The form's only action: takes in what was told, and asks what is missing, gives the answer, or sets up a call.

The whole turn is one call, because each call to the action server costs more than the work in it.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected
from rasa_sdk.executor import CollectingDispatcher

from actions import asking, consulting, contact, doubting, emergency, mending, reminding, wishes
from actions.consulting import Request
from actions.emergency import ASKS_FOR_A_PERSON
from actions.hearing import SKIP, Heard, hear
from actions.learning import BESIDE, Learned, take_in
from actions.memory import Memory
from actions.reminding import Reminders
from actions.saying import say
from actions.topics import ANSWER, CONTINUING, TOPICS
from actions.turn import Turn, close
from actions.words import words
from imr_logic import Assessment, CaseFacts, assess, vocabulary
from records import cases, consultations

FORM = "triage_form"
# "Give me the letter to Anthem": who is named beside a wish.
NAMED = frozenset({"carrier"})
# What runs in a turn of the form itself.
OWN_STEPS = frozenset({FORM, "action_listen", "action_extract_slots", None})
# The intents that data/rules answers while a question is open. A test holds them against the rules.
COURTESIES = frozenset({"greet", "thank", "goodbye", "out_of_scope", "abusive"})
QUESTIONS = frozenset(TOPICS) - {ANSWER, CONTINUING}
DANGERS = frozenset({"medical_emergency", "crisis_self_harm"})
INTERRUPTIONS = QUESTIONS | DANGERS | {"help", "stop", "delete_my_data"}
LEAVES_A_REQUEST = frozenset({"stop", "delete_my_data"})
Event = dict[str, Any]


class ValidateTriageForm(Action):
    """Runs once a turn while the form is open (Rasa calls it by this name)."""

    def name(self) -> str:
        """The name that Rasa looks for."""
        return f"validate_{FORM}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """One turn: learn, assess, ask or answer."""
        memory = Memory.of(tracker)
        if came_back_from_an_aside(tracker):
            return Form(dispatcher, tracker, memory, Heard(None)).go_on_after_an_aside()
        heard = hear(tracker, memory)
        if hands_over(heard, memory):
            return [dict(ActionExecutionRejected(FORM))]
        return Form(dispatcher, tracker, memory, heard).take_turn()


def hands_over(heard: Heard, memory: Memory) -> bool:
    """Whether the message is not for the form. An open form gets every message first; when it rejects one, the
    rules in data/rules say what to do. Danger goes before everything; a mere courtesy that tells a fact is an
    answer."""
    if heard.intent in DANGERS:
        return True
    if reminding.is_open(memory):
        asks = heard.intent in QUESTIONS and heard.asks and heard.source != "chosen"
        return heard.intent in LEAVES_A_REQUEST or asks
    if consulting.is_open(memory):
        return heard.intent in LEAVES_A_REQUEST or _asks_in_a_request(heard, memory)
    if is_for_the_form(heard, memory):
        return False
    if heard.intent in COURTESIES or heard.intent == "stop":
        return not heard.anything  # "no danger this minute, can we move on" is an answer
    if heard.intent in QUESTIONS and heard.facts and memory.asked and not heard.asks:
        return False  # "yes, they upheld the denial" answers what was asked, and asks nothing
    return heard.intent in INTERRUPTIONS


def _asks_in_a_request(heard: Heard, memory: Memory) -> bool:
    """Whether a question of the case is asked instead of answering a part of a request for a call."""
    is_sentence = memory.asked == consulting.NAME and not contact.name_in(heard)
    return heard.intent in QUESTIONS and heard.source != "chosen" and (heard.asks or is_sentence)


def is_for_the_form(heard: Heard, memory: Memory) -> bool:
    """Whether a wish is fulfilled here: "where" only when the open question has an answer to that, and what can
    stand beside a question of the case only when there is none."""
    if heard.wish == "where":
        return "where" in words()["questions"].get(str(memory.asked), {})
    return heard.wish is not None and not wishes.stands_behind(heard)


def came_back_from_an_aside(tracker: Tracker) -> bool:
    """Whether another action already answered this message, so that only the open question is left."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in OWN_STEPS:
            return True
    return False


def keep(tracker: Tracker, facts: CaseFacts, found: Assessment) -> None:
    """The case as it stands now, for the papers and the staff."""
    cases.save(tracker.sender_id, channel_of(tracker), facts.as_plain(), found, found.today)


def channel_of(tracker: Tracker) -> str:
    """The channel that the last message came by."""
    return tracker.get_latest_input_channel() or "unknown"


class Form:
    """One turn of the open form."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, memory: Memory, heard: Heard) -> None:
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.memory = memory
        self.heard = heard
        whose = (tracker.sender_id, channel_of(tracker))
        self.request = Request(dispatcher, memory, *whose)
        self.reminders = Reminders(dispatcher, memory, *whose)

    def take_turn(self) -> list[Event]:
        """What was heard decides who answers; at the end the case is kept as it stands then."""
        events = self._take_turn()
        self._keep()
        return events

    def _take_turn(self) -> list[Event]:
        is_open = consulting.is_open(self.memory) or reminding.is_open(self.memory)
        if is_open and not self._is_pressed_elsewhere():
            return self._go_on_with_the_request()
        if self.memory.asked == doubting.DOUBT:
            self.heard = doubting.settle(self.memory, self.heard)
        mending.put_right(self.heard, self.memory)
        learned = take_in(self.memory, self.heard)
        found = assess(self.memory.case_facts())
        if found.route == "emergency":
            return emergency.still_in_danger(self.dispatcher, self.memory, self.heard, found)
        if self.heard.intent in ASKS_FOR_A_PERSON or self.heard.wish == wishes.CONSULTATION:
            return self._unless_asking(self.request.start(None if self.heard.wish else self.heard.intent), found)
        if self.heard.wish in reminding.WISHES:
            return self._remind(found)
        if self.heard.wish == wishes.CHANGE:
            return self._unless_asking(self.request.change(), found)
        if self.heard.wish and self.heard.wish != SKIP and not self.heard.facts.keys() - BESIDE - NAMED:
            return self._fulfil(found)
        if (self.heard.wish or "").startswith(wishes.EXPLAIN):
            explained = wishes.fulfilled(self.heard, self.memory, found, self.tracker.sender_id)
            say(self.dispatcher, self.memory, explained) if explained else None
        return self._turn(learned, found).go_on()

    @property
    def _open_request(self) -> Request | Reminders:
        """What a part was asked for last: a request for a call, or reminders."""
        return self.reminders if reminding.is_open(self.memory) else self.request

    def _is_pressed_elsewhere(self) -> bool:
        """A button of an earlier message, pressed in the middle of a request: danger and facts are heard. Who is
        only asked whether they want a call may also go on with their story."""
        pressed = self.heard.source == "chosen" and self.heard.chosen is None
        goes_on = self.memory.asked == consulting.WANTED and bool(self.heard.facts)
        return pressed or goes_on

    def _keep(self) -> None:
        facts = self.memory.case_facts()
        if facts.known:
            keep(self.tracker, facts, assess(facts))

    def go_on_after_an_aside(self) -> list[Event]:
        """The open question once more; or the next one, when the aside told something of the case."""
        events = self._go_on_after_an_aside()
        self._keep()
        return events

    def _go_on_after_an_aside(self) -> list[Event]:
        if consulting.is_open(self.memory) or reminding.is_open(self.memory):
            self._open_request.ask_again()
            return [self.memory.as_event()]
        if self.memory.asked == doubting.DOUBT and self.memory.doubt:
            asked = doubting.question(self.memory.doubt["fact"], self.memory.doubt["value"], self.memory)
            say(self.dispatcher, self.memory, asked)
            return [self.memory.as_event()]
        if self.memory.asked in vocabulary() and not self.memory.is_answered:
            say(self.dispatcher, self.memory, asking.question(self.memory.asked, self.memory))
            return [self.memory.as_event()]
        found = assess(self.memory.case_facts())
        if not self.memory.facts or self.memory.paused or found.route == "emergency":
            return close()
        return self._unless_answered(found)

    def _turn(self, learned: Learned, found: Assessment) -> Turn:
        return Turn(self.dispatcher, self.memory, self.heard, learned, found, self.tracker.sender_id)

    def _go_on_with_the_request(self) -> list[Event]:
        if wishes.is_beside_a_request(self.heard):
            return self._answer_beside_the_request()
        request = self._open_request
        asks = request.explain() if self.heard.wish == "why" else request.take(self.heard, self._reason())
        return self._unless_asking(asks, assess(self.memory.case_facts()))

    def _answer_beside_the_request(self) -> list[Event]:
        found = assess(self.memory.case_facts())
        said = wishes.fulfilled(self.heard, self.memory, found, self.tracker.sender_id)
        if said:
            say(self.dispatcher, self.memory, said)
        self._open_request.ask_again()
        return [self.memory.as_event()]

    def _reason(self) -> str:
        return self.memory.route or consultations.ASKED_FOR

    def _unless_asking(self, asks: bool, found: Assessment) -> list[Event]:
        """What comes after a part of a request: nothing while it asks, else the questions of the case."""
        return [self.memory.as_event()] if asks else self._unless_answered(found)

    def _unless_answered(self, found: Assessment) -> list[Event]:
        """Goes on with the case when something is missing, or when the answer is another than the one given."""
        turn = self._turn(Learned(), found)
        if self.memory.facts and (found.missing or not turn.is_the_same()):
            return turn.go_on()
        return [self.memory.as_event(), *close()]

    def _remind(self, found: Assessment) -> list[Event]:
        """Reminders on or off; then the open question once more, unless something is asked for them."""
        open_fact = self.memory.asked if self.memory.asked in vocabulary() else None
        if self.reminders.fulfil(str(self.heard.wish), found):
            return [self.memory.as_event()]
        if open_fact is None:
            return [self.memory.as_event(), *close()]
        say(self.dispatcher, self.memory, asking.question(open_fact, self.memory))
        return [self.memory.as_event()]

    def _fulfil(self, found: Assessment) -> list[Event]:
        """A wish about the open question is answered with it; any other before it."""
        open_fact = self.memory.asked if self.memory.asked in vocabulary() else None
        explained = wishes.explanation(self.heard.wish, self.memory) if open_fact else ""
        said = None if explained else wishes.fulfilled(self.heard, self.memory, found, self.tracker.sender_id)
        if said:
            say(self.dispatcher, self.memory, said)
        if open_fact is None:
            return [self.memory.as_event(), *close()]
        say(self.dispatcher, self.memory, asking.question(open_fact, self.memory, explained))
        return [self.memory.as_event()]
