"""Which of several finds counts: one value for a fact that has one, all of them for a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nlu.facts.contrast import set_apart
from nlu.facts.found import Found
from nlu.facts.patterns import GUESS, SURE, FactRules, all_rules

# A reason that another one says more exactly is dropped when that one stands there too.
SAID_BETTER = (("billing", "balance_billing"), ("benefit_exclusion", "non_formulary"), ("cosmetic", None))
# Trouble that is not a denial: no reason beside a reason.
COMPLAINTS_ONLY = ("billing", "quality_of_service", "unknown")
# Words of these tell a whole story, and what lies inside is part of it.
TROUBLE = frozenset({"continuity_of_care", "timely_access", "cancellation", "balance_billing"})
NOT_OF_CARE = TROUBLE | {"billing", "quality_of_service"}
# Where care is given says less than what is given.
PLACES = frozenset({"hospital", "skilled_nursing", "primary_care", "home_health", "home_care"})
GIVEN_THERE = frozenset({"mental_health", "cancer", "transplant", "surgery", "reconstructive_surgery"})
# Whether the person says yes or no is settled by the last word.
LAST_WORD = frozenset({True, False})
REFUSED = frozenset({"denied", "modified", "delayed"})


def settle(found: list[Found], taken_back_at: list[int], to_mend: bool = False) -> list[Found]:
    """Without what the person takes back: earlier words that they refer to or correct, when the message says
    it anew or calls it wrong. `to_mend`: they wish to have a paper mended, and what it says is not so."""
    kept = [
        one for one in found if not _said_anew(one, found, taken_back_at) and not _misprinted(one, found, to_mend)
    ]
    return set_apart([one for one in kept if not _corrected(one, kept, taken_back_at)])


def _said_anew(one: Found, found: list[Found], taken_back_at: list[int]) -> bool:
    if "said_before" not in one.marks:
        return False
    return bool(taken_back_at) or any(
        other.fact == one.fact and not other.marks for other in found if other is not one
    )


def _misprinted(one: Found, found: list[Found], to_mend: bool) -> bool:
    """Whether a paper says of the decision what is to be mended, or what is set against the decision itself: "my
    papers say delayed, but they denied it". That care was denied no one wishes mended in a paper."""
    if "on_paper" not in one.marks or one.value == "denied" or one.fact not in ("decision", "care_status"):
        return False
    if one.fact == "care_status":
        return to_mend
    told = [two for two in found if two.fact == "decision" and "on_paper" not in two.marks]
    return to_mend or any(two.value != one.value for two in told)


def _corrected(one: Found, found: list[Found], taken_back_at: list[int]) -> bool:
    """Whether a later find of the same fact stands behind a word of correction."""
    if one.fact in ("service_category", "decision", "care_status") or one.fact.startswith("_"):
        return False
    later = [
        other for other in found if other.fact == one.fact and other.value != one.value and other.start >= one.end
    ]
    if one.part_of_list:
        later = [other for other in later if other.sentence == one.sentence]
    return any(one.end <= place <= other.start for place in taken_back_at for other in later)


def choose(found: list[Found]) -> list[Found]:
    """The finds that count, in the order of the text."""
    kept = [one for rules in all_rules().values() if rules.fact[0] != "_" for one in _of_fact(rules, found)]
    return sorted(kept, key=lambda one: (one.start, one.end, one.fact))


def _of_fact(rules: FactRules, found: list[Found]) -> list[Found]:
    mine = longest([one for one in found if one.fact == rules.fact])
    if not mine:
        return []
    if rules.many:
        return _reasons(mine)
    chooser = CHOOSERS.get(rules.fact, _by_rank)
    return [chooser(rules, mine, found)]


def longest(found: list[Found]) -> list[Found]:
    """Without finds that lie inside a longer find of another value."""
    return [one for one in found if not any(_part_of(one, other) for other in found)]


def _part_of(one: Found, other: Found) -> bool:
    """Of a list, a longer find takes only what it begins or ends with: between "they say" and "I do not need it"
    another reason may stand."""
    if other.value == one.value or not one.within(other) or other.confidence < one.confidence:
        return False
    return not one.part_of_list or other.value in TROUBLE or one.start == other.start or one.end == other.end


