"""Which of several finds counts: one value for a fact that has one, all of them for a list."""

from __future__ import annotations

from collections.abc import Callable

from nlu.facts.found import Found
from nlu.facts.patterns import FactRules, all_rules

# A reason that another one says more exactly: the first is dropped when the second stands there too.
SAID_BETTER = (
    ("billing", "balance_billing"),
    ("benefit_exclusion", "non_formulary"),
    ("unknown", None),
    ("no_decision", "timely_access"),
)
COMPLAINTS_ONLY = frozenset({"billing", "timely_access", "quality_of_service"})


def choose(found: list[Found]) -> list[Found]:
    """The finds that count, in the order of the text."""
    kept = [one for rules in all_rules() for one in _of_fact(rules, found)]
    return sorted(kept, key=lambda one: (one.start, one.end, one.fact))


def _of_fact(rules: FactRules, found: list[Found]) -> list[Found]:
    mine = _longest([one for one in found if one.fact == rules.fact])
    if not mine:
        return []
    if rules.many:
        return _reasons(mine)
    chooser = CHOOSERS.get(str(rules.options.get("choose")), _by_rank)
    return [chooser(rules, mine, found)]


def _longest(found: list[Found]) -> list[Found]:
    """Without finds that lie inside a longer find of another value."""
    return [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
            and other.value != one.value
            for other in found
        )
    ]


def _by_rank(rules: FactRules, mine: list[Found], _: list[Found]) -> Found:
    def place(one: Found) -> tuple[int, int]:
        rank = rules.rank.index(one.value) if one.value in rules.rank else len(rules.rank)
        return rank, one.start

    return min(mine, key=place)


def _nearest_to_denial(rules: FactRules, mine: list[Found], found: list[Found]) -> Found:
    """The care in dispute: what stands in the sentence of the denial before what is only mentioned; of several
    there, the most telling by rank."""
    denials = {one.sentence for one in found if one.fact == "decision"}
    beside = [one for one in mine if one.sentence in denials] or mine
    return _by_rank(rules, beside, found)


CHOOSERS: dict[str, Callable[[FactRules, list[Found], list[Found]], Found]] = {"nearest_to_denial": _nearest_to_denial}


def _reasons(mine: list[Found]) -> list[Found]:
    values = {one.value for one in mine}
    dropped = {plain for plain, better in SAID_BETTER if (better in values if better else len(values) > 1)}
    if values - COMPLAINTS_ONLY - dropped:
        dropped |= {"billing", "quality_of_service"} if values - COMPLAINTS_ONLY - {"cancellation"} else set()
    return [one for one in mine if one.value not in dropped]
