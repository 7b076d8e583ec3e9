"""The form's only action: takes in what was told, and either asks what is missing or gives the answer.

Which question comes next is decided by `Assessment.missing` alone; there is no list of questions here. The whole
turn is one call, because each call to the action server costs more than the work in it.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, asking
from actions.hearing import Heard, hear
from actions.memory import Memory
from actions.retelling import retell
from actions.words import phrase, words
from imr_logic import Assessment, CaseFacts, assess, vocabulary
from records import cases

FORM = "triage_form"
MOST_TRIES = 3
# What runs in a turn of the form itself.
OWN_STEPS = frozenset({FORM, "action_listen", "action_extract_slots", None})
# The intents that data/rules answers while a question is open. A test holds them against the rules.
COURTESIES = frozenset({"greet", "thank", "goodbye", "out_of_scope", "abusive"})
INTERRUPTIONS = frozenset(
    {
        *("ask_deadline", "ask_eligibility", "ask_how_to_file", "ask_documents", "ask_doctor_letter", "ask_timeline"),
        *("ask_outcome_odds", "ask_after_decision", "ask_cost", "ask_regulator", "ask_legal_advice"),
        *("request_consultation", "request_human", "help", "stop", "delete_my_data"),
        *("medical_emergency", "crisis_self_harm"),
    }
)
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
            return ask_again(dispatcher, memory)
        heard = hear(tracker, memory)
        if hands_over(heard):
            return [dict(ActionExecutionRejected(FORM))]
        learned = take_in(memory, heard)
        facts = memory.case_facts()
        found = assess(facts)
        keep(tracker, facts, found)
        if found.route == "emergency":
            return still_in_danger(dispatcher, memory, heard, found)
        return Turn(dispatcher, memory, heard, learned, found).go_on()


def hands_over(heard: Heard) -> bool:
    """Whether the message is not for the form. An open form gets every message first; when it rejects one, the
    rules in data/rules say what to do. A mere courtesy that tells a fact is an answer."""
    if heard.intent in COURTESIES:
        return not heard.anything
    return heard.intent in INTERRUPTIONS


def came_back_from_an_aside(tracker: Tracker) -> bool:
    """Whether another action already answered this message, so that only the open question is left."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in OWN_STEPS:
            return True
    return False


def ask_again(dispatcher: CollectingDispatcher, memory: Memory) -> list[Event]:
    """The open question once more, after a question of the person's own was answered."""
    if memory.asked is None:
        return [dict(SlotSet("requested_slot", None))]
    dispatcher.utter_message(**asking.question(memory.asked, memory))
    return [memory.as_event()]


def take_in(memory: Memory, heard: Heard) -> dict[str, Any]:
    """Puts what was told into memory; what is new, by fact."""
    learned = {fact: value for fact, value in heard.facts.items() if memory.learn(fact, value, heard.source)}
    for fact, value in heard.implied.items():
        memory.learn(fact, value, "implied")
    if heard.facts.get("grievance_status") == "not_filed":
        forget_the_grievance(memory)
    return learned


def forget_the_grievance(memory: Memory) -> None:
    """No grievance was filed after all: its dates go too."""
    for fact in [name for name in memory.facts if name.startswith("grievance_") and name.endswith("_date")]:
        del memory.facts[fact]


def keep(tracker: Tracker, facts: CaseFacts, found: Assessment) -> None:
    """The case as it stands now, for the papers and the staff."""
    channel = tracker.get_latest_input_channel() or "unknown"
    cases.save(tracker.sender_id, channel, facts.as_plain(), found, found.today)


def emergency(dispatcher: CollectingDispatcher, memory: Memory, found: Assessment, kind: str = "") -> list[Event]:
    """911 and 988 at once; the form closes, and the case waits."""
    dispatcher.utter_message(**answering.emergency(found, kind))
    memory.asked, memory.tries = None, 0
    memory.route, memory.date = found.route, None
    return [memory.as_event(), *close()]