def _by_rank(rules: FactRules, mine: list[Found], _: list[Found]) -> Found:
    if LAST_WORD.issuperset(one.value for one in mine) and not rules.fact.startswith("grand"):
        return max(mine, key=lambda one: one.start)
    return min(mine, key=lambda one: (-one.confidence, _place(rules, one), one.start))


def _place(rules: FactRules, one: Found) -> int:
    return rules.rank.index(one.value) if one.value in rules.rank else len(rules.rank)


def _care_in_dispute(rules: FactRules, mine: list[Found], found: list[Found]) -> Found:
    """What is refused or asked for, before what stands in the sentence of the denial, before the rest; what is
    only mentioned comes last."""
    denials = [one for one in found if one.fact == "decision"]
    reasons = [one for one in found if one.fact == "denial_reasons" and one.value not in NOT_OF_CARE]
    mine = [one for one in mine if not _only_the_place(one, mine)]

    def place(one: Found) -> tuple[int, float, bool, bool, int, int]:
        beside = any(told.sentence == one.sentence for told in denials or reasons)
        in_reason = _in_reason(one, reasons)
        standing = min(_standing(one, denials), 1 if in_reason else 3)
        return -standing, -one.confidence, not beside, in_reason, _place(rules, one), one.start

    return min(mine, key=place)


def _only_the_place(one: Found, mine: list[Found]) -> bool:
    """A hospital, where what is given there is named too."""
    return one.value == "hospital" and any(
        other.value in GIVEN_THERE and other.confidence == SURE and not other.marks & {"aside"} for other in mine
    )


def _in_reason(one: Found, reasons: Iterable[Found]) -> bool:
    """ "No longer needs skilled care", "must try older drugs first": words of the reason, not of what was refused."""
    told = [reason for reason in reasons if one.overlaps(reason)]
    return any(one.value in PLACES or reason.value == "step_therapy" for reason in told)


def _standing(one: Found, denials: Iterable[Found]) -> int:
    if "aside" in one.marks:
        return 0
    if "object" in one.marks and one.confidence == SURE:
        return 3
    return 2 if any(denial.sentence == one.sentence for denial in denials) and one.confidence == SURE else 1


def _company_that_refused(_: FactRules, mine: list[Found], found: list[Found]) -> Found:
    """Of several companies the one that stands nearest to a refusal in its sentence, before the one named most
    often, before the one named first."""
    denials = [one for one in found if one.fact == "decision" and one.value in REFUSED]

    def place(one: Found) -> tuple[float, int, int]:
        apart = [_gap(one, denial) for denial in denials if denial.sentence == one.sentence]
        named = sum(other.value == one.value for other in mine)
        return min(apart, default=float("inf")), -named, one.start

    return min(mine, key=place)


def _gap(one: Found, other: Found) -> int:
    """How many signs stand between two finds."""
    return max(0, other.start - one.end, one.start - other.end)


CHOOSERS: dict[str, Callable[[FactRules, list[Found], list[Found]], Found]] = {
    "service_category": _care_in_dispute,
    "carrier": _company_that_refused,
}


def _is_emergency(one: Found, mine: list[Found]) -> bool:
    """Whether "not needed" is said of an emergency: "urgent care would have been fine"."""
    told = [other for other in mine if other.value == "not_emergency" and other.confidence == one.confidence]
    return one.value == "medical_necessity" and any(one.overlaps(other) for other in told)


def _reasons(mine: list[Found]) -> list[Found]:
    best = max(one.confidence for one in mine)
    kept = [one for one in mine if one.confidence == best and not _is_emergency(one, mine)]
    if best == GUESS:
        kept = kept[:1]
    values = {one.value for one in kept}
    dropped = {plain for plain, better in SAID_BETTER if better in values}
    if values - dropped - set(COMPLAINTS_ONLY):
        dropped |= set(COMPLAINTS_ONLY)
    return [one for one in kept if one.value not in dropped]
