"""Which papers fit a case: which letter to the plan, which statement to an agency, and whether a doctor's letter
bears on it. Data: letters.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from imr_logic import Assessment, CaseFacts
from imr_logic.guidance import is_clinical

BEGUN = frozenset({"pending", "upheld", "overturned"})
HEARING_BEGUN = frozenset({"requested", "held"})
# Routes that are not a letter's own: the letter of the first route beside them fits.
PASSED_ON = frozenset({"late_filing_consultation", "more_information", "cdi_imr"})


@lru_cache
def letters() -> dict[str, Any]:
    """What letters.yml holds. Read once."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "letters.yml").read_text(encoding="utf-8"))
    return found


def _unclear(facts: CaseFacts, found: Assessment) -> bool:
    """Cases whose letters would say what is not sure: dates that contradict, two programmes at once."""
    return bool(found.contradictions) or facts.get("plan_type") == "medicare_medi_cal_dual"


def letter_to_plan(facts: CaseFacts, found: Assessment) -> str | None:
    """The variant of letters.yml to send to the plan, None when no grievance or appeal to it is next."""
    if _unclear(facts, found) or facts.get("grievance_status") in BEGUN:
        return None
    if found.route == "medi_cal_appeal_or_hearing" and not _plan_appeal_is_open(facts):
        return None
    routes = (found.route, *(found.also if found.route in PASSED_ON else ()))
    variant = next((letters()["to_plan"][route] for route in routes if route in letters()["to_plan"]), None)
    return _fitted(variant, facts)


def _plan_appeal_is_open(facts: CaseFacts) -> bool:
    straight = facts.get("plan_type") in letters()["straight_to_hearing"]
    return not straight and facts.get("state_hearing") not in HEARING_BEGUN


def _fitted(variant: str | None, facts: CaseFacts) -> str | None:
    """The variant for the plan at hand: an insurer's own appeal, a redetermination, an urgent grievance."""
    if variant == "grievance" and facts.get("regulator") == "cdi":
        return "insurer_appeal"
    if variant == "grievance" and facts.cannot_wait:
        return "expedited_grievance"
    if variant == "medi_cal_appeal" and not _plan_appeal_is_open(facts):
        return None
    if variant == "medicare_appeal" and facts.get("plan_type") == "original_medicare":
        return "medicare_redetermination"
    return variant


def statement(facts: CaseFacts, found: Assessment) -> str | None:
    """The variant of letters.yml to send to an agency, None while the plan comes first or the agency is not
    known."""
    if _unclear(facts, found) or found.route == "more_information":
        return None
    if facts.get("imr_decision") is not None:
        return "compliance_complaint" if found.route == "dmhc_complaint" else None
    if _after_the_plan(facts, found):
        return _after_the_plan(facts, found)
    late = found.route == "late_filing_consultation"
    preparing = facts.get("grievance_status") == "pending" and facts.get("state_hearing") not in HEARING_BEGUN
    routes = found.also if late else (found.route, *(found.also if preparing else ()))
    if late and letter_to_plan(facts, found):
        return None
    variant = next((letters()["to_agency"][route] for route in routes if route in letters()["to_agency"]), None)
    cancelled = "cancellation" in (facts.get("denial_reasons") or ())
    return "cancellation_complaint" if variant == "complaint" and cancelled else variant


def _after_the_plan(facts: CaseFacts, found: Assessment) -> str | None:
    """Hearing, external review and OPM follow the plan's answer; some of Medi-Cal starts with the hearing."""
    routes = (found.route, *(found.also if found.route == "late_filing_consultation" else ()))
    variant: str | None = next(
        (letters()["after_the_plan"][route] for route in routes if route in letters()["after_the_plan"]), None
    )
    straight = facts.get("plan_type") in letters()["straight_to_hearing"]
    if variant == "state_hearing" and facts.get("state_hearing") in HEARING_BEGUN:
        return None
    answered = facts.get("grievance_status") == "upheld"
    first = next((route for route in routes if route in letters()["to_agency"]), None)
    return variant if variant and (straight or answered) and first is None else None


def wants_doctor_letter(facts: CaseFacts, found: Assessment) -> bool:
    """Whether a doctor's letter can bear on the case and there is still something to decide."""
    over = found.route == "consultation" or facts.get("imr_decision") is not None
    return is_clinical(facts) and not over and not found.contradictions
