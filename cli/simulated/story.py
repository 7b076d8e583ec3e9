"""The first message: what a person tells at once, as a list of sentences."""

from __future__ import annotations

from random import Random
from typing import Any

from cli.simulated.phrases import Facts, Way, added, ways, words
from imr_logic import vocabulary

PLAIN_NAME = 0.2  # how often someone says "my insurance" though they know more
APPEAL_FIRST = 0.33  # how often the appeal's day is told in place of the letter's
STATUS_TOO = 0.35  # how often someone says at once whether they appealed
VOLUNTEERS = 0.5  # how often rare facts are told at once, else after the answer
FIRST_DAYS = ("verbal_denial_date", "denial_letter_date", "denial_received_date", "request_date")


def event_of(facts: Facts) -> str:
    """What happened, as the group of sentences that tells it."""
    reasons = set(facts.get("denial_reasons", ()))
    decision, status = facts.get("decision"), facts.get("care_status")
    if facts.get("plan_type") == "uninsured":
        return "uninsured"
    if decision == "none":
        return "waiting" if "timely_access" in reasons else "no_answer"
    if "timely_access" in reasons:
        return "waiting_and_denied"
    if "balance_billing" in reasons:
        return "balance_bill"
    if decision in ("delayed", "modified", "retroactive"):
        return str(decision)
    return str(status) if status in ("received", "ongoing") else "denied"


def volunteered(facts: Facts) -> list[str]:
    """The facts of a person that nobody is asked for."""
    return [fact for fact in facts if not vocabulary()[fact].asked]


class Storyteller:
    """Puts together the sentences of one person's first message."""

    def __init__(self, facts: Facts, chance: Random) -> None:
        self._facts = facts
        self._chance = chance

    def tell(self) -> list[Way]:
        """The sentences, in order, with what each tells."""
        event = self._event()
        told = [*self._danger(), event, *self._reasons(event), *self._day(), *self._rare()]
        opening, closing = self._pick(ways(words("story")["openings"])), self._pick(ways(words("story")["closings"]))
        return [opening, *told, closing]

    def _pick(self, found: list[Way]) -> Way:
        return self._chance.choice([way for way in found if way.fits(self._facts)])

    def _group(self, name: str) -> list[Way]:
        group: dict[str, Any] = words("story")["events"][name]
        return ways(group["ways"], group["tells"])

    def _danger(self) -> list[Way]:
        in_danger = self._facts.get("immediate_danger") is True
        return [self._pick(self._group("emergency_now"))] if in_danger else []

    def _event(self) -> Way:
        """The sentence that says what happened, with the coverage and the care named."""
        way, plan = self._pick(self._group(event_of(self._facts))), self._plan()
        care = self._chance.choice(words("care")[self._facts.get("service_category", "other")])
        tells = way.tells | (plan.tells if "{plan}" in way.say else frozenset())
        text = way.say.replace("{plan}", plan.say).replace("{care}", care)
        return Way(text[:1].upper() + text[1:], tells)

    def _plan(self) -> Way:
        known = [way for way in ways(words("plans")["named"]) if way.when and way.fits(self._facts)]
        plain = not known or self._chance.random() < PLAIN_NAME
        return self._pick(ways(words("plans")["plain"]) if plain else known)

    def _reasons(self, event: Way) -> list[Way]:
        if "denial_reasons" in event.tells:
            return []
        written = words("story")["reasons"]
        return [self._pick(ways(written[one], ["denial_reasons"])) for one in self._facts.get("denial_reasons", ())]

    def _day(self) -> list[Way]:
        """One day: the letter's, or what came of the appeal with its day; perhaps that nothing was filed yet."""
        status = str(self._facts.get("grievance_status"))
        appealed = [way for way in ways(words("story")["appealed"].get(status, ())) if way.fits(self._facts)]
        if appealed and self._chance.random() < APPEAL_FIRST:
            return [self._pick(appealed)]
        first = next((fact for fact in FIRST_DAYS if fact in self._facts), None)
        days = [self._pick(added(first, self._facts[first]))] if first else []
        too = "grievance_status" in self._facts and self._chance.random() < STATUS_TOO
        return [*days, *([self._pick(added("grievance_status", status))] if too else [])]

    def _rare(self) -> list[Way]:
        rare = [fact for fact in volunteered(self._facts) if fact not in FIRST_DAYS]
        if not rare or self._chance.random() >= VOLUNTEERS:
            return []
        found = [added(fact, self._facts[fact]) for fact in rare]
        return [self._pick(one) for one in found if one]
