"""Who "he" and "she" are: the doctor who was named before, when they do what doctors do."""

from __future__ import annotations

from dataclasses import replace

from nlu.facts.found import Found

# A helper find and the fact that it tells once a doctor was named.
OF_DOCTOR = {
    "_he_supports": "provider_support",
    "_he_certifies": "doctor_certifies_urgency",
    "_he_unsigned": "_unsigned",
    "_he_calm": "_calm_doctor",
}


def resolve_doctor(found: list[Found]) -> list[Found]:
    """The finds, with what "he" or "she" does told of the doctor, and support from outside the network as such."""
    named = [one.start for one in found if one.fact == "_doctor"]
    first = min(named, default=None)
    told = [_told(one) if one.fact in OF_DOCTOR and first is not None and first < one.start else one for one in found]
    return _from_outside(told)


def _told(one: Found) -> Found:
    fact = OF_DOCTOR[one.fact]
    return replace(one, fact=fact, rule=f"{fact}/{one.rule.strip('_')}")


def _from_outside(found: list[Found]) -> list[Found]:
    """A doctor who recommends the care and is said, in that breath, to be outside the network; not by the plan, which
    says so of the one that was asked for."""
    cited = {one.sentence for one in found if one.fact == "_plan_says"}
    outside = [one for one in found if one.fact == "_doctor_network" and one.sentence not in cited]
    return [
        _outside(one) if _recommends(one) and any(_same_breath(one, two) for two in outside) else one for one in found
    ]


def _recommends(one: Found) -> bool:
    return one.fact == "provider_support" and one.value == "in_plan_recommended"


def _same_breath(one: Found, other: Found) -> bool:
    """In one sentence, or "he is not in the network. He is the one who ordered it"."""
    return one.sentence == other.sentence or ("he_supports" in one.rule and one.sentence == other.sentence + 1)


def _outside(one: Found) -> Found:
    return replace(one, value="out_of_network_recommended", rule=f"{one.rule}+outside")
