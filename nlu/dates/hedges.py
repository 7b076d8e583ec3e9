"""Words that make a certain day uncertain: "I think it was", "or so", "around"."""

from __future__ import annotations

from functools import cache

from nlu.dates.lexicon import Lexicon
from nlu.dates.patterns import patterns, word_set
from nlu.dates.tokens import Token

_REACH_WORDS = 8


@cache
def _hedge_words(side: str) -> Lexicon:
    return Lexicon({side: patterns("dates")["hedges"][side]})


def hedged(words: list[Token], first: int, last: int) -> bool:
    """Whether the words around tokens `first` to `last` make what they tell uncertain."""
    return _hedged_before(words, first) or _hedged_after(words, last)


def _hedged_before(words: list[Token], first: int) -> bool:
    between, close_between = word_set("dates", "hedges", "between"), word_set("dates", "hedges", "close_between")
    for place in range(first - 1, max(first - 1 - _REACH_WORDS, -1), -1):
        found = _hedge_words("before").longest(words, place)
        if found and place + found[-1] <= first and _all_in(words[place + found[-1] : first], between):
            return True
        if words[place].text in word_set("dates", "hedges", "close"):
            return _all_in(words[place + 1 : first], close_between)
        if words[place].kind in ("stop", "dot", "comma"):
            return False
    return False


def _all_in(words: list[Token], listed: frozenset[str]) -> bool:
    return all(word.text in listed for word in words)


def _hedged_after(words: list[Token], last: int) -> bool:
    place = last + 1 if last < len(words) and words[last].kind in ("comma", "open", "dash") else last
    found = _hedge_words("after").longest(words, place) if place < len(words) else None
    if not found:
        return False
    end = place + found[-1]
    return end >= len(words) or words[end].kind != "word" or words[end].text in ("and", "but", "or", "when", "they")
