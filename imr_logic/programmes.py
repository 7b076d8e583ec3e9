"""Programmes with a path of their own: neither the DMHC nor the Department of Insurance reviews their denials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from imr_logic import deadlines
from imr_logic.case import Case
from imr_logic.law import load
from imr_logic.outcome import Outcome, outcome
from imr_logic.reasons import reason_of, service_of


def late_unless_begun(case: Case, found: Outcome) -> Outcome:
    """The late route only for those who have not taken the step yet."""
    return found if case.get("grievance_status") in ("pending", "upheld") else late_or(case, found)


def late_or(case: Case, found: Outcome) -> Outcome:
    """The outcome, or the late route when its last day has gone by: late is "apply anyway", never "closed"."""
    if not deadlines.has_surely_passed(case, list(found.dues)):
        return found
    late = replace(found, route="late_filing_consultation")
    return late.beside(found.route, "consultation").for_reason("late_may_be_excused", "today")


def workers_compensation(case: Case) -> Outcome:
    """Lab. Code 4610.5: the form that came with the decision, 30 days from service, 10 for a drug."""
    drug = service_of(case).get("formulary_drug") or any(reason_of(r).get("formulary_drug") for r in case.reasons())
    name = "dwc_imr_form_formulary" if drug else "dwc_imr_form"
    dues = deadlines.simple(case, "dwc_imr_form", "denial_letter_date", name=name, last=name)
    if deadlines.has_passed(dues, case.today):
        late = [due for due in dues if due.kind == "legal_last_day"]
        return outcome(
            "late_filing_consultation",
            "workers_compensation_late",
            "denial_letter_date",
            also=("workers_comp_imr", "consultation"),
            dues=late,
        )
    in_time = [due for due in dues if due.kind == "file_by"]
    return outcome("workers_comp_imr", "programme_workers_compensation", "plan_type", dues=in_time)


def medicare_plan(case: Case) -> Outcome:
    """Medicare Advantage and Part D: the plan first; fast appeal when care is about to end."""
    part_d = case.get("plan_type") == "medicare_part_d"
    rule = "programme_part_d" if part_d else "programme_medicare_plan"
    fast = [] if part_d else deadlines.qio_fast_appeal(case)
    appeal = deadlines.simple(
        case,
        "medicare_plan_appeal",
        "denial_letter_date",
        name="medicare_plan_appeal_safe",
        last="medicare_plan_appeal",
    )
    in_time = bool(fast) and not _gone_by(case, fast)
    found = outcome("medicare_appeal", rule, "plan_type", dues=[*fast, *appeal] if in_time else appeal)
    if not in_time:
        return _medicare_urgent_or_late(case, found).with_dues(fast)
    return found.for_reason("medicare_care_ending", "care_end_date").starting_with("call_qio")


def _gone_by(case: Case, dues: list[deadlines.Due]) -> bool:
    return all(due.date is not None and due.date < case.today for due in dues)


def _medicare_urgent_or_late(case: Case, found: Outcome) -> Outcome:
    if is_urgent(case):
        return found.for_reason("medicare_urgent", "urgent").starting_with("medicare_expedited")
    return late_unless_begun(case, found)


def original_medicare(case: Case) -> Outcome:
    """42 CFR 405.942: redetermination within 120 days, five more presumed for the mail."""
    dues = deadlines.simple(
        case,
        "medicare_redetermination",
        "denial_letter_date",
        name="medicare_redetermination_safe",
        last="medicare_redetermination",
    )
    fast = deadlines.qio_fast_appeal(case)
    in_time = bool(fast) and not _gone_by(case, fast)
    ordered = [*fast, *dues] if in_time else dues
    found = outcome("medicare_appeal", "programme_original_medicare", "plan_type", dues=ordered)
    return found if in_time else late_unless_begun(case, found).with_dues(fast)


def medicare_and_medi_cal(case: Case) -> Outcome:
    """Which programme covers the service decides; both plan appeals run 60 days, so the date is known."""
    dues = deadlines.simple(case, "medi_cal_plan_appeal", "denial_letter_date")
    dues += deadlines.simple(case, "medicare_plan_appeal", "denial_letter_date", name="medicare_plan_appeal_safe")
    routes = ("medicare_appeal", "medi_cal_appeal_or_hearing", "dmhc_imr_standard")
    found = outcome("more_information", "programme_dual", "plan_type", also=routes, dues=dues)
    return found.starting_with("ask_which_programme")


def federal_employee(case: Case) -> Outcome:
    """5 CFR 890.105: the carrier reconsiders, then the Office of Personnel Management."""
    if case.get("grievance_status") == "upheld":
        fact = deadlines.answer(case)
        dues = deadlines.simple(case, "opm_review", fact) if fact else []
        dues = dues or [deadlines.confirm_on_letter("opm_review", "grievance_decision_date", today=case.today)]
        found = outcome("fehb_review", "programme_federal_employee", "plan_type", "grievance_status", dues=dues)
        return late_or(case, found.starting_with("opm_now"))
    dues = deadlines.simple(case, "fehb_reconsideration", "denial_letter_date")
    found = outcome("fehb_review", "programme_federal_employee", "plan_type", dues=dues)
    return found if case.get("grievance_status") == "pending" else late_or(case, found)


def tricare(case: Case) -> Outcome:
    """32 CFR 199.10: 90 days from the decision; three from receipt when care cannot wait."""
    standard = deadlines.simple(case, "tricare_reconsideration", "denial_letter_date")
    if not is_urgent(case):
        return late_unless_begun(case, outcome("tricare_appeal", "programme_tricare", "plan_type", dues=standard))
    fact = deadlines.first_known(case, "denial_received_date", "denial_letter_date")
    fast = deadlines.simple(case, "tricare_expedited_reconsideration", fact) if fact else []
    # A late expedited request is handled as a standard one.
    ordered = [*standard, *fast] if _gone_by(case, fast) else [*fast, *standard]
    found = outcome("tricare_appeal", "programme_tricare", "plan_type", "urgent", dues=ordered)
    return found.starting_with("tricare_fast")


def self_funded_employer(case: Case) -> Outcome:
    """29 CFR 2560.503-1: the plan's own appeal, then federal external review."""
    status = case.get("grievance_status")
    if status == "upheld":
        dues = deadlines.federal_external_review(case)
        found = outcome("erisa_appeal", "programme_self_funded_employer", "plan_type", dues=dues)
        found = found.for_reason("erisa_external_review", "grievance_status").starting_with("external_review_now")
        return late_or(case, found)
    dues = deadlines.simple(case, "erisa_internal_appeal", "denial_letter_date")
    found = outcome("erisa_appeal", "programme_self_funded_employer", "plan_type", dues=dues)
    if is_urgent(case):
        return found.starting_with("erisa_expedited")
    return found if status == "pending" else late_or(case, found)


