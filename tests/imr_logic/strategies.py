"""Cases drawn at random: any facts at all, and stories whose days fit together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from imr_logic import Span, vocabulary
from tests.imr_logic.decided import own_cases

DAY = timedelta(days=1)
Facts = dict[str, Any]
OTHER_FACTS = tuple(n for n, spec in vocabulary().items() if spec.kind != "day" and n != "grievance_status")
todays = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def spans(days: st.SearchStrategy[date]) -> st.SearchStrategy[Span]:
    """An exact day, or a stretch of days of which one is meant."""
    return st.tuples(days, st.integers(0, 40)).map(lambda drawn: Span(drawn[0], drawn[0] + DAY * drawn[1]))


def days_around(today: date) -> st.SearchStrategy[date]:
    """Days mostly before today, near every period that the law counts."""
    return st.integers(-40, 420).map(lambda ago: today - DAY * ago)


def values_of(fact: str, today: date) -> st.SearchStrategy[Any]:
    """Any value of a fact, also "asked, and the person does not know"."""
    spec = vocabulary()[fact]
    if spec.kind == "yes_no":
        return st.sampled_from((True, False, None))
    if spec.kind == "day":
        return st.none() | days_around(today).map(lambda day: Span(day, day)) | spans(days_around(today))
    one = st.sampled_from((*spec.values, None))
    return st.lists(one.filter(bool), max_size=3, unique=True) if spec.kind == "choices" else one


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Any subset of the facts with any values, whether or not they fit together."""
    today = draw(todays)
    names = draw(st.lists(st.sampled_from(sorted(vocabulary())), unique=True, max_size=len(vocabulary())))
    return {"today": today, **{name: draw(values_of(name, today)) for name in names}}


def _after(day: date, today: date, at_most: int) -> st.SearchStrategy[date]:
    return st.integers(0, min(at_most, (today - day).days)).map(lambda later: day + DAY * later)


@st.composite
def days_that_fit(draw: st.DrawFn, today: date, status: str) -> Facts:
    """The days of one story, in an order in which they can have happened. The grievance may be older than the
    letter: people complain before the letter comes."""
    letter = today - DAY * draw(st.integers(0, 400))
    days = {"denial_letter_date": letter, "denial_received_date": draw(_after(letter, today, 10))}
    if status != "not_filed":
        filed = draw(_after(letter - DAY * 60, today, 260))
        days["grievance_filed_date"] = filed
    if status in ("upheld", "overturned"):
        answered = draw(_after(filed, today, 90))
        days["grievance_decision_date"] = answered
        days["grievance_decision_received_date"] = draw(_after(answered, today, 10))
    days["change_effective_date"] = today + DAY * draw(st.integers(-60, 60))
    days["care_end_date"] = letter + DAY * draw(st.integers(1, 60))
    left_out = draw(st.sets(st.sampled_from(sorted(days)), max_size=4))
    return {name: day for name, day in days.items() if name not in left_out}


def _without_days() -> tuple[Facts, ...]:
    """Our decided cases as starting points: their facts without their days."""
    days = {name for name, spec in vocabulary().items() if spec.kind == "day"}
    return tuple({k: v for k, v in case.facts.items() if k not in days} for case in own_cases())


@st.composite
def stories(draw: st.DrawFn) -> Facts:
    """A decided case told again with other days and some facts changed: single days, none contradicting."""
    today = draw(todays)
    told = draw(st.sampled_from(_without_days()))
    status = draw(st.sampled_from(vocabulary()["grievance_status"].values))
    changed = draw(st.sets(st.sampled_from(OTHER_FACTS), max_size=3))
    facts = {**told, **{name: draw(values_of(name, today)) for name in sorted(changed)}}
    days = draw(days_that_fit(today, status))
    return {**facts, "today": today, "grievance_status": status, "immediate_danger": False, **days}


def undecided(facts: Facts) -> Facts:
    """The same story without what comes before contradictions: danger, a review decided, the plan's turn."""
    kept = {name: value for name, value in facts.items() if name not in ("immediate_danger", "imr_decision")}
    if kept.get("grievance_status") == "overturned":
        kept["grievance_status"] = "upheld"
    return kept


def _break(name: str, earlier: str | None, **also: Any) -> Callable[[Facts, int], Facts]:
    def broken(facts: Facts, days: int) -> Facts:
        today = facts["today"]
        if earlier is None:
            return {**facts, **also, name: today + DAY * days}
        return {**facts, **also, earlier: today - DAY * 3, name: today - DAY * (3 + days)}

    return broken


# Every kind of contradiction, and how a story is made to hold it.
CONTRADICTIONS: dict[str, Callable[[Facts, int], Facts]] = {
    "a letter after today": _break("denial_letter_date", None),
    "a receipt after today": _break("denial_received_date", None),
    "a grievance after today": _break("grievance_filed_date", None),
    "a decision after today": _break("grievance_decision_date", None),
    "the decision's receipt after today": _break("grievance_decision_received_date", None),
    "a decision before its grievance": _break("grievance_decision_date", "grievance_filed_date"),
    "a decision received before its grievance": _break("grievance_decision_received_date", "grievance_filed_date"),
    "a receipt before its letter": _break("denial_received_date", "denial_letter_date"),
    "a decision received before it was written": _break(
        "grievance_decision_received_date", "grievance_decision_date"
    ),
    "a review decision received before it was written": _break("imr_decision_received_date", "imr_decision_date"),
    "a decision on a grievance never filed": lambda facts, days: {
        **facts,
        "grievance_status": "not_filed",
        "grievance_decision_date": facts["today"] - DAY * days,
    },
}
