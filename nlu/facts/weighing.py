"""What the finds of a message do to one another before the choice: which of them another one explains away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nlu.facts.found import Found
from nlu.facts.kinds import name_kind
from nlu.facts.patterns import SURE

DECIDED = frozenset({"denied", "modified", "retroactive"})
# A word that only may tell of care counts in a story, not in a question about the procedure.
STORY = frozenset({"decision", "denial_reasons", "provider_support"})
# Words that are no refusal: a share of a bill left unpaid, haste refused, a review that did not go well.
# Names and statements whose words name no care in dispute.
NAMES = frozenset({"plan_type", "carrier", "_part", "physician_certification"})
HOW_PAID = frozenset({"plan_type", "_part"})
NO_REFUSAL = frozenset({"balance_billing", "plan_refused_expedite"})
# "It will kill her if they don't give her the drug" pleads, and names no drug anew.
PLEAS = frozenset({"condition_severity", "urgent"})
# What is said of haste says nothing of the care: "declined my doctor's request for expedited handling".
OF_THE_CARE = frozenset({"provider_support", "_requested", "care_status"})

Finds = list[Found]


def weigh(found: Finds) -> Finds:
    """The finds that can count."""
    for step in STEPS:
        found = step(found)
    return found


def _without_days_of_refusals(found: Finds) -> Finds:
    """ "They denied my surgery last month" tells when it was refused, not that it was had."""
    then = [one for one in found if one.fact == "_refused_then"]
    return [one for one in found if one.value != "received" or not any(_inside(one, other) for other in then)]


def _without_weak_care_alone(found: Finds) -> Finds:
    if any(one.fact in STORY or (one.fact == "care_status" and one.confidence == SURE) for one in found):
        return found
    if any(one.fact in PLEAS for one in found):
        found = [one for one in found if one.value != "medication" or "supposed" not in one.marks]
    return [one for one in found if one.fact not in ("service_category", "care_status") or one.confidence == SURE]


def _without_care_done_before(found: Finds) -> Finds:
    """ "I already did eight months of therapy" says nothing of the operation that was refused."""
    care = [one for one in found if one.fact == "service_category"]
    main = {one.value for one in care if "aside" not in one.marks}
    aside = [one for one in care if "aside" in one.marks and one.value not in main]
    if not main:
        return found
    return [one for one in found if one.fact != "care_status" or not any(_goes_with(one, other) for other in aside)]


def _without_stay_that_delayed(found: Finds) -> Finds:
    """ "I was in the hospital then, I didn't see it till April" tells why a letter was seen late; a stay that is over
    is no care in dispute either, in a message that tells of nothing refused or tells of other care."""
    stays = [one for one in found if one.value == "hospital" and _only_told(one, found)]
    others = any(one.fact == "service_category" and one not in stays for one in found)
    if not stays or (not others and any(one.fact in STORY for one in found)):
        return found
    if others and all(one.fact != "_late" for one in found):
        return found
    told = [one for one in found if one.fact in ("care_status", "service_category")]
    gone = [one for one in told if any(one.overlaps(stay) for stay in stays)]
    return [one for one in found if one not in gone]


def _only_told(stay: Found, found: Finds) -> bool:
    """Whether "I was in the hospital" tells where somebody was: it is over, or something came late meanwhile."""
    if not any(one.overlaps(stay) for one in found if one.fact == "_in_hospital"):
        return False
    if any(one.overlaps(stay) for one in found if one.fact == "care_status" and one.value == "received"):
        return True
    refused = any(one.fact == "decision" and one.sentence == stay.sentence for one in found)
    return any(one.fact == "_late" for one in found) and "object" not in stay.marks and not refused


def _goes_with(status: Found, care: Found) -> bool:
    return status.overlaps(care) or ("aside" in status.marks and status.sentence == care.sentence)


def _without_status_of_papers(found: Finds) -> Finds:
    """ "I did it by phone", "nothing back yet", said of an appeal or a hearing, tell nothing of the care."""
    of_papers = {one.sentence for one in found if one.fact == "_topic" and one.value != "request"}
    of_papers |= {one.sentence for one in found if one.fact == "state_hearing"}
    of_care = {one.sentence for one in found if one.fact == "service_category"}
    return [one for one in found if one.fact != "care_status" or one.sentence not in of_papers - of_care]


def _without_reasons_only_asked(found: Finds) -> Finds:
    """ "Does the review take experimental treatment?" gives no reason of a plan."""
    if any(one.fact == "decision" or (one.part_of_list and "asked" not in one.marks) for one in found):
        return found
    return [one for one in found if "asked" not in one.marks]


def _without_needs_told_by_doctors(found: Finds) -> Finds:
    """ "My doctor says I need the scan" tells of the doctor, not of when the scan is."""
    told = [one for one in found if one.fact == "provider_support"]
    return [one for one in found if not (_is_weak_status(one) and any(one.overlaps(other) for other in told))]


def _is_weak_status(one: Found) -> bool:
    return one.fact == "care_status" and one.value == "future" and one.confidence < SURE


def _without_status_in_reasons(found: Finds) -> Finds:
    """ "I have not tried enough pills" is the plan's reason and tells nothing of the care asked for."""
    tried = [one for one in found if one.fact == "denial_reasons" and one.value == "step_therapy"]
    return [one for one in found if one.fact != "care_status" or not any(one.overlaps(other) for other in tried)]


