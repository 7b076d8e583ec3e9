"""Which of the days that may be meant is meant: the past by default, the future when the words say so."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from nlu.dates.calendar_words import Choices, Days
from nlu.dates.patterns import numbers, word_set
from nlu.dates.tokens import Token

Lean = Literal["past", "future", "either"]

_STOPS = ("stop", "dot")
_TOLD = (
    "told",
    "said",
    "called",
    "rang",
    "phoned",
    "informed",
    "wrote",
    "says",
    "tells",
    "texted",
    "announced",
    "notified",
    "advised",
    "stated",
)
_WILL_NOT = ("won't", "wont", "will not")
_WORDS_TO_REFUSAL = 6
_TURNS = ("and", "but", "so", "because", "then", "now", "they", "i")


def choose(choices: Choices, today: date, lean: Lean) -> Days:
    """The choice that lies the way the words lean, the nearest one. `choices` are in order of time,
    and there is at least one.

    Where some are certain and some are not (only some fifths of October are Mondays), the certain ones win.
    """
    if len(choices) == 1:
        return choices[0]
    sure = tuple(days for days in choices if days.precision == "exact")
    if 0 < len(sure) < len(choices) and (lean != "past" or sure[0].earliest <= today):
        return choose(sure, today, lean)
    past = [days for days in choices if days.earliest <= today]
    ahead = [days for days in choices if days.latest >= today]
    if lean == "past" and past:
        return _until_today(past[-1], today)
    if lean == "future" and ahead:
        return ahead[0]
    return min(choices, key=lambda days: _distance(days, today))


def _until_today(days: Days, today: date) -> Days:
    return days._replace(latest=min(days.latest, today))


def _distance(days: Days, today: date) -> int:
    if days.earliest > today:
        return (days.earliest - today).days
    return max((today - days.latest).days, 0)


class Leanings:
    """Which way each word of a text leans, worked out once for all of its dates.

    `dates` are the places of the words that belong to dates: another date between weakens a word.
    """

    def __init__(self, words: list[Token], dates: set[int]) -> None:
        self._words = words
        self._leans = [None if place in dates else _lean_of_word(words, place) for place in range(len(words))]
        self._tolls = [_toll(word, place in dates) for place, word in enumerate(words)]

    def around(self, first: int, last: int) -> Lean | None:
        """Which way the words around words `first` to `last` lean; None when they do not say."""
        before = self._nearest(range(first - 1, max(first - 1 - _reach(), -1), -1), 0.0, weak_at=None)
        after = self._nearest(range(last, min(last + _reach(), len(self._words))), 1.0, weak_at=last)
        if after and self._told_before(first) and self._refuses_after(last):
            after = None
        found = [one for one in (before, after) if one and one[0] <= _reach()]
        if found:
            return min(found)[1]
        return "either" if first and self._words[first - 1].text == "by" else None

    def _told_before(self, first: int) -> bool:
        """Whether the clause before word `first` tells of someone who said something."""
        end = first - (first > 0 and self._words[first - 1].kind == "comma")
        for place in range(end - 1, max(end - 1 - _reach(), -1), -1):
            if self._words[place].kind in _STOPS or self._tolls[place] > 1:
                return False
            if self._words[place].text in _TOLD:
                return True
        return False

    def _refuses_after(self, last: int) -> bool:
        """Whether the words that follow are "they won't": what is said there, and not when."""
        following = " ".join(["", *(word.text for word in self._words[last : last + _WORDS_TO_REFUSAL]), ""])
        return any(f" {words} " in following for words in _WILL_NOT)

    def _nearest(self, places: range, cost: float, weak_at: int | None) -> tuple[float, Lean] | None:
        """The leaning word that costs least on one side, up to the end of the sentence. A weak one ("surgery")
        counts in the same clause only, or at that one place only."""
        weak: tuple[float, Lean] | None = None
        crossed = False
        for place in places:
            if self._words[place].kind in _STOPS:
                break
            crossed = crossed or self._tolls[place] > 1
            cost += self._tolls[place]
            lean = self._leans[place]
            if lean and not lean[1]:
                return min(weak, (cost, lean[0])) if weak and crossed else (cost, lean[0])
            if lean and weak is None and not crossed and weak_at in (None, place):
                weak = (cost + lean[1], lean[0])
        return weak


@cache
def _reach() -> int:
    return int(numbers("lean")["reach_in_words"])


def _toll(word: Token, dated: bool) -> int:
    """What it costs to look past a word."""
    if dated:
        return 4
    return 3 if word.kind == "comma" or word.text in _TURNS else 1


@cache
def _listed() -> dict[str, str]:
    return {
        word: name
        for name in ("past", "past_things", "either", "future_things", "future")
        for word in word_set("dates", "lean", name)
    }


_BEING = {"is", "are", "being", "they're", "theyre", "she's", "he's", "we're", "i'm", "im"}
_AHEAD = {"will", "be", "gonna", "going", "to", "gets", "won't"}
_OVER = {"was", "were", "had", "been"}
_ENDINGS = {"terminated", "ended", "stopped", "discharged", "reduced", "cancelled", "canceled", "cut", "released"}
_UNTIL = {"until", "till", "til"}
_NOT_DONE = {"didn't", "didnt", "did", "never", "wasn't", "got", "took"}
_OF_A_DAY = {"is", "was", "it's", "its", "letter", "notice", "denial", "dated", "one", "paper", "that's", "decision"}
_WOULD = {"must", "will", "should", "might", "would", "could"}
_TO_BE_EXACT = ("exact", "precise", "specific", "sure", "honest", "clear", "fair")
_WEAK, _STRONG = 6, 0


def _lean_of_word(words: list[Token], place: int) -> tuple[Lean, int] | None:
    """Which way a word leans, and how much further away it counts for being weak."""
    text = words[place].text
    listed = _listed().get(text)
    if text in ("from", "be"):
        return _lean_of_small_word(words, place)
    if listed is None and not text.endswith(("ing", "ed")):
        return None
    before = {word.text for word in words[max(place - 2, 0) : place]}
    after = words[place + 1].text if place + 1 < len(words) else ""
    if after == "have" and text in _WOULD:
        return "past", _STRONG
    if listed in ("future_things", "past_things"):
        return ("future", _WEAK) if listed == "future_things" else ("past", _STRONG)
    if listed == "future":
        return ("either" if before & _OVER else "future"), _STRONG
    if text in _UNTIL and {word.text for word in words[max(place - 7, 0) : place]} & _NOT_DONE:
        return None
    if listed == "either":
        return ("future" if before & {"will", "going", "gonna"} else "either"), _STRONG
    if text.endswith("ing") and listed is None:
        if text in word_set("dates", "lean", "reporting") and not before & (_BEING | _AHEAD | {","}):
            return "past", _STRONG
        ahead = before & _BEING and text not in word_set("dates", "lean", "past_though_ing")
        return ("future", _STRONG) if ahead else None
    return (_past_unless_ahead(before, text), _STRONG) if listed or len(text) > 4 else None


def _lean_of_small_word(words: list[Token], place: int) -> tuple[Lean, int] | None:
    """ "It is from June" is over, "starting from June" is not said; "it would be June" lies ahead."""
    before = words[place - 1].text if place else ""
    if words[place].text == "from":
        return ("past", _STRONG) if before in _OF_A_DAY else None
    after = words[place + 1].text if place + 1 < len(words) else ""
    if before == "to" and after in _TO_BE_EXACT:
        return None
    return ("future", _STRONG) if before in ("would", "will", "to", "gonna", "might") else None


def _past_unless_ahead(before: set[str], text: str) -> Lean:
    """ "Will be terminated" lies ahead, "is being reduced" on either side, "was denied" behind."""
    if before & _AHEAD:
        return "future"
    return "either" if text in _ENDINGS and before & _BEING else "past"