def still_in_danger(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, found: Assessment) -> list[Event]:
    """Help again when danger is told again; else what was told is kept, and the way out of danger is asked for."""
    if heard.facts.get("immediate_danger") is True:
        return emergency(dispatcher, memory, found)
    memory.asked = "immediate_danger"
    dispatcher.utter_message(**asking.question("immediate_danger", memory, phrase("emergency", "kept")))
    return [memory.as_event()]


def close() -> list[Event]:
    """The events that end the form."""
    return [dict(SlotSet("requested_slot", None)), dict(ActiveLoop(None))]


class Turn:
    """One turn of the form after the facts were taken in."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        memory: Memory,
        heard: Heard,
        learned: dict[str, Any],
        found: Assessment,
    ) -> None:
        self.dispatcher = dispatcher
        self.memory = memory
        self.heard = heard
        self.learned = learned
        self.found = found

    def go_on(self) -> list[Event]:
        """Asks about what cannot be right, then what is missing; gives the answer when nothing is."""
        if self.heard.impossible:
            return self._ask(self._expected(), phrase("impossible_date", text=self.heard.impossible[0]))
        if self.found.contradictions:
            return self._ask_about_contradiction()
        if self.found.missing:
            return self._ask_next()
        return self._answer()

    def _expected(self) -> str | None:
        return self.memory.asked or (self.found.missing[0] if self.found.missing else None)

    def _ask(self, fact: str | None, before: str) -> list[Event]:
        self.memory.asked = fact
        message = asking.question(fact, self.memory, before) if fact else asking.message(before)
        self.dispatcher.utter_message(**message)
        return [self.memory.as_event()]

    def _ask_about_contradiction(self) -> list[Event]:
        problem = self.found.contradictions[0]
        for fact in problem.facts:
            if fact in self.learned or len(problem.facts) == 1:
                self.memory.facts.pop(fact, None)
        text = phrase("contradiction", problem=problem.text)
        last = next((fact for fact in problem.facts if fact not in self.memory.facts), problem.facts[-1])
        return self._ask(last, text)

    def _next_fact(self) -> str:
        """What is most decisive; but a question that is open stays open while other things are told."""
        missing = self.found.missing
        still_open = self.memory.asked in missing and vocabulary()[missing[0]].group != "safety"
        return str(self.memory.asked) if still_open else missing[0]

    def _ask_next(self) -> list[Event]:
        fact = self._next_fact()
        same = fact == self.memory.asked
        self.memory.tries = self.memory.tries + 1 if same and not self.learned else 0
        if self.memory.tries >= MOST_TRIES:
            return self._skip(fact)
        return self._ask(fact, self._lead())

    def _lead(self) -> str:
        if self.memory.tries == 1:
            return phrase("tries", "first")
        if self.memory.tries >= 2:
            return f"{phrase('tries', 'second')} {phrase('help_line')}"
        said = retell(self.learned) if self.heard.source != "chosen" else ""
        return phrase("heard", facts=said) if said else ""

    def _skip(self, fact: str) -> list[Event]:
        """Three times not understood: the fact stays open, and the talk goes on without it."""
        unsure = words()["questions"].get(fact, {}).get("not_sure", {fact: None})
        for name, value in unsure.items():
            self.memory.learn(name, value, "said")
        self.memory.asked, self.memory.tries = None, 0
        self.found = assess(self.memory.case_facts())
        if not self.found.missing:
            return self._answer(phrase("tries", "skipped"))
        return self._ask(self.found.missing[0], phrase("tries", "skipped"))

    def _answer(self, before: str = "") -> list[Event]:
        changed = answering.what_changed(self.found, self.memory.route, self.memory.date)
        said = retell(self.learned) if self.heard.source != "chosen" else ""
        heard = phrase("heard", facts=said) if said else ""
        lead = " ".join(part for part in (before, heard, changed) if part)
        self.dispatcher.utter_message(**answering.answer(self.found, lead))
        main = self.found.main_deadline
        self.memory.asked, self.memory.tries = None, 0
        self.memory.route = self.found.route
        self.memory.date = main.date.isoformat() if main and main.date else None
        return [self.memory.as_event(), *close()]