def self_funded_government(case: Case) -> Outcome:
    """45 CFR 147.136(d): the letter names the external review."""
    rule = "programme_self_funded_government"
    found = outcome("more_information", rule, "plan_type", also=["consultation"])
    return found.starting_with("letter_names_review")


def calpers_ppo(case: Case) -> Outcome:
    """The Evidence of Coverage's own appeal, then CalPERS administrative review."""
    dues = [calpers_review(case)]
    found = outcome("consultation", "programme_calpers_ppo", "plan_type", also=["more_information"], dues=dues)
    return found.starting_with("calpers_appeal_steps")


def calpers_review(case: Case) -> deadlines.Due:
    """The CalPERS step after the plan's final letter; the date is read off the letter."""
    return deadlines.confirm_on_letter("calpers_administrative_review", "final_letter", today=case.today)


def out_of_state(case: Case) -> Outcome:
    """The issuing state's external review; the letter names it."""
    found = outcome("more_information", "programme_out_of_state", "plan_type", also=["consultation"])
    return found.starting_with("letter_names_review")


def sharing_ministry(case: Case) -> Outcome:
    """Not insurance: no regulator reviews its decisions."""
    return outcome("consultation", "programme_sharing_ministry", "plan_type").starting_with("sharing_not_insurance")


def uninsured(case: Case) -> Outcome:
    """No plan decided anything: coverage and hospital financial assistance."""
    return outcome("consultation", "programme_uninsured", "plan_type").starting_with("find_coverage")