def _without_names_of_plans(found: Finds) -> Finds:
    """ "My dental plan", "county mental health" name a plan and not the care; "my employer pays the bills itself"
    and "an EPO I buy on my own" tell of no bill and of no doctor."""
    names = [one for one in found if one.fact in NAMES]
    return [one for one in found if not any(_inside(one, name) and _only_names(one, name) for name in names)]


def _only_names(one: Found, name: Found) -> bool:
    if one.fact == "service_category":
        return True
    return name.fact in HOW_PAID and (one.fact in ("care_status", "provider_support") or one.value == "billing")


def _inside(one: Found, other: Found) -> bool:
    return other.start <= one.start and one.end <= other.end


def _without_network_of_doctor(found: Finds) -> Finds:
    """A doctor outside the network who recommends the care is no reason of the plan; nor is a bill's sender, nor
    a remark on a doctor in a sentence that tells of no refusal."""
    told = [one for one in found if one.value in ("out_of_network_recommended", "balance_billing")]
    told += [one for one in found if one.fact == "_doctor_network" and not _beside_refusal(one, found)]
    remarks = {one.sentence for one in told if not _beside_refusal(one, found)}
    return [one for one in found if one.value != "out_of_network" or not _only_remarked(one, told, remarks)]


def _only_remarked(reason: Found, told: Finds, remarks: set[int]) -> bool:
    return reason.sentence in remarks or any(reason.overlaps(other) for other in told)


def _beside_refusal(one: Found, found: Finds) -> bool:
    return any(other.sentence == one.sentence and other.fact in ("decision", "_cited") for other in found)


def _without_words_of_something_else(found: Finds) -> Finds:
    other = [one for one in found if NO_REFUSAL & {one.fact, one.value} and one.value is not False]
    haste = [one for one in other if one.fact == "plan_refused_expedite"]
    kept = [one for one in found if one.fact != "decision" or not any(one.overlaps(two) for two in other)]
    return [one for one in kept if one.fact not in OF_THE_CARE or not any(one.overlaps(two) for two in haste)]


def _without_contrast(found: Finds) -> Finds:
    """ "Step therapy, not formulary" takes the formulary back; "not formulary" alone is a reason."""
    reasons = [one for one in found if one.fact == "denial_reasons"]
    return [one for one in found if one not in reasons or not _is_contrast(one, reasons)]


def _is_contrast(one: Found, reasons: Finds) -> bool:
    begins = one.rule.startswith("denial_reasons/non_formulary")
    return begins and any(other.value != one.value and 0 <= one.start - other.end <= 2 for other in reasons)


def _plan_paid_its_part(found: Finds) -> Finds:
    """Who bills for more than the plan paid bills the balance."""
    if not any(one.fact == "_plan_paid" for one in found):
        return found
    return [
        replace(one, value="balance_billing") if one.value == "billing" and one.fact == "denial_reasons" else one
        for one in found
    ]


def _fewer_than_asked(found: Finds) -> Finds:
    """ "She ordered 30. They approved five." """
    asked = [one for one in found if one.fact == "_asked_count"]
    given = [one for one in found if one.fact == "_given_count"]
    if not asked or not given:
        return found
    return [*found, replace(given[0], fact="decision", value="modified", rule=f"decision/{given[0].rule}")]


def _taken_back(found: Finds) -> Finds:
    """ "They okayed it, I had it, now they deny it" takes an approval back."""
    if not any(one.fact == "care_status" and one.value == "received" and one.confidence == SURE for one in found):
        return found
    first = min((one.start for one in found if one.fact == "_approved_first"), default=None)
    if first is None:
        return found
    later = [one.start for one in found if one.fact == "_later" and one.start >= first]
    refused = [one for one in found if one.fact == "decision" and one.value == "denied"]
    taken = [
        one
        for one in refused
        if (any(place <= one.end for place in later) or one.start <= first) and _is_last(one, first, found)
    ]
    return [replace(one, value="retroactive", rule=f"{one.rule}+approved") if one in taken else one for one in found]


