"""What a message sets against something else: care that was approved against care that was not ("The shot was
covered. The monitor wasn't."), and a reason told first against the one that counts ("First they said it was
experimental, but the letter says it is not needed"). The cues are data: contrast.yml."""

from __future__ import annotations

from dataclasses import replace

from nlu.facts.found import Found

TRIED_FIRST = frozenset({"physical_therapy"})
NAMES_OF_PLANS = frozenset({"plan_type", "carrier", "product", "_part"})


def set_apart(found: list[Found]) -> list[Found]:
    """The finds, with care that was approved only mentioned and care that was not as what was refused, and
    without reasons that were told first and then no more. Other care that "not" stands before is left out."""
    told = _approved_and_refused([one for one in found if not _told_before(one, found)])
    told = _without_care_to_try(_without_other_plan(_without_approved_before(told)))
    return [one for one in told if "negated" not in one.marks or _left_out(one, told)]


def _approved_and_refused(found: list[Found]) -> list[Found]:
    for refused in (one for one in found if one.fact == "_not_that"):
        approved = next((one for one in found if one.fact == "_approved" and _stands_before(one, refused)), None)
        care = [one for one in found if one.fact == "service_category" and _in(one, refused)]
        if approved and care:
            return _told_apart(found, approved, refused)
    return found


def _without_care_to_try(found: list[Found]) -> list[Found]:
    """ "Physical therapy first, they say": what is to be tried before is not what was asked for."""
    steps = [one for one in found if one.value == "step_therapy"]
    return [one for one in found if one.value not in TRIED_FIRST or not any(one.overlaps(step) for step in steps)]


def _left_out(care: Found, found: list[Found]) -> bool:
    """ "The plan does not have infertility benefits" names the care, although "not" stands before it."""
    return any(one.value == "benefit_exclusion" and one.overlaps(care) for one in found)


def _without_approved_before(found: list[Found]) -> list[Found]:
    """ "The shots: approved. The brace: a convenience." Care of a sentence that only approves is mentioned when the
    next sentence names other care with a reason or a refusal."""
    approved = {one.sentence for one in found if one.fact == "_approved"}
    refused = {one.sentence for one in found if one.fact in ("decision", "denial_reasons")} - approved
    care = {one.sentence for one in found if one.fact == "service_category"}
    aside = {number for number in approved & care if number + 1 in refused & care}
    return [
        replace(one, marks=one.marks | {"aside"}) if one.fact == "service_category" and one.sentence in aside else one
        for one in found
    ]


def _without_other_plan(found: list[Found]) -> list[Found]:
    """ "My husband has Medicare, but this is about me, and I have the school's plan", "I was on Kaiser. Now it is
    Anthem": the first plan is not the one. Nor is any of "an HMO, a PPO or what"."""
    unsure = [one for one in found if one.fact == "plan_type" and one.value == "unknown"]
    found = [one for one in found if one.fact != "product" or not any(_asked_in(one, two) for two in unsure)]
    own = [one.start for one in found if one.fact == "_own"]
    named = [one.start for one in found if one.fact in NAMES_OF_PLANS and "other_plan" not in one.marks]
    mine = max((start for start in own if any(start < name for name in named)), default=0)
    return [
        one for one in found if not (one.fact in NAMES_OF_PLANS and "other_plan" in one.marks and one.start < mine)
    ]


def _asked_in(product: Found, unsure: Found) -> bool:
    return product.sentence == unsure.sentence and product.start >= unsure.start


def _stands_before(one: Found, other: Found) -> bool:
    """In the same sentence or in the one before it."""
    return one.start < other.start and other.sentence - one.sentence <= 1 and one.end <= other.start + 1


def _in(one: Found, refused: Found) -> bool:
    return one.sentence == refused.sentence and one.start >= refused.start


def _told_apart(found: list[Found], approved: Found, refused: Found) -> list[Found]:
    told = [_marked(one, approved, refused) if one.fact == "service_category" else one for one in found]
    if any(one.fact == "decision" and one.start >= approved.start for one in found):
        return told
    rule = "decision/contrast"
    return [*told, replace(refused, fact="decision", value="denied", rule=rule)]


def _marked(care: Found, approved: Found, refused: Found) -> Found:
    if _in(care, refused):
        return replace(care, marks=(care.marks - {"aside", "negated"}) | {"object"})
    if care.sentence in (approved.sentence, refused.sentence) and care.start < refused.start:
        return replace(care, marks=care.marks | {"aside"})
    return care


def _told_before(one: Found, found: list[Found]) -> bool:
    """Whether a reason was told first, and another one then: not beside it, as "also" would say."""
    if one.fact != "denial_reasons":
        return False
    first = [cue for cue in found if cue.fact == "_told_first" and cue.sentence == one.sentence]
    if not any(cue.start <= one.start for cue in first):
        return False
    later = [
        other
        for other in found
        if other.fact == "denial_reasons" and other.value != one.value and other.start >= one.end
    ]
    return any(_told_then(one, other, found) for other in later)


def _told_then(one: Found, other: Found, found: list[Found]) -> bool:
    if other.sentence - one.sentence > 1:
        return False
    between = {cue.fact for cue in found if cue.fact[0] == "_" and one.start < cue.start < other.end}
    return "_told_then" in between and "_also" not in between
