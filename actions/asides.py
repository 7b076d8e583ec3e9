"""Everything beside the form: the opening, danger, questions of the person's own, courtesies, stop and restart."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions import asking, consulting, emergency, reminding, wishes
from actions.hearing import Heard, hear
from actions.learning import take_in
from actions.memory import Memory
from actions.saying import say, topic_message
from actions.topics import TOPICS
from actions.triage_form import channel_of, keep
from actions.turn import close
from actions.words import phrase, words
from imr_logic import Assessment, assess
from imr_logic.language import say_day
from records import cases, consultations, forgetting, reminders, texters

Event = dict[str, Any]
# Tells the tracker store that nothing said before may stay (records/tracker_store.py, which needs Rasa).
FORGET = "forget"
ENDINGS = ("thank", "goodbye")


class ActionOpening(Action):
    """Says what this is, in two sentences; to somebody who is known already, only hello."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_opening"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """The opening."""
        memory = Memory.of(tracker)
        keys: list[tuple[str, ...]] = [("opening",), ("opening_hint",)]
        if channel_of(tracker) == texters.CHANNEL and not memory.before:
            keys = [("asides", "greet_new")]  # who texts for the first time was told by the channel what this is
        if memory.before:
            keys = [("asides", "greet"), ("again",)] if memory.facts else [("asides", "greet_new")]
        text = " ".join(phrase(*path, unlike=memory.before) for path in keys)
        say(dispatcher, memory, asking.message(text))
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
        consultations.withdraw(tracker.sender_id)
        take_in(memory, heard)
        if heard.facts.get("immediate_danger") is not True:
            return emergency.ask_whether_anyone_is_in_danger(dispatcher, memory)
        facts = memory.case_facts()
        found = assess(facts)
        keep(tracker, facts, found)
        kind = "self_harm" if heard.intent == "crisis_self_harm" else "medical_emergency"
        return emergency.help_at_once(dispatcher, memory, found, kind)


class ActionAside(Action):
    """Answers a question or a courtesy by the intent of the message, from the facts known so far."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_aside"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """One message; facts told beside the question are taken in."""
        memory = Memory.of(tracker)
        heard = hear(tracker, memory)
        if not (consulting.is_open(memory) or reminding.is_open(memory)):
            take_in(memory, heard)
            if memory.is_answered:
                memory.asked, memory.tries = None, 0
        facts = memory.case_facts()
        found = assess(facts)
        say(dispatcher, memory, _reply(heard, memory, found, tracker.sender_id))
        if memory.facts:
            keep(tracker, facts, found)
        return [memory.as_event()]


def _reply(heard: Heard, memory: Memory, found: Assessment, sender: str) -> asking.Message:
    fulfilled = None if wishes.stands_behind(heard) else wishes.fulfilled(heard, memory, found, sender)
    if fulfilled:
        return fulfilled
    if heard.intent in TOPICS:
        return topic_message(str(heard.intent), memory, found, text=heard.text)
    unclear = "nothing_new" if memory.route else "nlu_fallback"  # who has an answer is not asked for the story again
    intent = heard.intent if heard.intent in words()["asides"] and heard.intent != "nlu_fallback" else unclear
    asks = wishes.ask_whether_it_helped(memory) if intent in ENDINGS else []
    before = words()["did_it_help"]["question"] if asks else ""
    text = phrase("asides", str(intent), unlike=memory.before)
    return asking.message(f"{text} {before}".strip(), buttons=asks)


class ActionStop(Action):
    """Ends the questions; the case stays, a request for a call that was not agreed to is dropped."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Says that it stops."""
        memory = Memory.of(tracker)
        consultations.withdraw(tracker.sender_id)
        memory.asked, memory.tries, memory.paused = None, 0, True
        say(dispatcher, memory, asking.message(phrase("asides", "stop", unlike=memory.before)))
        return [memory.as_event(), *close()]


class ActionBeginAgain(Action):
    """Erases what was written, the facts of the case and every request for a call; says so as a receipt."""

    says = "delete_my_data"

    def name(self) -> str:
        """The name in the domain."""
        return "action_begin_again"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Clears everything known."""
        memory = Memory.of(tracker)
        day = say_day(memory.day)
        what = words()["joiner"].join(words()["receipt"][store] for store in forgetting.STORES)
        said = asking.message(phrase("asides", self.says, unlike=memory.before, day=day, what=what))
        said["json_message"]["anew"] = True
        say(dispatcher, memory, said)
        self.erase(tracker.sender_id)
        return [{**Restarted(), "metadata": {FORGET: True}}]

    def erase(self, sender: str) -> None:
        """What the records forget."""
        forgetting.forget(sender, by="the person")


class ActionRestart(ActionBeginAgain):
    """In place of Rasa's own, which says nothing. What was written stays for staff, and so does a request for a
    call that was agreed to."""

    says = "restart"

    def name(self) -> str:
        """The name that Rasa looks for when the intent is `restart`."""
        return "action_restart"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """Clears the case."""
        super().run(dispatcher, tracker, domain)
        return [dict(Restarted())]

    def erase(self, sender: str) -> None:
        """What the records forget."""
        consultations.withdraw(sender)
        cases.erase(sender)
        reminders.end(sender)  # they were about the case that is gone


class ActionDefaultFallback(Action):
    """When nothing else applies: says how to go on."""

    def name(self) -> str:
        """The name that Rasa looks for."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        """One line of help."""
        memory = Memory.of(tracker)
        key = "nothing_new" if memory.route else "nlu_fallback"
        say(dispatcher, memory, asking.message(phrase("asides", key, unlike=memory.before)))
        return []