def _is_last(refusal: Found, first: int, found: Finds) -> bool:
    """Whether a refusal comes after the approval, or the care that was approved is named after it."""
    return refusal.start > first or any(
        one.fact == "_later" and one.start == first and one.sentence == refusal.sentence for one in found
    )


def _decision_or_silence(found: Finds) -> Finds:
    """A decision was made after all when one is told beside the silence; not by "they will not say yes or no"."""
    silent = [one for one in found if (one.fact, one.value) == ("decision", "none")]
    found = [one for one in found if not (_is_refusal(one) and any(one.overlaps(two) for two in silent))]
    if not any(one.fact == "decision" and one.value in DECIDED for one in found):
        return found
    return [one for one in found if (one.fact, one.value) != ("decision", "none")]


def _is_refusal(one: Found) -> bool:
    return one.fact == "decision" and one.value == "denied"


def _without_refused_haste(found: Finds) -> Finds:
    """Haste that the plan refused: the grievance is not expedited, and "not as urgent" is the plan's word."""
    refused = [one for one in found if one.fact == "plan_refused_expedite" and one.value is True]
    if not refused:
        return found
    kept = [one for one in found if (one.fact, one.value) != ("grievance_expedited", True)]
    haste = ("urgent", "grievance_expedited", "grievance_status")
    return [one for one in kept if one.fact not in haste or not any(one.overlaps(other) for other in refused)]


def _urgency_of_doctor(found: Finds) -> Finds:
    """A doctor who calls it not urgent says so of the case; one who will not sign says nothing of whether it is."""
    unsigned = [one for one in found if one.fact == "_unsigned"]
    about = ("urgent", "doctor_certifies_urgency", "physician_certification")
    kept = [one for one in found if one.fact not in about or not any(one.overlaps(other) for other in unsigned)]
    spoken_of = any(one.fact == "urgent" for one in found)
    calm = [one for one in found if one.fact == "_calm_doctor" or (one.fact == "_says_not" and spoken_of)]
    both = [replace(one, fact=fact, value=False) for one in calm for fact in ("urgent", "doctor_certifies_urgency")]
    unwilling = [replace(one, fact="doctor_certifies_urgency", value=False) for one in unsigned]
    return _urgent_after_all(kept, found) + both + unwilling


def _urgent_after_all(kept: Finds, found: Finds) -> Finds:
    """ "They call it not urgent. My doctor says it is": the doctor's word counts."""
    sworn = [one for one in found if one.fact == "_says_so"]
    if not sworn or not any(one.fact == "urgent" for one in found):
        return kept
    rest = [one for one in kept if one.fact != "urgent"]
    return [*rest, *(replace(one, fact="doctor_certifies_urgency", value=True) for one in sworn)]


def _without_helpers(found: Finds) -> Finds:
    return [one for one in found if not one.fact.startswith("_")]


STEPS: tuple[Callable[[Finds], Finds], ...] = (
    _without_words_of_something_else,
    _without_reasons_only_asked,
    _without_names_of_plans,
    _without_days_of_refusals,
    _without_weak_care_alone,
    _without_stay_that_delayed,
    _without_status_of_papers,
    _without_status_in_reasons,
    _without_needs_told_by_doctors,
    _without_care_done_before,
    _without_network_of_doctor,
    _without_contrast,
    _plan_paid_its_part,
    _fewer_than_asked,
    _taken_back,
    _decision_or_silence,
    _without_refused_haste,
    _urgency_of_doctor,
    name_kind,
    _without_helpers,
)


def of_the_care_in_dispute(chosen: Finds, found: Finds) -> Finds:
    """Without a care status that is told of other care: "I had a mastectomy" when the reconstruction was refused.
    What is still to come is the care in dispute, whatever it is called."""
    care = next((one for one in chosen if one.fact == "service_category"), None)
    if care is None:
        return chosen
    kept = [one for one in found if one.fact == "care_status" and not _of_other_care(one, care, found)]
    return [one for one in chosen if one.fact != "care_status"] + kept


def _of_other_care(status: Found, care: Found, found: Finds) -> bool:
    beside = [
        one for one in found if one.fact == "service_category" and one.overlaps(status) and one.confidence == SURE
    ]
    named = {one.value for one in beside} - {"billing", "hospital_bill", "specialist_referral"}
    return status.value != "future" and bool(named) and care.value not in named
