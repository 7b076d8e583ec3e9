"""What would change the answer: the one or two facts that would move the route or the main date, and to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from imr_logic.case import Case
from imr_logic.facts import NOT_KNOWN, vocabulary
from imr_logic.outcome import Outcome
from imr_logic.questions import GROUPS, asked, result, try_all

MOST_CHANGES = 2
# Facts that a person can still change, or that change by themselves: worth a "what if" though they are known.
MAY_CHANGE = ("urgent", "grievance_status")


class Change(NamedTuple):
    """What one answer would do: the route and main date that would follow."""

    fact: str
    value: Any
    route: str
    date: date | None


def changes(known: Mapping[str, Any], today: date, found: Outcome, case: Case) -> list[Change]:
    """At most two changes: first by facts that are not known, then by those that may still change."""
    listed: list[Change] = []
    for fact in dict.fromkeys((*_unknown(case), *MAY_CHANGE)):
        change = _first_change(fact, known, today, found)
        if change:
            listed.append(change)
        if len(listed) == MOST_CHANGES:
            break
    return listed


def _unknown(case: Case) -> list[str]:
    not_known = [fact for fact, value in case.known.items() if value is None or value in NOT_KNOWN]
    facts = [fact for fact in (*not_known, *asked(case)) if vocabulary()[fact].decides]
    return sorted(facts, key=lambda fact: GROUPS.index(vocabulary()[fact].group))


def _moves(trial: Outcome, found: Outcome) -> bool:
    """Whether an outcome names another route, or another date on the same one."""
    if trial.route == "more_information" or result(trial) == result(found):
        return False
    return trial.route != found.route or trial.main_date is not None


def _first_change(fact: str, known: Mapping[str, Any], today: date, found: Outcome) -> Change | None:
    if known.get(fact) is True or found.route == "emergency":
        return None
    without = {name: value for name, value in known.items() if name != fact}
    for trial in try_all(fact, without, today):
        if _moves(trial.outcome, found) and trial.value != known.get(fact):
            return Change(fact, trial.value, trial.outcome.route, trial.outcome.main_date)
    return None
