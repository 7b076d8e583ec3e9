"""Reads one message: every fact that its words state, with the words and the rule, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from imr_logic import vocabulary
from nlu.dates import read_dates
from nlu.facts.answers import answer, with_answer
from nlu.facts.choosing import choose, settle
from nlu.facts.conclusions import conclude, follows, imply
from nlu.facts.finding import find_in
from nlu.facts.found import Found
from nlu.facts.outcomes import assign_outcomes
from nlu.facts.pipeline import pipeline, straightened
from nlu.facts.references import resolve_doctor
from nlu.facts.scope import asks_to_mend, takes_back_at
from nlu.facts.sentences import Sentence, sentences
from nlu.facts.weighing import of_the_care_in_dispute, weigh
from nlu.facts.wishes import asks_only_for_a_word, wish_in, word_asked_about
from nlu.reading import DateReading, Evidence, Reading
from nlu.safety import screen

# Longer messages are read up to here: a letter of four pages. The door stops longer ones anyway.
LONGEST = 12_000
# A message that tells of other things is no bare answer: "I think it is Blue Shield" says nothing of urgency.
BESIDE_AN_ANSWER = frozenset({"decision", "immediate_danger", "urgent", "care_status", "doctor_certifies_urgency"})
# "Did a computer deny her?" tells no story.
NO_STORY = frozenset({"decision", "decided_by"})
# "Give me the letter to Anthem." "Does Anthem have to keep paying?"
NAMES_A_PLAN = frozenset({"papers", "goes_on", "privacy"})
NAMED_BESIDE = NO_STORY | {"carrier"}
# What people say of the help they got.
OF_THE_HELP = frozenset({"helped", "not_helped"})
REMINDERS = frozenset({"remind", "remind_off", "remind_status"})
# "I don't need to be reminded" and "the date is coming up" tell nothing of the care.
NOT_BESIDE_REMINDERS = frozenset({"care_status", "denial_reasons", "decision"})
DAYS = frozenset(name for name, spec in vocabulary().items() if spec.kind == "day")


def read(text: str, today: date, expecting: str | None = None) -> Reading:
    """What a message says. `expecting` is the fact that was just asked for, so that a bare date or a bare "yes"
    finds its role.

    Never raises for any text. Spans count characters of `text`.
    """
    danger = screen(text)
    straight = straightened(text[:LONGEST])
    parts = list(sentences(pipeline()(straight)))
    stated, implied = ([], []) if asks_only_for_a_word(parts) else facts_in(parts, straight, expecting)
    day = expecting if expecting in DAYS else None
    about = "grievance" if expecting == "grievance_status" and _was_answered(stated) else None
    dates = [_date_reading(one) for one in read_dates(straight, today, day, about)]
    facts = {one.fact: one.value for one in stated if not one.part_of_list}
    facts |= _lists(stated)
    facts |= {one.fact: one.earliest.isoformat() for one in dates if _is_exact(one) and one.fact and one.earliest}
    wish = None if danger else _wish(facts, parts)
    if wish in OF_THE_HELP:
        facts, stated, implied = {}, [], []  # "this did not help" tells nothing of the case, and answers no question
    if wish in REMINDERS:
        facts = {name: value for name, value in facts.items() if name not in NOT_BESIDE_REMINDERS}
        stated = [one for one in stated if one.fact in facts]
    if danger is not None:
        facts["immediate_danger"] = True
    return Reading(
        facts=_ordered(facts),
        implied={one.fact: one.value for one in implied},
        dates=dates,
        evidence=[_evidence(one, text, stated=True) for one in stated]
        + [_evidence(one, text, stated=False) for one in implied]
        + ([_danger_evidence(danger, text)] if danger else []),
        safety=danger.kind if danger else None,
        wish=wish,
    )


def _wish(facts: dict[str, Any], parts: list[Sentence]) -> str | None:
    """The wish of a message that tells no story; a word that is asked about, also beside one."""
    if not facts.keys() - NO_STORY:
        return wish_in(parts)
    wish = wish_in(parts)
    if wish in OF_THE_HELP or wish in REMINDERS or (wish in NAMES_A_PLAN and facts.keys() <= NAMED_BESIDE):
        return wish
    return word_asked_about(parts)


def facts_in(parts: list[Sentence], text: str, expecting: str | None = None) -> tuple[list[Found], list[Found]]:
    """The facts that the sentences of a straightened text state, and those that follow from them."""
    found = assign_outcomes([one for part in parts for one in find_in(part)], text, expecting)
    told = resolve_doctor(settle(found, _taken_back_at(parts), any(asks_to_mend(part) for part in parts)))
    weighed = weigh(told)
    chosen = choose(of_the_care_in_dispute(choose(weighed), weighed))
    stated = conclude(chosen, told)
    if _may_be_bare(stated, expecting) and (answered := answer(expecting, parts)):
        stated = conclude(with_answer(chosen, answered), told)
    likely = [one for one in stated if expecting == "regulator" and _follows_from_regulator(one)]
    return [one for one in stated if one not in likely], [*imply(stated, told), *likely]


def _follows_from_regulator(one: Found) -> bool:
    """Whether a plan type is only what the regulator amounts to: asked for that one, nobody tells of the plan."""
    return one.rule == "plan_type/regulator"


def _taken_back_at(parts: list[Sentence]) -> list[int]:
    return [part.span(place, place + 1)[0] for part in parts for place in takes_back_at(part)]


def _may_be_bare(stated: list[Found], expecting: str | None) -> bool:
    """Whether the message may be a bare answer: it tells neither the fact asked for nor of other things."""
    return all(one.fact != expecting and (one.fact in BESIDE_AN_ANSWER or follows(one)) for one in stated)


def _was_answered(stated: list[Found]) -> bool:
    """Whether the plan has answered the grievance: then a refusal that is dated is that answer."""
    return any(one.fact == "grievance_status" and one.value in ("upheld", "overturned") for one in stated)


def _date_reading(one: Any) -> DateReading:
    mention = one.mention
    return DateReading(
        fact=one.fact,
        text=mention.text,
        start=mention.start,
        end=mention.end,
        earliest=mention.earliest,
        latest=mention.latest,
        precision=mention.precision,
        rule=one.rule,
        confidence=one.confidence,
    )


def _is_exact(one: DateReading) -> bool:
    return one.precision == "exact" and one.earliest is not None and one.earliest == one.latest


def _lists(stated: Iterable[Found]) -> dict[str, list[Any]]:
    lists: dict[str, list[Any]] = {}
    for one in stated:
        if one.part_of_list and one.value not in lists.setdefault(one.fact, []):
            lists[one.fact].append(one.value)
    return lists


def _ordered(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in vocabulary() if name in facts}


def _evidence(one: Found, text: str, stated: bool) -> Evidence:
    return Evidence(
        fact=one.fact,
        value=one.value,
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        rule=one.rule,
        confidence=one.confidence,
        stated=stated,
    )


def _danger_evidence(danger: Any, text: str) -> Evidence:
    return Evidence(
        fact="immediate_danger",
        value=True,
        start=danger.start,
        end=danger.end,
        text=text[danger.start : danger.end],
        rule=f"safety/{danger.rule}",
        confidence=1.0,
    )
