"""The grievance step: not begun, running, or answered; then the date; then review or complaint."""

from __future__ import annotations

from dataclasses import replace

from imr_logic import deadlines, programmes
from imr_logic.case import Case
from imr_logic.law import period
from imr_logic.outcome import Outcome, outcome
from imr_logic.reasons import weigh
from imr_logic.regulator import regulator_of


def by_grievance(case: Case) -> Outcome:
    """The last test: decides every case that is left, by the state of its grievance."""
    status = status_of(case)
    if regulator_of(case).name == "cdi":
        found = _cdi(case, status)
    elif case.get("plan_type") == "medi_cal_managed_care":
        found = _medi_cal(case, status)
    else:
        found = _dmhc(case, status)
    return _with_colour(case, found)


def status_of(case: Case) -> str:
    """The state of the grievance; without an answer, what the dates show, else not begun."""
    status: str | None = case.get("grievance_status")
    if status is not None:
        return status
    if case.volunteered("grievance_decision_date") or case.volunteered("grievance_decision_received_date"):
        return "upheld"
    return "pending" if case.volunteered("grievance_filed_date") else "not_filed"


def time_is_up(case: Case) -> bool:
    """Whether the plan has had more days than it may take; with a vague filing day only when that is certain."""
    filed = case.span("grievance_filed_date")
    if filed is None:
        return False
    name = "grievance_participation_expedited" if deadlines.is_expedited(case) else "grievance_participation"
    return (case.today - filed.latest).days > period(name, filed.latest).value


def _dmhc(case: Case, status: str) -> Outcome:
    if status == "not_filed":
        found = outcome("plan_grievance", "grievance_first", "grievance_status", dues=deadlines.plan_grievance(case))
        return programmes.late_or(case, found).beside(*_next_routes(case))
    found = _dmhc_by_kind(case, status)
    if status == "pending" and not time_is_up(case):
        waiting = outcome("plan_grievance", "grievance_running", "grievance_filed_date", dues=found.dues)
        return waiting.beside(*_next_routes(case)).starting_with("wait_and_prepare")
    rule = "grievance_upheld" if status == "upheld" else "grievance_time_is_up"
    return programmes.late_or(case, found.for_reason(rule, "grievance_status"))


def _next_routes(case: Case) -> tuple[str, ...]:
    weighed = weigh(case)
    first = "dmhc_imr_standard" if weighed.track == "imr" else "dmhc_complaint"
    second = "dmhc_complaint" if weighed.track == "imr" else "dmhc_imr_standard"
    return (first, second) if weighed.both else (first,)


def _dmhc_by_kind(case: Case, status: str) -> Outcome:
    """Review for a medical judgement in any part, complaint for the rest (HSC 1374.30(b), 1368(b))."""
    weighed = weigh(case)
    running = deadlines.grievance_clock(case) if status == "pending" else []
    if weighed.track == "imr":
        dues = [*running, *deadlines.imr_application(case)]
        found = outcome("dmhc_imr_standard", "medical_judgement", "denial_reasons", dues=dues)
        return found.beside("dmhc_complaint") if weighed.both else found
    answered = deadlines.answer(case)
    dues = deadlines.simple(case, "dmhc_complaint", answered) if answered else []
    rule = "dental_only" if case.get("plan_type") == "dental" else "not_medical_judgement"
    found = outcome("dmhc_complaint", rule, "denial_reasons", dues=[*running, *dues])
    return found.beside(*(("dmhc_imr_standard",) if weighed.both else ()), *_grievance_too(status))


def _grievance_too(status: str) -> tuple[str, ...]:
    return ("plan_grievance",) if status == "pending" else ()


