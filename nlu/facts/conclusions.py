"""What follows from what was said. What the words themselves amount to is stated (a delay is the reason of a
delay, a doctor who calls it urgent says so of the case); what the law knows of a company is only implied."""

from __future__ import annotations

from dataclasses import replace

from imr_logic.regulator import INSURED, implied_by_carrier, implied_by_product
from nlu.facts.found import Found
from nlu.facts.kinds import likely_kind
from nlu.facts.patterns import GUESS

SURENESS = {"high": 0.95, "medium": 0.8, "low": 0.6}
REASON_OF_DECISION = {"delayed": "delay", "none": "no_decision"}
CARE_OF_REASON = {
    "quality_of_service": "quality",
    "cancellation": "cancellation",
    "billing": "billing",
    "balance_billing": "billing",
}
OF_THE_DECISION = "denial_reasons/decision/"
KEEPS_ITS_NAME = frozenset({"ambulance", "hospital_bill"})
WAITING = frozenset({"delay", "no_decision", "timely_access"})
# Who may not leave the network because nobody in it has time has both reasons.
BESIDE_A_WAIT = frozenset({"out_of_network"})
DRUGS = frozenset({"medication", "medication_infused"})
COMPLAINTS = frozenset({"billing", "quality_of_service"})


def conclude(chosen: list[Found], found: list[Found]) -> list[Found]:
    """The stated facts of a message. `found` are all its finds."""
    chosen = _refused_request(_care_of_lost_doctor(chosen, found), found)
    chosen = _exercise_before_surgery(chosen, found)
    for step in (
        _without_complaint_beside_denial,
        _reason_of_decision,
        _care_of_complaint,
        _no_status_of_complaint,
        _care_to_come,
        _urgency,
    ):
        chosen = step(chosen)
    return chosen


def imply(stated: list[Found], found: list[Found]) -> list[Found]:
    """What the stated facts make likely. `found` are all finds of the message."""
    plan = _one(stated, "plan_type")
    kinds = [] if plan else list(likely_kind(stated, found))
    filed = [] if _one(stated, "grievance_status") else _filed(found)
    return [*kinds, *filed, *_regulator(stated, plan or (kinds[0] if kinds else None))]


def _one(found: list[Found], fact: str) -> Found | None:
    return next((one for one in found if one.fact == fact), None)


def _exercise_before_surgery(chosen: list[Found], found: list[Found]) -> list[Found]:
    """Who wants more physical therapy before an operation says it is not needed yet; step therapy is of drugs."""
    if all((one.fact, one.value) != ("service_category", "surgery") for one in chosen):
        return chosen
    exercise = {one.sentence for one in found if one.fact == "_exercise"}
    of_body = exercise - {one.sentence for one in found if one.value in DRUGS}
    return [
        replace(one, value="medical_necessity") if one.value == "step_therapy" and one.sentence in of_body else one
        for one in chosen
    ]


def _without_complaint_beside_denial(chosen: list[Found]) -> list[Found]:
    """A bill or bad service is no reason beside a denial of care, nor is a wait beside another reason; cover ended
    from an earlier day is no denial."""
    decision = _one(chosen, "decision")
    if decision is None or decision.value in REASON_OF_DECISION:
        return chosen
    if decision.value == "retroactive" and any(one.value == "cancellation" for one in chosen):
        return [one for one in chosen if one is not decision]
    given = {one.value for one in chosen if one.fact == "denial_reasons"}
    remarks = COMPLAINTS | ({"timely_access"} if given - COMPLAINTS - WAITING - BESIDE_A_WAIT else set())
    return [one for one in chosen if one.fact != "denial_reasons" or one.value not in remarks]


def _reason_of_decision(chosen: list[Found]) -> list[Found]:
    """A delay and a missing answer are their own reasons; a wait for an appointment is no missing decision."""
    decision = _one(chosen, "decision")
    reason = REASON_OF_DECISION.get(str(decision.value)) if decision else None
    if decision is None or reason is None:
        return chosen
    if any(one.value == "timely_access" for one in chosen) and reason == "no_decision":
        return [one for one in chosen if one is not decision]
    reasons = [one for one in chosen if one.fact == "denial_reasons"]
    idle = [one for one in reasons if one.value in COMPLAINTS | {"unknown"} or one.confidence == GUESS]
    kept = [one for one in chosen if one not in idle]
    rule = f"{OF_THE_DECISION}{decision.rule.removeprefix('decision/')}"
    return [*kept, replace(decision, fact="denial_reasons", value=reason, rule=rule, part_of_list=True)]


