"""What a word in a sentence reaches: negation, suppositions, questions, and the stretches in which a person takes
back, looks back, speaks of others or only mentions. The cues are data: _scope.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from nlu.facts.data import yaml_file
from nlu.facts.language import Compiled
from nlu.facts.patterns import Manner, grammar
from nlu.facts.sentences import START, Sentence

FARTHEST = 7
SAYING = frozenset(
    [
        "say",
        "said",
        "says",
        "saying",
        "call",
        "called",
        "calling",
        "claim",
        "claimed",
        "true",
        "that",
        "think",
        "mean",
    ]
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a sentence's line that is said in a manner of its own: unsaid, said_before, over, others, aside."""

    kind: str
    start: int
    end: int


@lru_cache
def words(name: str) -> frozenset[str]:
    """A list of _scope.yml."""
    return frozenset(str(word) for word in yaml_file("_scope.yml")[name])


def negated(sentence: Sentence, start: int, manner: Manner, said: list[str]) -> bool:
    """Whether what begins at `start` is negated from before, in its own clause. `said` are its words: when they
    hold a negation themselves, only "they never said ..." takes it away."""
    if manner.negation == "none":
        return False
    between: list[str] = []
    before = sentence.words_before(start, max(manner.window, FARTHEST) + 2)
    for place, word in enumerate(before[: manner.window]):
        follows = between or [one for one in said[:1] if one in words("subjects")]
        if word in _negations(manner) and _negates(word, before[place + 1 : place + 2], follows):
            return _reaches(between, manner, said)
        if word in words("clause_ends") or word in manner.ends:
            return word in words("because") and before[place + 1 : place + 2] == ["not"]
        between.insert(0, word)
    return False


def _negations(manner: Manner) -> frozenset[str]:
    return words("negations") if manner.negation == "clause" else words("near_negations")


def _negates(word: str, earlier: list[str], between: list[str]) -> bool:
    """Not in "not only ...", nor in "no, it is ..."."""
    if between and (
        between[0] in words("no_negation_before") or (word == "no" and between[0] in ("to", "on", "for"))
    ):
        return False
    if word != "no" or not between or between[0] not in words("answer_before"):
        return True
    return between[0] not in words("subjects") and bool(earlier) and earlier[0] not in words("question_leads")


def _reaches(between: list[str], manner: Manner, said: list[str]) -> bool:
    own = next((place for place, word in enumerate(said) if word in words("negations")), None)
    if own is not None:
        return _denies_saying(between + said[:own])
    if between and between[0] in words("refusing"):
        return False
    return manner.negation != "near" or all(word in words("small_words") for word in between)


def _denies_saying(told: list[str]) -> bool:
    """ "They never said ...", and not "no more sessions, they say ..."."""
    anew = any(who in words("subjects") and does in SAYING for who, does in pairwise(told))
    return not SAYING.isdisjoint(told) and not anew


def supposed(sentence: Sentence, start: int) -> bool:
    """Whether what stands at `start` is only supposed: "if they deny it again"."""
    return _after_cue(sentence, start, words("conditions"))


def feared(sentence: Sentence, start: int) -> bool:
    """Whether what stands at `start` is only possible or to come: "they might deny it"."""
    return _after_cue(sentence, start, words("fears"), most=3)


def worried(sentence: Sentence, start: int) -> bool:
    """Whether somebody is worried about what stands at `start`: "scared they will say no"."""
    return _after_cue(sentence, start, words("worries"), most=4)


def _after_cue(sentence: Sentence, start: int, cues: frozenset[str], most: int = FARTHEST) -> bool:
    between: list[str] = []
    before = sentence.words_before(start, most + 1)
    for place, word in enumerate(before[:most]):
        if word in cues and not _is_no_cue(word, between, before[place + 1 : place + 2]):
            return True
        if word in words("condition_ends"):
            return False
        between.insert(0, word)
    return False


def _is_no_cue(word: str, between: list[str], earlier: list[str]) -> bool:
    """ "I am afraid they have refused" is a courtesy, "should not have been approved" supposes nothing, "why would
    they deny it" complains, "it failed once" counts, "on May 29 they upheld it" names a month."""
    if word == "may" and _is_a_month(between, earlier):
        return True
    if word == "once":
        return not between or between[0] not in words("askers")
    if word in ("would", "could") and earlier and earlier[0] in ("why", "how"):
        return True
    if word == "afraid":
        return not words("perfect").isdisjoint(between)
    return word == "should" and bool(between) and between[0] not in words("askers")