def _cdi(case: Case, status: str) -> Outcome:
    weighed = weigh(case)
    imr = weighed.track == "imr"
    next_route = "cdi_imr" if imr else "cdi_complaint"
    other = ("cdi_complaint" if imr else "cdi_imr",) if weighed.both else ()
    if status == "not_filed":
        dues = deadlines.simple(case, "insurer_internal_appeal", "denial_letter_date")
        found = outcome("plan_grievance", "insurer_appeal_first", "grievance_status", "regulator", dues=dues)
        return programmes.late_or(case, found).beside(next_route, *other)
    dues = deadlines.imr_application(case, "cdi_imr_application") if imr else []
    if status == "pending" and not time_is_up(case):
        clock = [*deadlines.grievance_clock(case), *dues]
        waiting = outcome("plan_grievance", "insurer_appeal_first", "grievance_filed_date", dues=clock)
        return waiting.beside(next_route, *other).starting_with("wait_and_prepare")
    rule = "insurer_upheld" if status == "upheld" else "insurer_time_is_up"
    found = outcome(next_route, rule, "grievance_status", "regulator", also=other, dues=dues)
    return programmes.late_or(case, found if imr else found.for_reason("cdi_not_medical_judgement", "denial_reasons"))


def _medi_cal(case: Case, status: str) -> Outcome:
    own = programmes.medi_cal_dates(case)
    if case.get("state_hearing") == "requested":
        also = [*_next_routes(case), "consultation"]
        found = outcome("medi_cal_appeal_or_hearing", "hearing_requested", "state_hearing", also=also, dues=own)
        return found.starting_with("keep_the_hearing")
    if status == "not_filed":
        found = outcome("medi_cal_appeal_or_hearing", "medi_cal_appeal_first", "plan_type", dues=own)
        if any(due.code == "aid_paid_pending" for due in own):
            found = found.for_reason("medi_cal_reduction", "care_status").starting_with("ask_aid_paid_pending")
        return programmes.late_or(case, found).beside(*_next_routes(case))
    found = _dmhc_by_kind(case, status).with_dues(own)
    if status == "pending" and not time_is_up(case):
        waiting = outcome(
            "medi_cal_appeal_or_hearing", "medi_cal_appeal_first", "grievance_filed_date", dues=found.dues
        )
        return waiting.beside(*_next_routes(case)).starting_with("wait_and_prepare")
    rule = "grievance_upheld" if status == "upheld" else "grievance_time_is_up"
    late = programmes.late_or(case, _only_review_dates_decide(found).for_reason(rule, "grievance_status"))
    return late.with_dues(own).beside("medi_cal_appeal_or_hearing")


def _only_review_dates_decide(found: Outcome) -> Outcome:
    """A missed hearing date does not close the review, so it must not make the case late."""
    return replace(found, dues=tuple(due for due in found.dues if due.code != "state_hearing"))


def _with_colour(case: Case, found: Outcome) -> Outcome:
    """What a retroactive denial, a CalPERS plan, the doctor or a kind of care adds."""
    cdi = regulator_of(case).name == "cdi"
    if case.known.get("decision") == "retroactive" and not cdi:
        found = found.for_reason("retroactive_denial", "decision").beside("dmhc_complaint")
    if case.get("plan_type") == "calpers_hmo":
        found = found.for_reason("calpers_after_review", "plan_type").with_dues([programmes.calpers_review(case)])
    support = case.known.get("provider_support")
    if support == "out_of_network_recommended":
        found = found.for_reason("out_of_network_doctor", "provider_support")
    if support == "seen_in_plan":
        found = found.for_reason("seen_in_plan", "provider_support")
    if case.known.get("condition_severity") == "other" and "experimental" in case.reasons():
        found = found.for_reason("experimental_severity_other", "condition_severity")
        found = found.beside("cdi_imr" if cdi else "dmhc_imr_experimental")
    if "no_decision" in case.reasons():
        found = found.starting_with("plan_time_to_decide")
    if case.known.get("service_category") == "clinical_trial":
        found = found.beside("cdi_imr" if cdi else "dmhc_imr_experimental")
    return found