def follows(one: Found) -> bool:
    """Whether a reason is only what the decision amounts to: a delay, a missing answer."""
    return one.fact == "denial_reasons" and one.rule.startswith(OF_THE_DECISION)


def _care_of_complaint(chosen: list[Found]) -> list[Found]:
    """A bill, a cancellation or bad service is its own subject unless care was denied; an ambulance stays one."""
    named = [one for one in chosen if one.fact == "denial_reasons" and one.value in CARE_OF_REASON]
    service = _one(chosen, "service_category")
    if not named or _one(chosen, "decision") or (service is not None and service.value in KEEPS_ITS_NAME):
        return chosen
    care = replace(named[0], fact="service_category", value=CARE_OF_REASON[named[0].value], part_of_list=False)
    return [*(one for one in chosen if one is not service), care]


def _care_of_lost_doctor(chosen: list[Found], found: list[Found]) -> list[Found]:
    """Whose doctor leaves the network or cannot be seen, and names no care, is in dispute over that doctor's care."""
    lost = any(one.value in ("continuity_of_care", "timely_access") for one in chosen)
    doctor = _one(found, "_care_of_doctor")
    if not lost or doctor is None or _one(chosen, "service_category"):
        return chosen
    return [*chosen, replace(doctor, fact="service_category", rule=f"service_category/{doctor.rule}")]


def _no_status_of_complaint(chosen: list[Found]) -> list[Found]:
    """A cancellation and bad service have no care that could be to come or had."""
    service = _one(chosen, "service_category")
    if service is None or service.value not in ("cancellation", "quality"):
        return chosen
    return [one for one in chosen if one.fact != "care_status"]


def _care_to_come(chosen: list[Found]) -> list[Found]:
    """What was asked for and not decided, put off or kept waiting is care to come unless said otherwise."""
    waits = [one for one in chosen if one.value in WAITING]
    if not waits or _one(chosen, "care_status"):
        return chosen
    return [
        *chosen,
        replace(
            waits[0], fact="care_status", value="future", rule=f"care_status/{waits[0].rule}", part_of_list=False
        ),
    ]


def _refused_request(chosen: list[Found], found: list[Found]) -> list[Found]:
    """Care that was asked for and refused is to come unless said otherwise."""
    decision, asked = _one(chosen, "decision"), _one(found, "_requested")
    if decision is None or decision.value != "denied" or asked is None or _one(chosen, "care_status"):
        return chosen
    return [*chosen, replace(asked, fact="care_status", value="future", rule=f"care_status/{asked.rule}")]


def _urgency(chosen: list[Found]) -> list[Found]:
    """A doctor who says that it is urgent says so of the case too."""
    doctor, urgent = _one(chosen, "doctor_certifies_urgency"), _one(chosen, "urgent")
    if doctor is None or not doctor.value or (urgent is not None and urgent.value):
        return chosen
    rest = [one for one in chosen if one is not urgent]
    return [*rest, replace(doctor, fact="urgent", rule="urgent/doctor")]


def _filed(found: list[Found]) -> list[Found]:
    """A grievance that was filed, with no word of an answer, is probably pending."""
    filed = _one(found, "_filed")
    return [replace(filed, fact="grievance_status", value="pending", confidence=0.7)] if filed else []


def _regulator(stated: list[Found], plan: Found | None) -> list[Found]:
    if _one(stated, "regulator") or (plan is not None and plan.value not in INSURED):
        return []
    for fact, implied_by in (("product", implied_by_product), ("carrier", implied_by_carrier)):
        one = _one(stated, fact)
        who = implied_by(one.value) if one else None
        if one and who and who.name:
            return [
                replace(
                    one, fact="regulator", value=who.name, rule=str(who.rule), confidence=SURENESS[who.confidence]
                )
            ]
    return []
