"""One turn of the form after the facts were taken in: ask about what cannot be right, ask what is missing, or answer.

Which question comes next is decided by `Assessment.missing` alone; there is no list of questions here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answering, asking, consulting, doubting, reminding
from actions.hearing import Heard
from actions.learning import Learned
from actions.memory import Memory
from actions.papers import paper_links
from actions.saying import say, topic_message
from actions.topics import ANSWER
from actions.words import phrase, words
from imr_logic import Assessment, assess, vocabulary
from imr_logic.language.saying import retold

MOST_TRIES = 3
# Who tells other things each time is not asked the same for ever.
MOST_TIMES = 3
DANGER = "immediate_danger"
MOST_IN_A_SENTENCE = 4
Event = dict[str, Any]


def close() -> list[Event]:
    """The events that end the form."""
    return [dict(SlotSet("requested_slot", None)), dict(ActiveLoop(None))]


class Turn:
    """What the assistant does with what it heard. `sender` is the conversation, for the links to its papers."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        memory: Memory,
        heard: Heard,
        learned: Learned,
        found: Assessment,
        sender: str,
    ) -> None:
        self.dispatcher = dispatcher
        self.memory = memory
        self.heard = heard
        self.learned = learned
        self.found = found
        self.sender = sender

    def go_on(self) -> list[Event]:
        """Asks about what cannot be right, then what is missing; gives the answer when nothing is."""
        if self.heard.impossible and not self.learned:
            return self._ask_for_a_day_that_exists()
        if self.found.contradictions and self._danger_is_known():
            return self._ask_about_contradiction()
        if self.learned.doubted:
            return self._ask_which_is_right()
        if self.found.missing or not self._danger_is_known():
            return self._ask_next()
        return self._answer()

    def _danger_is_known(self) -> bool:
        """Whether anyone is in danger comes before every other question."""
        return DANGER in self.memory.facts

    def _phrase(self, *keys: str, **values: Any) -> str:
        return phrase(*keys, unlike=self.memory.before, **values)

    def _ask(self, fact: str, before: str) -> list[Event]:
        self.memory.times = self.memory.times + 1 if fact == self.memory.asked else 1
        self.memory.asked = fact
        say(self.dispatcher, self.memory, asking.question(fact, self.memory, before))
        return [self.memory.as_event()]

    def _ask_for_a_day_that_exists(self) -> list[Event]:
        self.memory.tries += 1
        text = self._phrase("impossible_date", text=self.heard.impossible[0])
        fact = self.memory.asked or (self.found.missing[0] if self.found.missing else None)
        if fact and self.memory.tries >= MOST_TRIES:
            return self._skip(fact)
        self.memory.asked = fact
        is_day = bool(fact) and vocabulary()[str(fact)].kind == "day"
        said = asking.message(text, asks=fact, input="date" if is_day else "text")
        say(self.dispatcher, self.memory, said)
        return [self.memory.as_event()]

    def _ask_about_contradiction(self) -> list[Event]:
        """Names what does not fit and asks for the part told last. Who stays with it gets the answer that the law
        room has for days that cannot all be right, so that nobody is held up."""
        problem = self.found.contradictions[0]
        told = [fact for fact in problem.facts if fact in self.learned]
        self.memory.tries += 1
        if self.memory.tries >= MOST_TRIES or (self.memory.route and not told):
            return self._answer(phrase("contradiction_left"))
        asked = (told or problem.facts)[-1]
        self.memory.facts.pop(asked, None)
        return self._ask(asked, self._phrase("contradiction", problem=problem.text))

    def _ask_which_is_right(self) -> list[Event]:
        """A fact told in two ways is never replaced without a word."""
        fact, value = next(iter(self.learned.doubted.items()))
        asked = doubting.question(fact, value, self.memory)
        lead = self._said_back()
        say(self.dispatcher, self.memory, {**asked, "text": " ".join(part for part in (lead, asked["text"]) if part)})
        return [self.memory.as_event()]

    def _next_fact(self) -> str:
        """What is most decisive; but a question that is open stays open while other things are told."""
        if not self._danger_is_known():
            return DANGER
        missing = self.found.missing
        still_open = self.memory.asked in missing and vocabulary()[missing[0]].group != "safety"
        return str(self.memory.asked) if still_open else missing[0]

    def _ask_next(self) -> list[Event]:
        fact = self._next_fact()
        failed = fact == self.memory.asked and not self.learned and not self.heard.is_mere_ok
        self.memory.tries = self.memory.tries + 1 if failed else 0
        asked_enough = fact == self.memory.asked and self.memory.times >= MOST_TIMES
        if self.memory.tries >= MOST_TRIES or asked_enough:
            return self._skip(fact)
        return self._ask(fact, self._lead())

    def _lead(self) -> str:
        """What is said before a question."""
        lines = (self._crisis_line(), self._how_it_went(), self._late_line(), self._call_line())
        return " ".join(part for part in lines if part)

    def _late_line(self) -> str:
        """Who fears that it is too late is told at once that late is seldom closed."""
        afraid = any(word in self.heard.text.lower() for word in words()["fears_late"])
        return phrase("late_often") if afraid and self.learned.is_first else ""

    def _call_line(self) -> str:
        """Who asks for a call while they tell their story is told how to get one, so that the wish is not lost."""
        asks = any(word in self.heard.text.lower() for word in words()["of_a_call"])
        return phrase("call_later") if asks and self.learned.is_first else ""

    def _crisis_line(self) -> str:
        """Who speaks of suicide, even of what is past, is told once that somebody is there."""
        if self.memory.danger or not any(word in self.heard.text.lower() for word in words()["of_suicide"]):
            return ""
        self.memory.danger = "self_harm"
        return phrase("emergency", "beside")

    def _how_it_went(self) -> str:
        if self.heard.perhaps_danger:
            return self._phrase("emergency", "perhaps")
        if self.memory.tries == 1:
            return self._phrase("tries", "known" if self.heard.facts else "first")
        if self.memory.tries >= 2:
            is_day = vocabulary()[str(self.memory.asked)].kind == "day"
            return f"{phrase('tries', 'second_open' if is_day else 'second')} {phrase('help_line')}"
        return self._said_back()

    def _said_back(self) -> str:
        """What was taken in and what it replaced, in one line each. A pressed
        button needs no saying back, and who is not sure has told nothing."""
        if self.heard.source == "chosen" or self.heard.unsure:
            return ""
        new = "heard" if self.learned.is_first else "noted"
        wrong = [phrase("not_in_calendar", text=text) for text in self.heard.impossible[:1]]
        return " ".join([*_in_short("changed", self.learned.changed), *_in_short(new, self.learned.new), *wrong])

    def _skip(self, fact: str, before: str = "") -> list[Event]:
        """Not understood too often: the fact stays open, and the talk goes on without it."""
        for name, value in asking.not_sure(fact).items():
            self.memory.learn(name, value, "said")
        self.memory.asked, self.memory.tries = None, 0
        self.found = assess(self.memory.case_facts())
        danger = phrase("emergency", "perhaps") if fact == DANGER else ""
        skipped = " ".join(part for part in (before or phrase("tries", "skipped"), danger) if part)
        if not self.found.missing:
            return self._answer(skipped)
        said_back = "" if before else self._said_back()
        return self._ask(self.found.missing[0], " ".join(part for part in (said_back, skipped) if part))

    def _answer(self, before: str = "") -> list[Event]:
        if not before and not self.learned and self.is_the_same():
            return self._nothing_new()
        memory = self.memory
        was = None if memory.route == "emergency" else memory.route  # safe again: the path is told anew
        changed = answering.what_changed(self.found, was, memory.dates, memory.before)
        lead = [part for part in (before, changed, self._said_back()) if part]
        said = self._short(" ".join(lead)) if self._leads_to_the_same() else self._whole(lead)
        say(self.dispatcher, self.memory, said)
        self._keep_answer()
        return [self.memory.as_event(), *close()]

    def _nothing_new(self) -> list[Event]:
        """The answer was given and nothing was added to it."""
        key = "fine" if self.heard.is_mere_ok or self.heard.intent in ("affirm", "deny") else "nothing_new"
        say(self.dispatcher, self.memory, asking.message(self._phrase("asides", key)))
        self._keep_answer()
        return [self.memory.as_event(), *close()]

    def is_the_same(self) -> bool:
        """Whether the answer is the one given before."""
        return self.memory.route == self.found.route and self.memory.dates == answering.days_of(self.found)

    def _leads_to_the_same(self) -> bool:
        """Whether route and main date are those given before; another date may have moved, which is told."""
        return self.memory.route == self.found.route and answering.keeps_main_day(self.found, self.memory.dates)

    def _whole(self, lead: Sequence[str]) -> asking.Message:
        offered = [consulting.button()] if consulting.would_help(self.memory.case_facts(), self.found) else []
        first_time = f"{phrase('can_ask')} {reminding.offer(self.found)}".strip() if self.memory.route is None else ""
        last = self._phrase("contact", "offer") if offered else first_time
        return topic_message(
            ANSWER,
            self.memory,
            self.found,
            before=lead,
            after=last,
            assessment=self.found,
            buttons=offered,
            papers=paper_links(self.sender, self.memory.case_facts(), self.found),
        )

    def _short(self, lead: str) -> asking.Message:
        """The answer in a few words, when it stays what it was."""
        self.memory.more = {"topic": ANSWER, "page": 0}
        text = f"{lead} {answering.it_stays(self.found)}"
        return asking.message(text, buttons=[answering.more_button()], assessment=self.found)

    def _keep_answer(self) -> None:
        self.memory.asked, self.memory.tries = None, 0
        self.memory.route, self.memory.dates = self.found.route, answering.days_of(self.found)


def _in_short(lead: str, facts: Mapping[str, Any]) -> list[str]:
    """Facts said back in sentences that are not too long to follow."""
    said, joiner = retold(facts), str(words()["joiner"])
    groups = [joiner.join(said[at : at + MOST_IN_A_SENTENCE]) for at in range(0, len(said), MOST_IN_A_SENTENCE)]
    return [phrase(lead if at == 0 else "heard_more", facts=group) for at, group in enumerate(groups)]
