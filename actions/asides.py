"""Everything beside the form: the opening, danger, questions of the person's own, courtesies, stop and restart."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, asking, triage_form
from actions.hearing import hear
from actions.memory import Memory
from actions.words import phrase, words
from imr_logic import Assessment, assess
from imr_logic.language import law_values

Event = dict[str, Any]


class ActionOpening(Action):
    """Says what this is, in two sentences; to somebody who is known already, only hello."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_opening"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """The opening."""
        memory = Memory.of(tracker)
        if memory.facts:
            dispatcher.utter_message(**asking.message(f"{phrase('asides', 'greet')} {phrase('again')}"))
        else:
            dispatcher.utter_message(**asking.message(f"{phrase('opening')} {phrase('opening_hint')}"))
        return []


class ActionEmergency(Action):
    """911 and 988 at once, with an assessment whose route is `emergency`."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Takes in what else the message told, so that nothing has to be said twice later."""
        memory = Memory.of(tracker)
        heard = hear(tracker, memory)
        triage_form.take_in(memory, heard)
        if heard.facts.get("immediate_danger") is not True:
            return _ask_whether_anyone_is_in_danger(dispatcher, memory)
        facts = memory.case_facts()
        found = assess(facts)
        triage_form.keep(tracker, facts, found)
        kind = "self_harm" if heard.intent == "crisis_self_harm" else "medical_emergency"
        return triage_form.emergency(dispatcher, memory, found, kind)


def _ask_whether_anyone_is_in_danger(dispatcher: CollectingDispatcher, memory: Memory) -> list[Event]:
    """The model alone thought of danger, which no rule found: help is named at once, and the person is asked."""
    memory.asked, memory.tries = "immediate_danger", 0
    lead = phrase("emergency", "perhaps")
    dispatcher.utter_message(**asking.question("immediate_danger", memory, lead))
    return [memory.as_event(), *triage_form.close()]


class ActionAside(Action):
    """Answers a question or a courtesy by the intent of the message, from the facts known so far."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_aside"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """One message; facts told beside the question are taken in."""
        memory = Memory.of(tracker)
        heard = hear(tracker, memory)
        triage_form.take_in(memory, heard)
        intent = heard.intent if heard.intent in words()["asides"] else "nlu_fallback"
        dispatcher.utter_message(**asking.message(_reply(str(intent), memory)))
        return [memory.as_event()]


def _reply(intent: str, memory: Memory) -> str:
    if not intent.startswith("ask_"):
        return phrase("asides", intent)
    found = assess(memory.case_facts(), look_ahead=False)
    if not memory.facts and intent in ("ask_deadline", "ask_eligibility"):
        return f"{phrase('asides', 'tell_first')}"
    return str(words()["asides"][intent]).format(**law_values(), **_values(found))


def _values(found: Assessment) -> dict[str, str]:
    """What the answers to questions may fill in from the case."""
    lines = [answering.date_line(deadline, found.today) for deadline in found.deadlines]
    return {
        "step": found.steps[0].text,
        "documents": ", ".join(one.text[:1].lower() + one.text[1:] for one in found.documents),
        "dates": "\n".join(lines) or phrase("asides", "ask_deadline_unknown"),
        "summary": f"{found.title}. {found.summary}",
    }


class ActionStop(Action):
    """Ends the questions; the case stays."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Says that it stops."""
        memory = Memory.of(tracker)
        memory.asked, memory.tries = None, 0
        dispatcher.utter_message(**asking.message(phrase("asides", "stop")))
        return [memory.as_event(), *triage_form.close()]


class ActionBeginAgain(Action):
    """Erases the facts of the case, here and in what is kept for staff."""

    says = "delete_my_data"

    def name(self) -> str:
        """The name in the domain."""
        return "action_begin_again"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Clears everything known; the case kept for staff is replaced by an empty one."""
        dispatcher.utter_message(**asking.message(phrase("asides", self.says)))
        empty = Memory().case_facts()
        triage_form.keep(tracker, empty, assess(empty, look_ahead=False))
        return [dict(Restarted())]


class ActionRestart(ActionBeginAgain):
    """In place of Rasa's own, which says nothing."""

    says = "restart"

    def name(self) -> str:
        """The name that Rasa looks for when the intent is `restart`."""
        return "action_restart"


class ActionDefaultFallback(Action):
    """When nothing else applies: says how to go on."""

    def name(self) -> str:
        """The name that Rasa looks for."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """One line of help."""
        dispatcher.utter_message(**asking.message(phrase("asides", "nlu_fallback")))
        return []
