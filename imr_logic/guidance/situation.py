"""What the answers to questions on the way depend on: the path of a case, who regulates the plan, and a few things
that follow from the facts and from the first step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imr_logic.answer import Assessment
from imr_logic.assessment import assess
from imr_logic.case import Case
from imr_logic.facts import CaseFacts
from imr_logic.grievance import status_of, time_is_up
from imr_logic.law import load
from imr_logic.programmes import PROGRAMMES
from imr_logic.reasons import weigh
from imr_logic.regulator import regulator_of

URGENT_ROUTES = frozenset({"expedited_grievance_and_dmhc", "dmhc_imr_expedited"})
COMPLAINT_ROUTES = frozenset({"dmhc_complaint", "cdi_complaint"})
LATE = "late_filing_consultation"
EMERGENCY = "emergency"
When = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Situation:
    """`family`: whose path the case is on, `regulated`: who looks after the plan as far as anybody told (both see
    law/guidance.yml); `conditions`: what a point's `when` and `unless` are held against."""

    family: str
    regulated: str
    conditions: Mapping[str, Any]

    def fits(self, when: When | Iterable[When]) -> bool:
        """Whether every condition holds; of several sets of conditions one is enough."""
        sets = (when,) if isinstance(when, Mapping) else when
        return any(all(self.conditions[name] in allowed for name, allowed in one.items()) for one in sets)


def situation_of(facts: CaseFacts, found: Assessment) -> Situation:
    """The situation of an assessed case. In an emergency: the one that comes after it."""
    if found.route == EMERGENCY:
        facts = facts.with_facts(immediate_danger=False)
        found = assess(facts, today=found.today, look_ahead=False)
    case = Case(facts.known, found.today)
    urgent = found.route in URGENT_ROUTES or facts.cannot_wait
    conditions = {**_of_the_case(case, found, urgent), **_of_the_step(found)}
    return Situation(family_of(facts, found), who_regulates(facts, found), conditions)


def _of_the_case(case: Case, found: Assessment, urgent: bool) -> dict[str, Any]:
    track = "complaint" if found.route in COMPLAINT_ROUTES or _is_a_complaint(case) else "imr"
    status = _grievance(case, urgent)
    return {
        "urgent": urgent,
        "prompt": _is_prompt(case, urgent),
        "received": case.get("care_status") == "received",
        "grievance": status,
        "time_is_up": status == "pending" and time_is_up(case),
        "hearing": _hearing(case),
        "review": case.get("imr_decision") or "none",
        "track": track,
        "bill": _bill(case.reasons()),
        "reviewable": track == "imr" or case.get("imr_decision") is not None,
    }


def _bill(reasons: Iterable[str]) -> str:
    """Whether the case is about a bill: one for what the plan did not pay a doctor outside it, or another."""
    told = set(reasons)
    return "balance" if "balance_billing" in told else "other" if "billing" in told else "none"


def _of_the_step(found: Assessment) -> dict[str, Any]:
    straight = set(load("guidance")["no_grievance_first"])
    return {
        "first": found.steps[0].id if found.steps else "none",
        "grievance_needed": not straight & {reason.rule for reason in found.why},
        "to_complain": found.route in COMPLAINT_ROUTES,
        "at_dmhc": any(_route_family(route) == "dmhc" for route in _routes(found)),
    }


def _grievance(case: Case, urgent: bool) -> str:
    """The state of the grievance or appeal as the rules took it: only the ordinary path infers it from dates."""
    told: str | None = case.get("grievance_status")
    return told or ("not_filed" if urgent or case.get("plan_type") in PROGRAMMES else status_of(case))


def _hearing(case: Case) -> str:
    """The State Hearing; other programmes than Medi-Cal have none."""
    family: str = load("guidance")["families"]["by_plan_type"].get(case.get("plan_type"), "")
    return case.get("state_hearing") or "none" if family.startswith("medi_cal") else "none"


def _is_prompt(case: Case, urgent: bool) -> bool:
    """Whether the faster review of an experimental denial applies: the illness is severe and cannot wait."""
    if "experimental" not in case.reasons() or case.get("condition_severity") == "other":
        return False
    return urgent or case.get("prompt_treatment_needed") is True


def _is_a_complaint(case: Case) -> bool:
    """Whether the known reasons add up to what the regulator decides as a complaint."""
    weighed = weigh(case)
    return weighed.known and weighed.track == "complaint"


def family_of(facts: CaseFacts, found: Assessment) -> str:
    """Whose path an answer is about: by the rules applied, the route, the plan, then who regulates it. A route of
    the DMHC's own is the DMHC's path even where nobody knows yet who regulates the plan."""
    families = load("guidance")["families"]
    by_route = next((family for route in _routes(found) if (family := families["by_route"].get(route))), None)
    known = _by_rule(found) or by_route or families["by_plan_type"].get(facts.get("plan_type"))
    if known:
        return str(known)
    who = regulator_of(Case(facts.known, found.today)).name
    return who or _route_family(found.route) or str(families["not_known_yet"])


def who_regulates(facts: CaseFacts, found: Assessment) -> str:
    """The family of whoever looks after the plan, from what was told of the plan alone."""
    families = load("guidance")["families"]
    known = _by_rule(found) or families["by_plan_type"].get(facts.get("plan_type"))
    return str(known or regulator_of(Case(facts.known, found.today)).name or families["not_known_yet"])


def _by_rule(found: Assessment) -> str | None:
    by_rule: dict[str, str] = load("guidance")["families"]["by_rule"]
    return next((by_rule[reason.rule] for reason in found.why if reason.rule in by_rule), None)


def _routes(found: Assessment) -> tuple[str, ...]:
    """The route, and for a late case the ones that it stands for."""
    return (found.route, *(found.also if found.route == LATE else ()))


def _route_family(route: str) -> str | None:
    families = load("guidance")["families"]
    family: str | None = families["by_route"].get(route) or families["by_route_at_last"].get(route)
    return family
