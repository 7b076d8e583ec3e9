"""Who regulates a plan: what the papers say, else what the product or the company implies."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from imr_logic.case import Case
from imr_logic.law import Confidence, load

INSURED = frozenset({"commercial", "dental", "student", "employer_funding_unknown"})
ALWAYS_DMHC = frozenset({"medi_cal_managed_care", "calpers_hmo"})


class Regulator(NamedTuple):
    """`name` is dmhc, cdi or None; `rule` is the rule it was inferred by, None when it was said."""

    name: str | None
    rule: str | None
    fact: str
    confidence: Confidence


UNKNOWN = Regulator(None, None, "regulator", "high")


@lru_cache
def implied_by_product(product: str | None) -> Regulator:
    """What a product alone implies: any HMO sold in California is licensed by the DMHC."""
    entry = load("carriers")["products"].get(product)
    if entry is None:
        return UNKNOWN
    return Regulator(entry["regulator"], "regulator_from_product", "product", entry["confidence"])


@lru_cache
def implied_by_carrier(carrier: str | None) -> Regulator:
    """What a company alone implies; unknown for those that sell under both regulators."""
    entry = load("carriers")["carriers"].get(carrier) or {}
    if "regulator" not in entry:
        return UNKNOWN
    return Regulator(entry["regulator"], "regulator_from_carrier", "carrier", entry["confidence"])


def regulator_of(case: Case) -> Regulator:
    """Who regulates the plan of a case that is insured in California."""
    if case.get("plan_type") in ALWAYS_DMHC:
        return Regulator("dmhc", None, "plan_type", "high")
    known = _from_what_is_known(case)
    if known.name is None and case.get("plan_type") in INSURED:
        for fact in ("product", "carrier", "regulator"):
            case.get(fact)
    return known


def _from_what_is_known(case: Case) -> Regulator:
    said = case.volunteered("regulator")
    if said is not None:
        return Regulator(said, None, "regulator", "high")
    if case.get("plan_type") not in INSURED:
        return UNKNOWN
    by_product = implied_by_product(case.volunteered("product"))
    if by_product.name or case.get("plan_type") == "employer_funding_unknown":
        return by_product
    return implied_by_carrier(case.volunteered("carrier"))
