"""What a short message wishes of the talk itself: "why do you ask?", "tell me more". The words are in wishes.yml."""

from __future__ import annotations

from functools import lru_cache

from nlu.facts.data import ANSWERS_FILE, read_file
from nlu.facts.language import Compiled
from nlu.facts.patterns import grammar
from nlu.facts.sentences import Sentence
from nlu.reading import Wish

WISHES_FILE = ANSWERS_FILE.with_name("wishes.yml")
# A longer message is a story with a question in it, which the intent model reads.
LONGEST_WISH = 16


def wish_in(sentences: list[Sentence]) -> Wish | None:
    """What a message wishes, None for most messages."""
    if sum(len(one.tokens) for one in sentences) > LONGEST_WISH:
        return None
    return next((wish for wish, made in _patterns() if any(made.regex.search(one.line) for one in sentences)), None)


@lru_cache
def _patterns() -> list[tuple[Wish, Compiled]]:
    told = read_file(WISHES_FILE)
    return [(wish, grammar().compile(source)) for wish, sources in told.items() for source in sources]
