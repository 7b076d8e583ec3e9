"""What follows from what was said. What the words themselves amount to is stated (an HMO of no other programme is
commercial, Medicare with Medi-Cal is both); what the law knows of a company is only implied."""

from __future__ import annotations

from imr_logic.regulator import INSURED, implied_by_carrier, implied_by_product
from nlu.facts.found import Found

MEDICARE = frozenset({"medicare_advantage", "original_medicare"})


def conclude(found: list[Found]) -> tuple[list[Found], list[Found]]:
    """The stated facts, and the implied ones."""
    stated = _plan_type(found)
    stated = _urgency(stated)
    return stated, list(_implied(stated))


def _one(found: list[Found], fact: str) -> Found | None:
    return next((one for one in found if one.fact == fact), None)


def _plan_type(found: list[Found]) -> list[Found]:
    plan, product = _one(found, "plan_type"), _one(found, "product")
    if product is None or product.value != "hmo":
        return found
    if plan is None:
        return [*found, Found("plan_type", "commercial", product.start, product.end, "plan_type/hmo", product.sentence)]
    if plan.value != "employer_funding_unknown":
        return found
    insured = Found("plan_type", "commercial", plan.start, plan.end, "plan_type/employer_hmo", plan.sentence)
    return [insured if one is plan else one for one in found]


def _urgency(found: list[Found]) -> list[Found]:
    """A doctor who says that it is urgent, or is not, says so of the case too."""
    doctor, urgent = _one(found, "doctor_certifies_urgency"), _one(found, "urgent")
    if doctor is None or doctor.value is not True or (urgent is not None and urgent.value is True):
        return found
    rest = [one for one in found if one is not urgent]
    return [*rest, Found("urgent", True, doctor.start, doctor.end, "urgent/doctor", doctor.sentence)]


def _implied(stated: list[Found]) -> list[Found]:
    if _one(stated, "regulator"):
        return []
    plan = _one(stated, "plan_type")
    if plan is not None and plan.value not in INSURED:
        return []
    for fact, implied_by in (("product", implied_by_product), ("carrier", implied_by_carrier)):
        one = _one(stated, fact)
        who = implied_by(one.value) if one else None
        if one and who and who.name:
            sureness = {"high": 0.95, "medium": 0.8, "low": 0.6}[who.confidence]
            rule = str(who.rule)
            return [Found("regulator", who.name, one.start, one.end, rule, one.sentence, False, sureness)]
    return []
