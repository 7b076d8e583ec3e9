"""The order of tests. Each test either decides the case or passes it on; the order is the law's, not ours:
danger first, then who regulates, then whether the grievance step is met or excused, then the date, then the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from imr_logic import deadlines, programmes
from imr_logic.case import Case
from imr_logic.grievance import by_grievance
from imr_logic.outcome import Outcome, outcome
from imr_logic.programmes import PROGRAMMES, is_urgent
from imr_logic.reasons import Reasons, weigh
from imr_logic.regulator import Regulator, regulator_of

SEVERE = frozenset({"life_threatening", "seriously_debilitating"})
Test = Callable[[Case], Outcome | None]


def decide(known: Mapping[str, Any], today: date) -> tuple[Outcome, Case]:
    """The outcome of a case, and the case with its note of what the rules asked for."""
    case = Case(known, today)
    for test in TESTS:
        found = test(case)
        if found is not None:
            return found, case
    raise AssertionError("the last test decides every case")


def in_danger(case: Case) -> Outcome | None:
    """Someone is in danger now: 911 and 988 before anything else."""
    if case.get("immediate_danger") is not True:
        return None
    afterwards, _ = decide({**case.known, "immediate_danger": False}, case.today)
    also = () if afterwards.route == "more_information" else (afterwards.route,)
    return outcome("emergency", "immediate_danger", "immediate_danger", also=also)


def review_already_decided(case: Case) -> Outcome | None:
    """An Independent Medical Review was won or lost."""
    decision = case.get("imr_decision")
    if decision is None or _contradicted(case, "imr_"):
        return None
    if decision == "upheld":
        return outcome("consultation", "imr_lost", "imr_decision").starting_with("after_a_lost_review")
    if case.get("plan_type") in PROGRAMMES:
        return outcome("consultation", "imr_won", "imr_decision").starting_with("after_a_won_review")
    cdi = regulator_of(case).name == "cdi"
    route, rule = ("cdi_complaint", "cdi_imr_won") if cdi else ("dmhc_complaint", "imr_won")
    found = outcome(route, rule, "imr_decision", dues=deadlines.plan_compliance(case))
    return found.starting_with("after_a_won_review")


def plan_reversed_itself(case: Case) -> Outcome | None:
    """The grievance was decided for the person: nothing to review, see that it is carried out."""
    if case.get("grievance_status") != "overturned" or _contradicted(case, "grievance_"):
        return None
    found = outcome("consultation", "plan_reversed_itself", "grievance_status")
    if case.get("plan_type") not in PROGRAMMES:
        found = found.beside("cdi_complaint" if regulator_of(case).name == "cdi" else "dmhc_complaint")
    return found.starting_with("confirm_in_writing")


def _contradicted(case: Case, prefix: str) -> bool:
    return any(name.startswith(prefix) for found in case.contradictions for name in found.facts)


def contradictory_dates(case: Case) -> Outcome | None:
    """Dates that cannot all be true are asked for again; nothing is counted from them."""
    if not case.contradictions:
        return None
    facts = dict.fromkeys(name for found in case.contradictions for name in found.facts)
    found = outcome("more_information", "dates_contradict", *facts).starting_with("check_the_dates")
    return replace(found, contradicted=True)


def programme(case: Case) -> Outcome | None:
    """Programmes with a path of their own."""
    path = PROGRAMMES.get(case.get("plan_type") or "")
    return path(case) if path else None


def medi_cal_hearing_held(case: Case) -> Outcome | None:
    """A State Hearing that was held bars the review."""
    medi_cal = case.get("plan_type") == "medi_cal_managed_care"
    return programmes.hearing_held(case) if medi_cal and case.get("state_hearing") == "held" else None


def cancellation(case: Case) -> Outcome | None:
    """HSC 1365(b): a cancellation goes straight to the regulator."""
    if "cancellation" not in case.reasons():
        return None
    cdi = regulator_of(case).name == "cdi"
    dues = deadlines.simple(case, "cancellation_complaint", "denial_letter_date")
    route = "cdi_complaint" if cdi else "dmhc_complaint"
    found = outcome(route, "cancellation_direct", "denial_reasons", dues=[] if cdi else dues)
    return programmes.late_or(case, found.starting_with("cancellation_now"))


def experimental(case: Case) -> Outcome | None:
    """HSC 1370.4: an experimental denial of care for a severe condition needs no grievance."""
    if "experimental" not in case.reasons() or case.get("condition_severity") not in SEVERE:
        return None
    if weigh(case).track != "imr":
        return None
    who = regulator_of(case).name
    if who is None:
        return None
    cdi = who == "cdi"
    name = "cdi_imr_application_experimental" if cdi else "imr_application_experimental"
    route, rule = ("cdi_imr", "cdi_experimental") if cdi else ("dmhc_imr_experimental", "experimental_no_grievance")
    dues = deadlines.imr_application_experimental(case, name)
    found = outcome(route, rule, "denial_reasons", "condition_severity", dues=dues)
    if is_urgent(case) and case.known.get("care_status") != "received":
        found = found.starting_with("cdi_urgent_today" if cdi else "call_dmhc_today")
    if case.known.get("prompt_treatment_needed") is True or is_urgent(case):
        found = found.for_reason("experimental_prompt_treatment", "prompt_treatment_needed")
        found = found.starting_with("say_prompt_treatment")
    if case.get("plan_type") == "medi_cal_managed_care":
        found = found.beside("medi_cal_appeal_or_hearing").with_dues(programmes.medi_cal_dates(case))
    return programmes.late_or(case, found)


def urgent(case: Case) -> Outcome | None:
    """Waiting is dangerous and the care was not given yet: the plan and the regulator on the same day. An
    unknown regulator or reason does not stop it."""
    if not is_urgent(case) or case.get("care_status") == "received":
        return None
    if regulator_of(case).name == "cdi":
        return _urgent_at_cdi(case)
    status = case.get("grievance_status")
    found = _urgent_before_grievance(case) if status in (None, "not_filed") else _urgent_with_grievance(case)
    if case.get("care_status") == "ongoing":
        found = found.for_reason("ongoing_care_continues", "care_status")
    if case.get("plan_type") == "medi_cal_managed_care":
        found = found.beside("medi_cal_appeal_or_hearing").for_reason("medi_cal_urgent", "plan_type")
    return found.beside("dmhc_imr_experimental") if "experimental" in case.reasons() else found


def _urgent_at_cdi(case: Case) -> Outcome:
    dues = deadlines.imr_application(case, "cdi_imr_application") if _answered_or_running(case) else []
    found = outcome("cdi_imr", "urgent_cdi", "urgent", "regulator", also=["plan_grievance"], dues=dues)
    if not _answered_or_running(case):
        found = found.with_dues(deadlines.simple(case, "insurer_internal_appeal", "denial_letter_date"))
    return found.starting_with("cdi_urgent_today")


def _answered_or_running(case: Case) -> bool:
    return case.get("grievance_status") in ("pending", "upheld")


def _urgent_before_grievance(case: Case) -> Outcome:
    dues = deadlines.grievance_clock_from_today(case)
    also = ["dmhc_imr_expedited"]
    return outcome("expedited_grievance_and_dmhc", "urgent_same_day", "urgent", also=also, dues=dues)


def _urgent_with_grievance(case: Case) -> Outcome:
    weighed = weigh(case)
    dues = [*deadlines.grievance_clock(case), *deadlines.imr_application(case)]
    also = ["expedited_grievance_and_dmhc"]
    if weighed.known and weighed.track == "complaint":
        found = outcome(
            "dmhc_complaint", "urgent_no_waiting", "urgent", also=[*also, "dmhc_imr_expedited"], dues=dues
        )
    else:
        found = outcome("dmhc_imr_expedited", "urgent_no_waiting", "urgent", also=also, dues=dues)
    if case.get("plan_refused_expedite") is True:
        found = found.for_reason("plan_refused_expedite", "plan_refused_expedite")
    late = deadlines.has_passed([due for due in dues if due.code == "imr_application"], case.today)
    return found.beside("late_filing_consultation") if late else found


def must_know_more(case: Case) -> Outcome | None:
    """Who regulates, why it was denied, and a letter: without them the route cannot be named."""
    if case.get("plan_type") is None:
        return _unknown(case, "plan_unknown", "plan_type")
    who = regulator_of(case)
    if who.name is None:
        found = _unknown(case, "regulator_unknown", "regulator")
        if case.get("plan_type") == "employer_funding_unknown":
            return found.beside("erisa_appeal").starting_with("ask_who_pays")
        if case.get("plan_type") == "student":
            return found.beside("consultation").for_reason("student_plan", "plan_type")
        return found
    if not case.reasons():
        return _unknown(case, "reason_unknown", "denial_reasons", who)
    return _phone_only(case) or _severity_unknown(case)


def _unknown(case: Case, rule: str, fact: str, who: Regulator | None = None) -> Outcome:
    """More is needed; the dates that run under every answer are given meanwhile."""
    status = case.get("grievance_status")
    if status not in ("pending", "upheld"):
        found = outcome("more_information", rule, fact, also=["plan_grievance"])
        return found.with_dues(_dates_before_grievance(case, who))
    name = "cdi_imr_application" if who and who.name == "cdi" else "imr_application"
    also = ("cdi_imr", "cdi_complaint") if who and who.name == "cdi" else ("dmhc_imr_standard", "dmhc_complaint")
    dues = [*deadlines.grievance_clock(case), *deadlines.imr_application(case, name)]
    return outcome("more_information", rule, fact, also=also, dues=dues)


def _dates_before_grievance(case: Case, who: Regulator | None) -> list[deadlines.Due]:
    if case.get("plan_type") is None:
        return []
    if case.get("plan_type") == "medi_cal_managed_care":
        return programmes.medi_cal_dates(case)
    if who and who.name == "cdi":
        return deadlines.simple(case, "insurer_internal_appeal", "denial_letter_date")
    return deadlines.plan_grievance(case)


def _phone_only(case: Case) -> Outcome | None:
    spoken = case.get("verbal_denial_date") is not None
    filed = case.get("grievance_status") in ("pending", "upheld")
    if not spoken or filed or deadlines.letter(case):
        return None
    found = outcome("more_information", "phone_only", "verbal_denial_date", also=["plan_grievance"])
    return found.starting_with("ask_written_decision")


def _severity_unknown(case: Case) -> Outcome | None:
    if "experimental" not in case.reasons() or case.get("condition_severity") is not None:
        return None
    if case.get("grievance_status") in ("pending", "upheld"):
        return None
    cdi = regulator_of(case).name == "cdi"
    also = ["cdi_imr" if cdi else "dmhc_imr_experimental", "plan_grievance"]
    found = outcome("more_information", "experimental_severity_unknown", "condition_severity", also=also)
    who = regulator_of(case)
    return found.with_dues(_dates_before_grievance(case, who)).starting_with("ask_severity")


def no_provider_support(case: Case) -> Outcome | None:
    """HSC 1374.30(j)(1): a review needs a provider's recommendation, urgent care, or a visit in the plan."""
    weighed: Reasons = weigh(case)
    if weighed.track != "imr" or "not_emergency" in case.reasons() or case.get("provider_support") != "none":
        return None
    found = outcome("more_information", "no_provider_support", "provider_support", also=["plan_grievance"])
    if not _answered_or_running(case):
        found = found.with_dues(_dates_before_grievance(case, regulator_of(case)))
    return found.beside("consultation").starting_with("see_a_doctor_in_the_plan")


TESTS: tuple[Test, ...] = (
    in_danger,
    review_already_decided,
    plan_reversed_itself,
    contradictory_dates,
    programme,
    medi_cal_hearing_held,
    cancellation,
    experimental,
    urgent,
    must_know_more,
    no_provider_support,
    by_grievance,
)
