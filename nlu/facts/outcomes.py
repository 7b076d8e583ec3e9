"""What became of a review that is not named at that place: "I lost", "still no answer". The review named last
before it tells which; where none is named, the one that was just asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nlu.facts.found import Found
from nlu.facts.patterns import SURE

# (topic, outcome) to the fact and its value.
MEANING: dict[tuple[str, str], tuple[str, str]] = {
    ("appeal", "lost"): ("grievance_status", "upheld"),
    ("appeal", "upheld"): ("grievance_status", "upheld"),
    ("appeal", "won"): ("grievance_status", "overturned"),
    ("appeal", "no_answer"): ("grievance_status", "pending"),
    ("appeal", "not_filed"): ("grievance_status", "not_filed"),
    ("imr", "lost"): ("imr_decision", "upheld"),
    ("imr", "upheld"): ("imr_decision", "upheld"),
    ("imr", "won"): ("imr_decision", "overturned"),
    ("hearing", "lost"): ("state_hearing", "held"),
    ("hearing", "upheld"): ("state_hearing", "held"),
    ("hearing", "won"): ("state_hearing", "held"),
    ("hearing", "no_answer"): ("state_hearing", "requested"),
    ("hearing", "not_filed"): ("state_hearing", "none"),
    ("hearing", "requested"): ("state_hearing", "requested"),
    ("request", "no_answer"): ("decision", "none"),
}
# The review that a question is about: what is answered without naming one is said of it.
ASKED_ABOUT = {
    "grievance_status": "appeal",
    "grievance_filed_date": "appeal",
    "grievance_decision_date": "appeal",
    "grievance_decision_received_date": "appeal",
    "state_hearing": "hearing",
    "imr_decision": "imr",
    "imr_decision_date": "imr",
    "imr_decision_received_date": "imr",
}
# "Still no" may only answer the question; that the review was lost or won has words of its own.
TOLD_TO_A_QUESTION = frozenset({"no_answer", "not_filed"})
# Words of a request that tell which request it is: then "no answer" is said of that one.
OF_THE_REQUEST = frozenset({"service_category", "provider_support"})
TROUBLE = frozenset({"billing", "quality", "cancellation", "hospital_bill"})
REVIEWS = frozenset({"appeal", "imr", "hearing"})


def assign_outcomes(found: list[Found], text: str, expecting: str | None = None) -> list[Found]:
    """The finds with each outcome turned into the fact that it tells, and without those that tell none.
    `expecting` is the fact that was just asked for."""
    asked = ASKED_ABOUT.get(expecting or "")
    kept = [_said_of_hearing(one, found, asked) for one in found if one.fact != "_outcome"]
    told = [meant for one in found if one.fact == "_outcome" for meant in _meaning(one, found, asked)]
    kept = [
        one for one in kept if not _decided_by_others(one, told, text) and not (asked and _said_of_review(one, told))
    ]
    return _of_the_right_review([*kept, *told], found)


def _decided_by_others(one: Found, told: list[Found], text: str) -> bool:
    """Whether "said no" is what a judge or a reviewer said, not the plan."""
    if one.fact != "decision" or "denial" in text[one.start : one.end].lower():
        return False
    return any(one.overlaps(other) for other in told if other.fact in ("imr_decision", "state_hearing"))


def _said_of_review(one: Found, told: list[Found]) -> bool:
    """Whether the words that answer a question about a review seem to tell of the care: "I have not done that"."""
    return one.fact == "care_status" and any(one.overlaps(other) for other in told)


def _said_of_hearing(one: Found, found: list[Found], asked: str | None) -> Found:
    """ "I have not done anything" tells of the grievance, unless the question was about a hearing."""
    meant = MEANING.get(("hearing", str(one.value)))
    if asked != "hearing" or one.fact != "grievance_status" or meant is None or _names(found, "appeal"):
        return one
    return _as(one, *meant)


def _meaning(outcome: Found, found: list[Found], asked: str | None) -> Iterator[Found]:
    topic = _topic_of(outcome, found)
    if asked and topic not in REVIEWS and _answers_the_question(outcome, topic, found, asked):
        topic = asked
    if topic in (None, "request") and outcome.value == "upheld":
        topic = "appeal"
    if topic is None and any(one.fact == "service_category" and one.value not in TROUBLE for one in found):
        topic = "request"
    if topic is None or (topic, outcome.value) not in MEANING:
        return
    fact, value = MEANING[topic, outcome.value]
    yield _as(outcome, fact, value)


def _answers_the_question(outcome: Found, topic: str | None, found: list[Found], asked: str) -> bool:
    """Whether an outcome that names no review is said of the one asked about. A call that nobody answers is not,
    nor is the request that the doctor sent."""
    if outcome.value not in TOLD_TO_A_QUESTION:
        return False
    if outcome.value == "no_answer" and any(one.fact == "_called" for one in found):
        return False
    return asked == "hearing" or topic is None or all(one.fact not in OF_THE_REQUEST for one in found)


def _names(found: list[Found], topic: str) -> bool:
    return any(one.fact == "_topic" and one.value == topic for one in found)


def _as(one: Found, fact: str, value: str) -> Found:
    return replace(one, fact=fact, value=value, rule=f"{fact}/{one.rule.strip('_')}", confidence=SURE)


def _topic_of(one: Found, found: list[Found]) -> str | None:
    """The review that was named last before the end of a find, else next in its sentence."""
    named = [topic for topic in found if topic.fact == "_topic"]
    before = [topic for topic in named if topic.start < one.end]
    after = [topic for topic in named if topic.start >= one.end and topic.sentence == one.sentence]
    if before:
        last = max(topic.end for topic in before)
        nearest = [topic for topic in before if topic.end == last or topic.sentence == one.sentence]
        return _most_telling(nearest, one)
    return min(after, key=lambda topic: topic.start).value if after else None


def _most_telling(named: list[Found], one: Found) -> str:
    reviews = [topic for topic in named if topic.value in REVIEWS]
    nearest: Found = max(reviews or named, key=lambda topic: (topic.end, topic.start))
    return str(nearest.value)


def _of_the_right_review(found: list[Found], named: list[Found]) -> list[Found]:
    """A grievance found upheld or overturned in words that speak of another review is not one."""
    return [one for one in found if not _of_another_review(one, named)]


def _of_another_review(one: Found, named: list[Found]) -> bool:
    if one.fact != "grievance_status" or one.value not in ("upheld", "overturned"):
        return False
    beside = [topic for topic in named if topic.fact == "_topic" and topic.overlaps(one)]
    if any(topic.value == "appeal" for topic in beside):
        return False
    return _topic_of(one, named) in ("imr", "hearing")
