"""What the answers to questions on the way depend on: the path of a case, and a few things that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imr_logic.assessment import Assessment
from imr_logic.case import Case
from imr_logic.facts import CaseFacts
from imr_logic.law import load
from imr_logic.programmes import says_urgent
from imr_logic.regulator import regulator_of

URGENT_ROUTES = frozenset({"expedited_grievance_and_dmhc", "dmhc_imr_expedited"})
MORE_INFORMATION = "more_information"
COMPLAINT_ROUTES = frozenset({"dmhc_complaint", "cdi_complaint"})


@dataclass(frozen=True)
class Situation:
    """`family`: whose path it is (see law/guidance.yml); `conditions`: what a point's `when` is held against."""

    family: str
    conditions: Mapping[str, Any]

    def fits(self, when: Mapping[str, list[Any]]) -> bool:
        """Whether every condition of a point holds."""
        return all(self.conditions[name] in allowed for name, allowed in when.items())


def situation_of(facts: CaseFacts, found: Assessment) -> Situation:
    """The situation of an assessed case."""
    received = facts.get("care_status") == "received"
    return Situation(
        family_of(facts, found),
        {
            "urgent": found.route in URGENT_ROUTES or (says_urgent(facts.known) and not received),
            "prompt": facts.get("prompt_treatment_needed") is True and "experimental" in _reasons(facts),
            "received": received,
            "grievance": facts.get("grievance_status") or "not_filed",
            "review": facts.get("imr_decision") or "none",
            "track": "complaint" if found.route in COMPLAINT_ROUTES or _only_complaints(facts) else "imr",
        },
    )


def family_of(facts: CaseFacts, found: Assessment) -> str:
    """Whose path an answer is about (see law/guidance.yml)."""
    families = load("guidance")["families"]
    rules = [reason.rule for reason in found.why]
    by_rule = [families["by_rule"][rule] for rule in rules if rule in families["by_rule"]]
    if by_rule:
        return str(by_rule[0])
    by_plan: str | None = families["by_plan_type"].get(facts.get("plan_type"))
    known: str | None = families["by_route"].get(found.route) or by_plan
    if known or found.route != MORE_INFORMATION:
        return known or str(families["otherwise"])
    regulated = regulator_of(Case(facts.known, found.today)).name
    return regulated or str(families["not_known_yet"])


def _reasons(facts: CaseFacts) -> tuple[str, ...]:
    given: tuple[str, ...] = facts.get("denial_reasons") or ()
    return given


def _only_complaints(facts: CaseFacts) -> bool:
    """Whether every known reason is one that the regulator decides as a complaint."""
    tracks = [load("reasons")[reason]["track"] for reason in _reasons(facts) if reason in load("reasons")]
    return bool(tracks) and "imr" not in tracks
