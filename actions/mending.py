"""Days that a message puts right, or tells of something later than what was asked: both decide a deadline."""

from __future__ import annotations

from typing import Any

from actions.hearing import Day, Heard
from actions.memory import Memory
from actions.words import words
from imr_logic import vocabulary

# What is dated of a second no, when the first was dated before.
SECOND_NO = {
    "denial_letter_date": "grievance_decision_date",
    "denial_received_date": "grievance_decision_received_date",
}
STATUS = "grievance_status"


def put_right(heard: Heard, memory: Memory) -> None:
    """Reads what was heard in the light of what is known."""
    _take_corrected_day(heard, memory)
    _take_second_no(heard, memory)


def _take_corrected_day(heard: Heard, memory: Memory) -> None:
    """ "It was 11/13, not 11/3": the day that is known as the one after "not" becomes the other."""
    wrong = [day for day in heard.days if _is_taken_back(day, heard.text)]
    right = [day for day in heard.days if day not in wrong]
    if len(wrong) != 1 or len(right) != 1:
        return
    known = [fact for fact, value in memory.values().items() if _is_that_day(fact, value, wrong[0])]
    if len(known) == 1 and known[0] not in heard.facts:
        heard.facts[known[0]] = {"earliest": right[0].earliest, "latest": right[0].latest}
        heard.source = "corrected"


def _is_taken_back(day: Day, text: str) -> bool:
    before = text[: day.start].lower().rstrip()
    return any(before.endswith(word) for word in words()["not_that_day"])


def _is_that_day(fact: str, value: Any, day: Day) -> bool:
    is_day = vocabulary()[fact].kind == "day" and isinstance(value, dict)
    return is_day and (value.get("earliest"), value.get("latest")) == (day.earliest, day.latest)


def _take_second_no(heard: Heard, memory: Memory) -> None:
    """ "They said no again, letter of November 24", while a grievance runs: that is the plan's answer to it, and not
    the denial anew."""
    says_again = any(way in heard.plain for way in words()["no_again"])
    if memory.values().get(STATUS) != "pending" or not says_again or STATUS in heard.facts:
        return
    heard.facts[STATUS] = "upheld"
    for first, second in SECOND_NO.items():
        if first in heard.facts and second not in heard.facts:
            heard.facts[second] = heard.facts.pop(first)