def medi_cal_state_hearing_only(case: Case) -> Outcome:
    """Fee-for-service and Medi-Cal Rx: the State Hearing is the appeal."""
    if case.get("state_hearing") == "held":
        return hearing_held(case)
    dues = deadlines.simple(case, "state_hearing", "denial_letter_date", name="state_hearing_direct")
    rule = "medi_cal_state_hearing_only"
    found = outcome("medi_cal_appeal_or_hearing", rule, "plan_type", dues=dues)
    if case.get("state_hearing") == "requested":
        return found.starting_with("prepare_the_hearing")
    return late_or(case, found.starting_with("ask_state_hearing"))


def medi_cal_without_dmhc(case: Case) -> Outcome:
    """County-organised plans and county mental health: plan appeal, then State Hearing, no DMHC review."""
    if case.get("state_hearing") == "held":
        return hearing_held(case)
    found = outcome("medi_cal_appeal_or_hearing", "medi_cal_no_dmhc_review", "plan_type")
    found = found.with_dues(medi_cal_dates(case))
    if case.volunteered("carrier") and load("carriers")["carriers"][case.get("carrier")].get("licensed_cohs"):
        found = found.beside("dmhc_imr_standard")
    if is_urgent(case):
        return found.for_reason("medi_cal_urgent", "urgent").starting_with("medi_cal_expedited")
    if case.get("state_hearing") == "requested":
        return found.starting_with("prepare_the_hearing")
    if case.get("grievance_status") == "pending":
        return found.starting_with("wait_and_prepare")
    found = found.starting_with("ask_state_hearing") if case.get("grievance_status") == "upheld" else found
    return late_or(case, found)


def medi_cal_dates(case: Case) -> list[deadlines.Due]:
    """What runs in Medi-Cal: the plan appeal and care while it is open, or after its decision the hearing."""
    status = case.get("grievance_status")
    if status == "upheld":
        fact = deadlines.answer(case)
        dues = deadlines.simple(case, "state_hearing", fact, name="state_hearing_after_appeal") if fact else []
        unread = deadlines.confirm_on_letter(
            "state_hearing", "grievance_decision_date", "state_hearing_after_appeal", case.today
        )
        return dues or [unread]
    if status == "pending":
        return deadlines.grievance_clock(case)
    dues = deadlines.simple(case, "medi_cal_plan_appeal", "denial_letter_date")
    return dues + deadlines.aid_paid_pending(case)


def hearing_held(case: Case) -> Outcome:
    """28 CCR 1300.74.30: no review of a dispute that a State Hearing has decided."""
    found = outcome("consultation", "hearing_held", "state_hearing", also=["medi_cal_appeal_or_hearing"])
    return found.starting_with("rehearing_advice")


def is_urgent(case: Case) -> bool:
    """Whether waiting is dangerous: the person says so, or their doctor certifies it."""
    return case.get("urgent") is True or case.known.get("doctor_certifies_urgency") is True


PROGRAMMES: dict[str, Callable[[Case], Outcome]] = {
    "workers_compensation": workers_compensation,
    "medicare_advantage": medicare_plan,
    "medicare_part_d": medicare_plan,
    "original_medicare": original_medicare,
    "medicare_medi_cal_dual": medicare_and_medi_cal,
    "federal_employee": federal_employee,
    "tricare": tricare,
    "self_funded_employer": self_funded_employer,
    "self_funded_government": self_funded_government,
    "calpers_ppo": calpers_ppo,
    "out_of_state": out_of_state,
    "sharing_ministry": sharing_ministry,
    "uninsured": uninsured,
    "medi_cal_fee_for_service": medi_cal_state_hearing_only,
    "medi_cal_rx": medi_cal_state_hearing_only,
    "medi_cal_cohs": medi_cal_without_dmhc,
    "medi_cal_county_mental_health": medi_cal_without_dmhc,
}
