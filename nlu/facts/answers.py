"""A bare answer to a question: "no, not yet" when the grievance was asked for. The words are data: answers.yml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from imr_logic import vocabulary
from nlu.facts.data import ANSWERS_FILE, read_file
from nlu.facts.found import Found
from nlu.facts.language import Compiled
from nlu.facts.patterns import grammar
from nlu.facts.sentences import Sentence

LONGEST_ANSWER = 25
LONGEST_QUESTION = 4  # "Kaiser?" and "an HMO, right?" are answers all the same
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
    """The finds with the answer, without what its very words would say of the care: "already had it" was said of
    the hearing."""
    return [one for one in chosen if one.fact != "care_status" or not one.overlaps(answered)] + [answered]


def _answers(fact: str, sentences: list[Sentence]) -> Iterator[Found]:
    many = vocabulary()[fact].kind == "choices"
    for value, made in _of_fact(fact):
        for sentence in sentences:
            if sentence.asks and len(sentence.tokens) > LONGEST_QUESTION:
                continue  # "do I have to pay for this?" answers nothing
            for match in made.regex.finditer(sentence.line):
                start, end = sentence.span(match.start(), match.end())
                yield Found(fact, value, start, end, f"{fact}/answer/{value}", sentence.number, many, CONFIDENCE)


def _matches(made: Compiled, sentence: Sentence) -> bool:
    return made.regex.search(sentence.line) is not None


@lru_cache
def _common() -> dict[str, list[Compiled]]:
    return {
        name: [grammar().compile(source) for source in read_file(ANSWERS_FILE)[name]]
        for name in ("yes", "no", "unsure")
    }


@lru_cache
def _of_fact(fact: str) -> Answers:
    """The values that an answer can have, each with its pattern, the most telling first."""
    told = read_file(ANSWERS_FILE)["facts"].get(fact) or {}
    meanings = {"yes": True, "no": False} if vocabulary()[fact].kind == "yes_no" else told
    said = [(value, grammar().compile(source)) for value, all_of in told.get("says", {}).items() for source in all_of]
    plain = [(meanings[word], made) for word in ("no", "yes") if word in meanings for made in _common()[word]]
    return said + plain
