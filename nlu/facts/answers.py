"""A bare answer to a question: "no, not yet" when the grievance was asked for. The words are data: answers.yml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from imr_logic import vocabulary
from nlu.facts.data import ANSWERS_FILE, read_file
from nlu.facts.found import Found
from nlu.facts.language import Compiled
from nlu.facts.outcomes import ASKED_ABOUT
from nlu.facts.patterns import grammar
from nlu.facts.scope import of_the_talk
from nlu.facts.sentences import Sentence

LONGEST_ANSWER = 25
LONGEST_QUESTION = 4  # "Kaiser?" and "an HMO, right?" are answers all the same
BEGINS_AN_ANSWER = frozenset({"yes", "no", "not", "nope", "yeah"})  # "no, should I?"
HASTE = frozenset({"grievance_expedited", "exigent"})
PENDING = frozenset({"pending", "requested"})
CONFIDENCE = 0.8
Answers = list[tuple[Any, Compiled]]


def answer(fact: str | None, sentences: list[Sentence]) -> Found | None:
    """What a short message answers to the question for `fact`, if anything."""
    if fact is None or fact not in vocabulary() or sum(len(one.tokens) for one in sentences) > LONGEST_ANSWER:
        return None
    if any(_matches(made, one) for one in sentences for made in _common()["unsure"]):
        return None
    return next(_answers(fact, sentences), None)


def with_answer(chosen: list[Found], answered: Found) -> list[Found]:
    """The finds with the answer, without what it would say of the care: "already had it" and "it has not happened
    yet" were said of the hearing."""
    of_care = any(one.fact == "service_category" for one in chosen)
    of_review = answered.fact in ASKED_ABOUT and not of_care
    return [one for one in chosen if not _of_the_answer(one, answered, of_review)] + [answered]


def _of_the_answer(one: Found, answered: Found, of_review: bool) -> bool:
    """Whether words that seem to tell of the care or of the first decision are part of the answer. `of_review`: the
    message answers a question about a review and names no care; then "they are stalling" is said of that review."""
    if one.fact == "urgent":  # "not urgent, a regular one" was said of the grievance
        of_haste = answered.fact in HASTE and one.sentence == answered.sentence
        return of_haste and answered.value is False and one.value is False
    if one.fact == "decision":
        return of_review and answered.value in PENDING and one.value in ("delayed", "none")
    return one.fact == "care_status" and (one.overlaps(answered) or (of_review and one.value == "future"))


def _answers(fact: str, sentences: list[Sentence]) -> Iterator[Found]:
    many = vocabulary()[fact].kind == "choices"
    answering = [one for one in sentences if not (_is_a_question(one) or of_the_talk(one) or _tells_else(fact, one))]
    for value, made in _of_fact(fact):
        for sentence in answering:
            for match in made.regex.finditer(sentence.line):
                start, end = sentence.span(match.start(), match.end())
                yield Found(fact, value, start, end, f"{fact}/answer/{value}", sentence.number, many, CONFIDENCE)


def _is_a_question(sentence: Sentence) -> bool:
    """Whether a sentence asks instead of answering: "do I have to pay", with or without its sign."""
    if sentence.asks:
        begins = sentence.tokens[0].norm_
        return len(sentence.tokens) > LONGEST_QUESTION and begins not in BEGINS_AN_ANSWER
    return any(made.regex.search(sentence.line) for made in _common()["question"])


def _tells_else(fact: str, sentence: Sentence) -> bool:
    """Whether a sentence tells of another thing than the fact: "no wait, the letter was Nov 16" of no care."""
    return any(_matches(made, sentence) for made in [*_common()["correction"], *_unless(fact)])


def _matches(made: Compiled, sentence: Sentence) -> bool:
    return made.regex.search(sentence.line) is not None


@lru_cache
def _common() -> dict[str, list[Compiled]]:
    return {
        name: [grammar().compile(source) for source in read_file(ANSWERS_FILE)[name]]
        for name in ("yes", "no", "unsure", "question", "correction")
    }


@lru_cache
def _unless(fact: str) -> list[Compiled]:
    told = read_file(ANSWERS_FILE)["facts"].get(fact) or {}
    return [grammar().compile(source) for source in told.get("unless", ())]


@lru_cache
def _of_fact(fact: str) -> Answers:
    """The values that an answer can have, each with its pattern, the most telling first."""
    told = read_file(ANSWERS_FILE)["facts"].get(fact) or {}
    meanings = {"yes": True, "no": False} if vocabulary()[fact].kind == "yes_no" else told
    said = [
        (value, grammar().compile(source))
        for part in ("says", "also")
        for value, all_of in told.get(part, {}).items()
        for source in all_of
    ]
    plain = [(meanings[word], made) for word in ("no", "yes") if word in meanings for made in _common()[word]]
    return said + plain
