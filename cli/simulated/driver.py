"""One talk between a simulated person and the assistant, over the web channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from cli.simulated.person import Person, Utterance
from cli.simulated.scenarios import Scenario
from cli.talking import Conversation, Message
from imr_logic import vocabulary

MOST_TURNS = 25
MOST_RETELLINGS = 2
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Turn:
    """What the person wrote in answer to `asked` (None: to no question), the facts that it `tells`, and what came
    back. `payload` is the button that was pressed instead of writing. `again`: what the assistant now asks for had
    been told."""

    asked: str | None
    said: str
    tells: frozenset[str]
    payload: str | None
    messages: tuple[Message, ...]
    again: bool

    @property
    def asks(self) -> str | None:
        """The fact that the assistant asks for now."""
        asked: str | None = self.messages[-1]["asks"] if self.messages else None
        return asked if asked in vocabulary() else None

    @property
    def text(self) -> str:
        """All that the assistant said in this turn."""
        return "\n".join(message["text"] for message in self.messages)


@dataclass
class Talk:
    """One whole talk: the opening, then turn by turn. `ended`: not cut off after MOST_TURNS; `broken`: a turn got an
    error instead of an answer."""

    scenario: Scenario
    opening: tuple[Message, ...]
    turns: list[Turn] = field(default_factory=list)
    ended: bool = False
    broken: bool = False

    @property
    def assessment(self) -> dict[str, Any] | None:
        """The last assessment given."""
        found = [one["assessment"] for turn in self.turns for one in turn.messages if one["assessment"]]
        return found[-1] if found else None


def talk(person: Person, conversation: Conversation, buttons: bool = False) -> Talk:
    """A talk of at most MOST_TURNS turns. With `buttons` the person presses the fitting one where there is one."""
    whole = Talk(person.scenario, tuple(conversation.messages))
    driver = _Driver(person, conversation, whole, buttons)
    driver.write(person.story())
    while len(whole.turns) < MOST_TURNS and not whole.ended:
        whole.ended = not driver.go_on()
    return whole


class _Driver:
    def __init__(self, person: Person, conversation: Conversation, whole: Talk, buttons: bool) -> None:
        self._person = person
        self._conversation = conversation
        self._whole = whole
        self._buttons = buttons
        self._retellings = 0
        self._calmed = False

    def go_on(self) -> bool:
        """One more turn. False when the talk is over."""
        if self._whole.broken:
            return False
        if self._conversation.asks:
            return self._reply(self._conversation.asks)
        said = self._unasked()
        if said is not None:
            self.write(said)
        return said is not None

    def write(self, said: Utterance) -> None:
        """Sends what the person wrote."""
        self._send(said, None)

    def _reply(self, asked: str) -> bool:
        payload = self._fitting_button(asked) if self._buttons else None
        if payload is None:
            said = self._person.answer(asked, self._about())
            if said is not None:
                self.write(said)
            return said is not None
        title = next(one["title"] for one in self._shown_buttons() if one["payload"] == payload)
        pressed = Utterance(title, frozenset(settled_by(payload)))
        self._person.told |= pressed.tells
        self._send(pressed, payload)
        return True

    def _unasked(self) -> Utterance | None:
        """What the person says when nothing is asked: that it is no emergency, what is left, the story once more."""
        found = self._whole.assessment
        if found is None:
            return self._retell()
        if found["route"] != EMERGENCY:
            return self._person.more()
        if self._person.in_danger or self._calmed:
            return None
        self._calmed = True
        return self._person.safe()

    def _retell(self) -> Utterance | None:
        self._retellings += 1
        return self._person.story() if self._retellings <= MOST_RETELLINGS else None

    def _about(self) -> set[str]:
        """The facts that the question is about."""
        return {fact for one in self._shown_buttons() for fact in settled_by(one["payload"])}

    def _shown_buttons(self) -> list[dict[str, str]]:
        shown: list[dict[str, str]] = self._conversation.messages[-1]["buttons"]
        return shown

    def _fitting_button(self, asked: str) -> str | None:
        """The payload of the button that is true of the person and says most."""
        true = [one["payload"] for one in self._shown_buttons() if is_true(one["payload"], asked, self._person.facts)]
        return max(true, key=lambda payload: payload.count("&"), default=None)

    def _send(self, said: Utterance, payload: str | None) -> None:
        talk, asked = self._conversation, self._conversation.asks
        try:
            messages = talk.say(said.text) if payload is None else talk.choose(payload)
        except httpx.HTTPError:
            messages, self._whole.broken = [], True
        now = messages[-1]["asks"] if messages else None
        again = now in self._person.told and now not in self._person.scenario.contradictory
        self._whole.turns.append(Turn(asked, said.text, said.tells, payload, tuple(messages), again))


def settled_by(payload: str) -> dict[str, str]:
    """The facts that a button settles, as written in its payload."""
    return dict(part.partition("=")[::2] for part in payload.split("&"))


def is_true(payload: str, asked: str, facts: Mapping[str, Any]) -> bool:
    """Whether a button such as "immediate_danger=false&urgent=true" settles the asked fact as the person has it."""
    settled = settled_by(payload)
    return asked in settled and all(_as_written(facts.get(fact)) == value for fact, value in settled.items())


def _as_written(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]"
    return {True: "true", False: "false", None: "null"}.get(value, str(value))
