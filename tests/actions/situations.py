"""A conversation as an action sees it, without a server: a message heard, the memory before it, what was said."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import SLOT
from actions.triage_form import ValidateTriageForm

SENDER = "web-somebody"
NO_DANGER: dict[str, Any] = {"immediate_danger": False, "urgent": False}
# A denial that nothing was done about yet.
NEW_DENIAL: dict[str, Any] = {
    **NO_DANGER,
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
}
# The same as a talk knows it, with all that is asked about; and after the plan stayed with its no.
DENIED: dict[str, Any] = {
    **{fact: value for fact, value in NEW_DENIAL.items() if fact != "today"},
    "provider_support": "in_plan_recommended",
    "care_status": "future",
    "service_category": "imaging",
}
UPHELD: dict[str, Any] = {
    **DENIED,
    "grievance_status": "upheld",
    "grievance_filed_date": "2026-10-12",
    "grievance_decision_date": "2026-11-02",
}


def stated(**facts: Any) -> list[dict[str, Any]]:
    """The entities of stated facts; a day as its ISO day."""
    return [entity for fact, value in facts.items() for entity in _entities(fact, value)]


def _entities(fact: str, value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    if fact.endswith("_date"):
        values = [{"earliest": value, "latest": value, "precision": "exact"}]
    return [{"entity": fact, "value": one, "role": "stated", "text": "words"} for one in values]


class Talk:
    """A talk with the form alone. `said` is what it said last, message by message; `memory` what it remembers."""

    def __init__(self, **known: Any) -> None:
        facts = {fact: {"value": value, "source": "said"} for fact, value in known.items()}
        self.memory: dict[str, Any] = {"facts": facts}
        self.said: list[dict[str, Any]] = []
        self.rejected = False
        self.channel = "web"
        self._events: list[dict[str, Any]] = []

    def hear(self, intent: str, entities: list[dict[str, Any]] | None = None, text: str = "...") -> str:
        """One message; all that was said to it."""
        self._events.append({"event": "user", "input_channel": self.channel})
        latest = {"intent": {"name": intent}, "entities": entities or [], "text": text}
        tracker = Tracker(SENDER, {SLOT: self.memory}, latest, list(self._events), False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = ValidateTriageForm().run(dispatcher, tracker, {})
        self._take(events, dispatcher.messages)
        return "\n".join(message["text"] for message in self.said)

    def press(self, payload: str) -> str:
        """Presses a button."""
        return self.hear("give_details", [{"entity": "choice", "value": payload, "text": payload}])

    def _take(self, events: list[dict[str, Any]], messages: list[dict[str, Any]]) -> None:
        self.said = messages
        self._events += [{"event": "bot", "text": message["text"]} for message in messages]
        self.rejected = any(event["event"] == "action_execution_rejected" for event in events)
        for event in events:
            if event.get("name") == SLOT:
                self.memory = event["value"]

    @property
    def asks(self) -> str | None:
        """What the last message asks for."""
        return self.said[-1]["custom"]["asks"] if self.said else None

    @property
    def payloads(self) -> list[str]:
        """The payloads of the buttons of the last message."""
        return [button["payload"] for button in self.said[-1]["buttons"]] if self.said else []

    def knows(self, fact: str) -> Any:
        """The value kept of a fact."""
        return self.memory["facts"].get(fact, {}).get("value")
