"""One simulated person: what they know, how they say it, and what they have told so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import replace
from random import Random
from typing import NamedTuple

from cli.simulated.days import say_day
from cli.simulated.phrases import Way, added, answers, asked_days, ways, words
from cli.simulated.scenarios import Scenario
from cli.simulated.story import Storyteller, volunteered
from cli.simulated.typing_habits import habit, slipped
from imr_logic import vocabulary

NOT_KNOWN = "unknown"
ON_A_LETTER = ("denial_letter_date", "grievance_decision_date")
PATIENCE = 3  # how often someone answers the same question again before giving up
# Asked facts that a person brings up when nobody asked, because they are out of the ordinary.
OUT_OF_THE_ORDINARY = {
    "state_hearing": ("requested", "held"),
    "grievance_expedited": (True,),
    "urgent": (True,),
}


class Utterance(NamedTuple):
    """What a person writes, and the facts that it tells; a fact said not to be known counts as told."""

    text: str
    tells: frozenset[str]


class Person:
    """Someone with the facts of a scenario. The same `seed` gives the same words; another gives others."""

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        self.scenario = scenario
        self.facts = scenario.facts
        self.told: set[str] = set()
        self._chance = Random(f"{seed} {scenario.id}")
        self._habit = habit(self._chance)
        self._said: set[str] = set()
        self._asked: Counter[str] = Counter()
        self._added = False

    @property
    def in_danger(self) -> bool:
        """Whether this person needs help at once."""
        return self.facts.get("immediate_danger") is True

    def story(self) -> Utterance:
        """The first message; called again, the same facts or a few others in other words."""
        told = self._utter(Storyteller(self.facts, self._chance).tell())
        return told._replace(text=slipped(told.text, self._chance)) if self._habit.slips else told

    def answer(self, asked: str, about: Container[str] = ()) -> Utterance | None:
        """The answer to a question for a fact, or that it is not known; None when patience is at its end. `about`
        are the facts that the question is about, as its buttons show."""
        self._asked[asked] += 1
        if self._asked[asked] > 1 + PATIENCE:
            return None
        if asked not in vocabulary():
            return self._utter([self._choose(ways(words("answers")["no_thanks"]))])
        if self._asked[asked] == 1 + PATIENCE and asked in self.scenario.contradictory:
            return self._utter([self._choose(self._not_known(asked))])
        if self._asked[asked] > PATIENCE - 1 and vocabulary()[asked].kind == "day":
            return self._utter(self._in_full(asked))
        way = self._choose(self._answers(asked))
        told = frozenset([asked, *(fact for fact in way.tells if fact in about)]) if way.bare else way.tells
        return self._utter([replace(way, tells=told)])

    def safe(self) -> Utterance:
        """What someone answers who is taken to be in danger and is not."""
        return self._utter([self._choose(ways(words("answers")["not_an_emergency"], ["immediate_danger"]))])

    def more(self) -> Utterance | None:
        """What was not told yet and may matter, once and in one message: days, rare facts, what is out of the
        ordinary. None when there is nothing, or it was told."""
        left = [] if self._added else [fact for fact in self.facts if self._is_worth_adding(fact)]
        self._added = True
        found = [self._choose(options) for options in (added(fact, self.facts[fact]) for fact in left) if options]
        lead = self._choose(ways(words("later")["lead"]))
        return self._utter([lead, *found]) if found else None

    def _is_worth_adding(self, fact: str) -> bool:
        ordinary = self.facts[fact] not in OUT_OF_THE_ORDINARY.get(fact, ())
        is_day = vocabulary()[fact].kind == "day"
        return fact not in self.told and (is_day or fact in volunteered(self.facts) or not ordinary)

    def _answers(self, asked: str) -> list[Way]:
        value = self.facts.get(asked)
        if asked == "denial_reasons":
            return self._reasons(value or ())
        if value is None or value == NOT_KNOWN:
            return self._not_known(asked)
        if vocabulary()[asked].kind == "day":
            again = "asked_again" if asked in self.told else None
            return asked_days(asked, again or ("letter" if asked in ON_A_LETTER else "asked"))
        return [way for way in answers(asked, value) if way.fits(self.facts)] or self._not_known(asked)

    def _in_full(self, asked: str) -> list[Way]:
        """A day with all that belongs to it, for someone who was asked more than once."""
        related = ["grievance_status"] if asked.startswith("grievance_") else []
        told = [added(fact, self.facts[fact]) for fact in (*related, asked) if fact in self.facts]
        return [self._choose(one) for one in told if one] or [self._choose(self._not_known(asked))]

    def _reasons(self, reasons: Iterable[str]) -> list[Way]:
        known = [one for one in reasons if one != NOT_KNOWN]
        if not known:
            return self._not_known("denial_reasons")
        written = words("story")["reasons"]
        said = [self._choose(ways(written[one])).say for one in known]
        return [Way(" ".join(said), frozenset(["denial_reasons"]))]

    def _not_known(self, asked: str) -> list[Way]:
        written = words("answers")["not_known"]
        group = "day" if vocabulary()[asked].kind == "day" else asked
        return ways(written.get(group) or written["any"], [asked])

    def _choose(self, found: list[Way]) -> Way:
        """A way not used yet, while there is one."""
        fresh = [way for way in found if way.say not in self._said] or found
        way = self._chance.choice(fresh)
        self._said.add(way.say)
        return way

    def _utter(self, said: list[Way]) -> Utterance:
        text = " ".join(filter(None, (self._filled(way) for way in said)))
        tells = frozenset().union(*(way.tells for way in said))
        self.told |= tells
        return Utterance(self._habit.typing(text), tells)

    def _filled(self, way: Way) -> str:
        text = way.say.replace("{company}", words("plans")["companies"].get(self.facts.get("carrier", "other"), ""))
        if "{day}" in text and way.day:
            written = "has {day}" in text or "says {day}" in text
            day = say_day(self.facts[way.day], self.scenario.today, self._chance, written)
            text = text.replace("on {day}", day if day in ("today", "yesterday") else "on {day}")
            text = text.replace("{day}", day)
        return text
