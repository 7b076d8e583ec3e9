"""What a short message wishes of the talk itself: "why do you ask?", "what is a grievance?". The words are data:
wishes.yml, and terms.yml for the words that people ask about."""

from __future__ import annotations

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
    "^ *2 (what|whats|que) *1 (is|are|does|do|s|es|means|mean) *2 (a|an|the|this|that|una|un)? ({}) "
    "*1 (mean|means|again|,|.|?|$)",
    "(do not|not) *1 (know|understand) *1 what *3 ({}) *1 (is|means|mean)",
    "^ *1 (explain|define) *2 ({})",
)
EXPLAIN = "explain "


def wish_in(sentences: list[Sentence]) -> str | None:
    """What a message wishes, None for most messages. "explain grievance" for a word that is asked about."""
    if sum(len(one.tokens) for one in sentences) > LONGEST_WISH:
        return None
    return next((wish for wish, made in _patterns() if any(made.regex.search(one.line) for one in sentences)), None)


@lru_cache
def _patterns() -> list[tuple[str, Compiled]]:
    wishes = [(wish, source) for wish, sources in read_file(WISHES_FILE).items() for source in sources]
    return [(wish, grammar().compile(source)) for wish, source in [*_terms(), *wishes]]


def _terms() -> list[tuple[str, str]]:
    return [
        (EXPLAIN + term, asked.format("|".join(forms)))
        for term, forms in read_file(TERMS_FILE).items()
        for asked in ASKED_FOR
    ]
