"""What a short message wishes of the talk itself: "why do you ask?", "what is a grievance?". The words are data:
wishes.yml, and terms.yml for the words that people ask about."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.facts.data import ANSWERS_FILE, read_file
from nlu.facts.language import Compiled
from nlu.facts.patterns import grammar
from nlu.facts.sentences import Sentence

WISHES_FILE = ANSWERS_FILE.with_name("wishes.yml")
TERMS_FILE = ANSWERS_FILE.with_name("terms.yml")
# A longer message is a story with a question in it, which the intent model reads.
LONGEST_WISH = 16
ASKED_FOR = (
    "^ *2 (what|whats|que) *1 (is|are|does|do|s|es|means|mean) *2 (a|an|the|this|that|una|un|mean|word)? ({}) "
    "*2 (mean|means|again|,|.|?|$)",
    "(what|whats) (is|does) (it)? mean *1 ({})",
    "what (does|do) ({}) *2 mean",
    "(do not|not) *1 (know|understand) *1 what *3 ({}) *1 (is|means|mean)",
    "^ *1 (explain|define) *2 ({})",
    "^ *4 (explain|define|tell me|tell us) *1 what *3 ({}) *3 (is|are|mean|means)",
    "^ *3 (explain|define) *2 ({}) *2 $",
)
ASKS = re.compile("what|que|explain|define")  # one of these is in every way of asking
# What these words wish is wished beside a story, too.
LONGEST_QUESTION = 14
LONGEST_DEFINITION = 8
EXPLAIN = "explain "


def wish_in(sentences: list[Sentence]) -> str | None:
    """What a message wishes, None for most messages. "explain grievance" for a word that is asked about."""
    if sum(len(one.tokens) for one in sentences) > LONGEST_WISH:
        return None
    return word_asked_about(sentences) or _wished(sentences)


def word_asked_about(sentences: list[Sentence]) -> str | None:
    """The word that one of the sentences asks about, as "explain grievance"; also in the middle of a story."""
    short = [one for one in sentences if len(one.tokens) <= LONGEST_QUESTION and ASKS.search(one.line)]
    if not short:
        return None
    return next((wish for wish, made in _words() if any(made.regex.search(one.line) for one in short)), None)


def asks_only_for_a_word(sentences: list[Sentence]) -> bool:
    """Whether a message is nothing but the question what a word means: who asks what Medicare is tells of no plan."""
    short = len(sentences) == 1 and len(sentences[0].tokens) <= LONGEST_DEFINITION
    return short and word_asked_about(sentences) is not None


def _wished(sentences: list[Sentence]) -> str | None:
    return next((wish for wish, made in _patterns() if any(made.regex.search(one.line) for one in sentences)), None)


@lru_cache
def _patterns() -> list[tuple[str, Compiled]]:
    wishes = [(wish, source) for wish, sources in read_file(WISHES_FILE).items() for source in sources]
    return [(wish, grammar().compile(source)) for wish, source in wishes]


@lru_cache
def _words() -> list[tuple[str, Compiled]]:
    return [
        (EXPLAIN + term, grammar().compile(asked.format("|".join(forms))))
        for term, forms in read_file(TERMS_FILE).items()
        for asked in ASKED_FOR
    ]
