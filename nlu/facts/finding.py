"""Every value that the sentences of a message state, each by itself: patterns, and what their words reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nlu.facts.found import Found
from nlu.facts.patterns import FactRules, Pattern, all_rules, index
from nlu.facts.scope import Stretch, asked, feared, negated, stretches, supposed, words, worried
from nlu.facts.sentences import START, Sentence

# Stretches of which nothing is taken.
NOT_SAID = frozenset({"unsaid", "replaced", "others", "general", "of_the_talk", "of_the_person"})

# Of these "no" says that there is none: "no referral", "no bill".
PAPERS = frozenset({"specialist_referral", "specialist", "billing", "hospital_bill", "cancellation", "quality"})

# A review stays the topic when something else is taken back; what the doctor asked for, when it was replaced.
SAID_ANYWAY = frozenset({"_topic", "provider_support"})


def find_in(sentence: Sentence) -> list[Found]:
    """The finds of one sentence, in the order of the pattern files."""
    reached = stretches(sentence)
    return [
        found
        for pattern in index().candidates(sentence.words)
        for match in pattern.made.regex.finditer(sentence.line)
        for found in _read(pattern, match, sentence, reached)
    ]


def _read(pattern: Pattern, match: re.Match[str], sentence: Sentence, reached: list[Stretch]) -> Iterator[Found]:
    rules = all_rules()[pattern.fact]
    value = _value(rules, pattern, match, sentence)
    kinds = {one.kind for one in reached if one.start <= match.start() < one.end}
    if rules.fact == "decision":
        kinds.discard("replaced")  # "instead of surgery they offered pills" is a decision
    if value is None and rules.fact == "service_category" and (mark := _set_against(pattern, match, sentence)):
        value = pattern.value
        kinds.add(mark)
    if (
        value is None
        or (kinds & NOT_SAID and rules.fact not in SAID_ANYWAY)
        or ("unsure" in kinds and value != "unknown")
        or (rules.manner.past and "over" in kinds)
    ):
        return
    if pattern.only == "capitals" and not _has_capital(sentence, match.start(), len(match.group().split())):
        return
    if pattern.only == "quoted" and not _in_quotes(sentence, match.start()):
        return
    if rules.many and asked(sentence, match.start()):
        kinds.add("asked")
    if rules.fact == "service_category" and supposed(sentence, match.start()):
        kinds.add("supposed")
    start, end = sentence.span(match.start(), match.end())
    yield Found(
        fact=rules.fact,
        value=value,
        start=start,
        end=end,
        rule=pattern.rule,
        sentence=sentence.number,
        part_of_list=rules.many,
        confidence=pattern.confidence,
        marks=frozenset(kinds),
    )


def _set_against(pattern: Pattern, match: re.Match[str], sentence: Sentence) -> str | None:
    """How care counts that "not" or "no" stands before: in "they paid the scan, not the drug" contrast.py tells
    which was refused; "so no operation" mentions the operation."""
    before = sentence.words_before(match.start(), 3)
    if "not" in before:
        return "negated"
    return "aside" if "no" in before[:2] and pattern.value not in PAPERS else None


def _value(rules: FactRules, pattern: Pattern, match: re.Match[str], sentence: Sentence) -> Any:
    """The value, the opposite for a negated yes, None when it is not stated after all."""
    manner, start = rules.manner, match.start()
    has_own = not words("negations").isdisjoint(match.group().split())
    if (manner.conditionals or pattern.value in manner.conditionals_of) and supposed(sentence, start):
        return None
    if manner.fears and (worried(sentence, start) or (feared(sentence, start) and not has_own)):
        return None
    if (manner.questions or pattern.value in manner.questions_of) and asked(sentence, start):
        return None
    if negated(sentence, start, manner, match.group().split()) and not _names_a_thing(rules, match, sentence):
        return False if pattern.value is True else None
    return pattern.value


def _names_a_thing(rules: FactRules, match: re.Match[str], sentence: Sentence) -> bool:
    """Whether a company's name only tells whose thing is meant: "not on the Humana formulary"."""
    after = sentence.line[match.end() :].split()[:1]
    return rules.fact == "carrier" and bool(after) and after[0] in words("names_before")


def _has_capital(sentence: Sentence, start: int, words_of_name: int) -> bool:
    """Whether a name is written as one: with capitals, inside the sentence if it is one word, in a text that does
    not shout."""
    place = sentence.places[start]
    written = [token.text for token in sentence.tokens[place : place + words_of_name]]
    names = all(word.istitle() or (word.isupper() and len(word) > 3) for word in written)
    shouted = all(word.isupper() and len(word) > 3 for word in written)
    inside = start > len(START) or words_of_name > 1 or shouted
    return inside and names and not sentence.tokens[place].doc.text.isupper()


def _in_quotes(sentence: Sentence, start: int) -> bool:
    """Whether what stands at `start` is quoted: an odd number of double quotes stands before it in its sentence."""
    doc, first = sentence.tokens[0].doc, sentence.tokens[0].i
    place = sentence.tokens[sentence.places[start]].i
    opened = sum(doc[at].text.count('"') for at in range(max(0, first - 1), place))
    return opened % 2 == 1