def _is_a_month(after: list[str], before: list[str]) -> bool:
    """Whether "may" is the month: a day or a year follows it, or "in" stands before."""
    return (bool(after) and after[0][:1].isdigit()) or not words("before_a_month").isdisjoint(before)


def asked(sentence: Sentence, start: int) -> bool:
    """Whether what stands at `start` belongs to a question: its clause begins like one, or it is the last clause
    of a sentence that ends in a question mark."""
    clause = _words_of_clause(sentence, start)
    while clause and clause[0] in words("question_leads"):
        clause = clause[1:]
    if _begins_question(clause, sentence.asks):
        return True
    return sentence.asks and not words("question_ends") & set(sentence.line[start:].split()[:-1])


def _begins_question(clause: list[str], asks: bool) -> bool:
    """Whether words begin like "do I", "how can", "how to" or, with a question mark at the end, "who regulates".
    "Must try pills first" and "should have asked" only leave out who."""
    first, second = (*clause, "", "")[:2]
    if first == "may" and _is_a_month([second], []):
        return False
    if first in words("question_words"):
        return asks or second in words("auxiliaries") or second in words("after_question_words")
    if first in words("bold_auxiliaries"):
        return second not in words("negations") and second not in words("bare_verbs")
    if first == "had" and not asks:  # "had my hearing in May" leaves out who
        return False
    return first in words("auxiliaries") and second in words("askers")


def _words_of_clause(sentence: Sentence, start: int) -> list[str]:
    clause: list[str] = []
    for word in sentence.words_before(start, 40):
        if word in words("question_ends"):
            break
        clause.insert(0, word)
    return clause + sentence.line[start:].split()[:2]


@lru_cache
def _cues() -> dict[str, list[tuple[str, bool, Compiled]]]:
    """The cues of the stretches, by a word that each needs."""
    by_word: dict[str, list[tuple[str, bool, Compiled]]] = {}
    for kind, sides in yaml_file("_scope.yml")["stretches"].items():
        for side, sources in sides.items():
            for source in sources:
                made = grammar().compile(source)
                for word in made.key:
                    by_word.setdefault(word, []).append((kind, side == "after", made))
    return by_word


@lru_cache
def _end_of(kind: str) -> re.Pattern[str]:
    """The words before which a stretch of that kind ends."""
    ends = yaml_file("_scope.yml")["stretch_ends"][kind]
    return re.compile(" (?:" + "|".join(re.escape(str(word)) for word in ends) + ") ")


def stretches(sentence: Sentence) -> list[Stretch]:
    """The stretches of a sentence."""
    seen: set[int] = set()
    return [found for word in sentence.words for found in _stretches_by(word, sentence, seen)]


def _stretches_by(word: str, sentence: Sentence, seen: set[int]) -> Iterator[Stretch]:
    for kind, forward, made in _cues().get(word, ()):
        if id(made) in seen or any(sentence.words.isdisjoint(group) for group in made.others):
            continue
        seen.add(id(made))
        for match in made.regex.finditer(sentence.line):
            yield _stretch(kind, forward, match, sentence.line)


def _stretch(kind: str, forward: bool, match: re.Match[str], line: str) -> Stretch:
    if forward:
        end = _end_of(kind).search(line, match.end() - 1)
        return Stretch(kind, match.start(), end.start() if end else len(line))
    before = line.rfind(" , ", 0, match.start())
    return Stretch(kind, before if before > 0 else len(START), match.end())


@lru_cache
def _listed(name: str) -> list[Compiled]:
    """The patterns of a list of _scope.yml."""
    return [grammar().compile(source) for source in yaml_file("_scope.yml")[name]]


def takes_back_at(sentence: Sentence) -> list[int]:
    """The places in a sentence's line where something said before is taken back."""
    return sorted(match.start() for made in _listed("taking_back") for match in _run(made, sentence))


def asks_to_mend(sentence: Sentence) -> bool:
    """Whether it wishes to have a paper mended: "fix it please"."""
    return any(True for made in _listed("asks_to_mend") for _ in _run(made, sentence))


def of_the_talk(sentence: Sentence) -> bool:
    """Whether part of it speaks of the talk itself: "you didn't answer me", "change my number"."""
    return any(one.kind in ("of_the_talk", "of_the_person") for one in stretches(sentence))


def _run(made: Compiled, sentence: Sentence) -> Iterator[Any]:
    if not any(sentence.words.isdisjoint(group) for group in (made.key, *made.others)):
        yield from made.regex.finditer(sentence.line)
