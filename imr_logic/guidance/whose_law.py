"""Which law makes a paper count: the DMHC's, the Department of Insurance's, the federal one for an employer's
own plan, or none of these."""

from __future__ import annotations

from typing import Literal

from imr_logic.case import Case
from imr_logic.facts import CaseFacts
from imr_logic.law import load
from imr_logic.regulator import ALWAYS_DMHC, INSURED, regulator_of

Whose = Literal["authority", "cdi", "erisa"]
CALIFORNIA = ("authority", "cdi")
# Kinds of plans that leave open whose law it is.
NOT_SETTLED = (None, "unknown", "employer_funding_unknown")
LawEntryName = Literal["evidence", "asks"]


def whose_law(facts: CaseFacts) -> Whose | None:
    """The key of evidence.yml and asks.yml whose citations hold for a plan; None where California's insurance
    law does not reach (Medicare, TRICARE, ...) or the plan is not known."""
    plan = facts.get("plan_type")
    if plan == "self_funded_employer":
        return "erisa"
    if plan not in INSURED | ALWAYS_DMHC:
        return None
    who = regulator_of(Case(facts.known, facts.today)).name
    if who is None and plan == "employer_funding_unknown":
        return None
    return "cdi" if who == "cdi" else "authority"


def may_be_california(facts: CaseFacts) -> bool:
    """Whether California's rules for insured plans, of either regulator, hold or may yet turn out to hold."""
    plan = facts.get("plan_type")
    return plan in NOT_SETTLED or whose_law(facts) in CALIFORNIA


def law_of(file: LawEntryName, name: str, facts: CaseFacts) -> tuple[str, ...]:
    """The citations of one entry that hold for the plan of a case. Empty when the file has no such entry."""
    entry = load(file).get(name, {})
    if "any" in entry:
        return tuple(entry["any"])
    whose = whose_law(facts)
    if whose is None or (entry.get("not_medi_cal") and facts.get("plan_type") in ALWAYS_DMHC - {"calpers_hmo"}):
        return ()
    return tuple(entry.get(whose, ()))
