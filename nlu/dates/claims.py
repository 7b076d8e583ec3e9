"""Which event of a story claims which of its dates: the strongest and nearest one, each event once."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from nlu.dates.events import DATE, Event, Story

_AFTER_COST = 1.5
_OTHER_CLAUSE_COST = 5.0
_ASIDE_COST = 4.0
_LISTED_SHARE = 0.8
_LEAST_STRENGTH = 0.4
_BARE_SENTENCE_GAIN = 4.5
_BARE_SENTENCE_WORDS = 6
_SAME_DAY_COST = 6.0
_FRONTED_COST = 1.5
_OWN_CLAUSE_COST = 9.0
_COMMA_AFTER_FRONT_GAIN = 1.5
_TAKEN_BACK_GAIN = 2.5
_FURTHEST_WORDS = 40
_OPENERS = ("small", "det", "it", "of", "be")
_IN_A_LIST = (
    "and",
    "comma",
    "again",
    "when",
    "small",
    "det",
    "of",
    "for",
    "by_mail",
    "care",
    "stay",
    "hospital",
    "coverage",
    "plan",
    "group",
    DATE,
)
_BREAKS = ("comma", "dot", "stop", "and", "dash", "open")


class Claim(NamedTuple):
    """An event that claims a date: how strongly, and whether it stands in another sentence."""

    strength: float
    far: bool
    event: Event


def claims_of(story: Story, replaced: dict[int, int | None]) -> dict[int, Claim]:
    """The event that claims each date. A date that is taken back (a key of `replaced`) is claimed by none; the
    one that replaces it may be claimed from both places."""
    pairs = [
        (number, claim)
        for number in range(len(story.dates))
        if number not in replaced
        for claim in _claims_on(story, _places(story, number, replaced), replaced)
    ]
    claims: dict[int, Claim] = {}
    owners: dict[Event, list[int]] = {}
    for number, claim in sorted(pairs, key=lambda pair: -pair[1].strength):
        if number in claims:
            continue
        others = owners.setdefault(claim.event, [])
        if others and not any(_listed_together(story, other, number) for other in others):
            continue
        claims[number] = claim
        others.append(number)
    return _with_lists(story, claims, replaced)


def _with_lists(story: Story, claims: dict[int, Claim], replaced: dict[int, int | None]) -> dict[int, Claim]:
    """The claims, and for a date that only continues a list ("June 2, July 14 and September 8") its neighbour's."""
    for number in range(1, len(story.dates)):
        before = claims.get(number - 1)
        if before and number not in claims and number not in replaced and _listed_together(story, number - 1, number):
            claims[number] = before._replace(strength=before.strength * _LISTED_SHARE)
    return claims


def _places(story: Story, number: int, replaced: dict[int, int | None]) -> list[int]:
    """Where a date stands, and where those stand that it replaces."""
    wrong = [other for other in (number - 1, number + 1) if replaced.get(other) == number]
    return [story.dates[one] for one in (number, *wrong)]


def _claims_on(story: Story, places: list[int], replaced: dict[int, int | None]) -> list[Claim]:
    low = bisect_left(story.events, places[0] - _FURTHEST_WORDS, key=lambda event: event.first)
    high = bisect_left(story.events, places[0] + _FURTHEST_WORDS, key=lambda event: event.first)
    found = []
    for event in story.events[low:high]:
        near = [place for place in places if _within_reach(story, place, event, bool(replaced))]
        claim = max((_claim(story, place, event, replaced) for place in near), default=None)
        if claim and claim.strength > _LEAST_STRENGTH:
            found.append(claim)
    return found


def _within_reach(story: Story, place: int, event: Event, corrected: bool) -> bool:
    """Whether an event can claim a date at all: a quick bound before the exact reckoning."""
    cost = story.toll(place + 1, event.first) + story.toll(event.last, place)
    return event.kind.weight - cost + _BARE_SENTENCE_GAIN + _TAKEN_BACK_GAIN * corrected > _LEAST_STRENGTH


def _claim(story: Story, place: int, event: Event, replaced: dict[int, int | None]) -> Claim:
    if event.first <= place < event.last:
        return Claim(event.kind.weight, False, event)
    fronted = _opens_clause(story, place)
    if event.first > place:
        start, end = place + 1, event.first
        cost = story.toll(start, end) + _cost_of_following(story, start, end, fronted)
    else:
        start, end = event.last, place
        cost = story.toll(start, end) + _cost_of_preceding(story, event, place, fronted)
    if replaced:
        cost -= sum(_TAKEN_BACK_GAIN for number in replaced if start <= story.dates[number] < end)
    return Claim(event.kind.weight - cost, not story.together(place, event.first), event)


def _cost_of_preceding(story: Story, event: Event, place: int, fronted: bool) -> float:
    """What it costs that an event comes before its date: little, unless the date opens a clause of its own.

    "We appealed. That was August 14." has nothing else to belong to.
    """
    if _bare_sentence(story, place):
        return -_BARE_SENTENCE_GAIN
    aside = _cost_of_aside(story, event, place)
    if not fronted:
        return aside
    return aside + (_OWN_CLAUSE_COST if _subject_follows(story, place) else _FRONTED_COST)


def _subject_follows(story: Story, place: int) -> bool:
    """Whether a date is followed by someone who does something: then it opens a clause about that."""
    after = [token for token in story.tokens[place + 1 : place + 4] if token.kind != "comma"]
    if not after or after[0].kind not in ("us", "plan", "third", "doc"):
        return False
    return len(after) == 1 or after[1].text not in ("think", "believe", "guess", "say", "said")


def _bare_sentence(story: Story, place: int) -> bool:
    """Whether a date's sentence holds nothing but the date ("It was August 14.")."""
    start, end = story.sentence_at(place)
    if end - start > _BARE_SENTENCE_WORDS + 3:
        return False
    sentence = [token.kind for token in story.tokens[start:end] if token.kind not in ("dot", "stop")]
    words = [kind for kind in sentence if kind not in (*_OPENERS, "comma", "word")]
    return len(words) == 1 and len(sentence) <= _BARE_SENTENCE_WORDS


def _cost_of_following(story: Story, start: int, end: int, fronted: bool) -> float:
    """What it costs that an event comes after its date.

    "In January, they denied it" is usual; in "she fell in January and they denied it" the date belongs to
    what stands before it.
    """
    if fronted and start < end and story.tokens[start].kind == "comma":
        start += 1
    breaks = {token.kind for token in story.tokens[start:end]}
    if "that_day" in breaks:
        return 0.0
    if not fronted:
        return _AFTER_COST + (_OTHER_CLAUSE_COST if breaks & set(_BREAKS) else 0.0)
    gain = _COMMA_AFTER_FRONT_GAIN if start and story.tokens[start - 1].kind == "comma" else 0.0
    return (_OTHER_CLAUSE_COST if "and" in breaks else 0.0) - gain


def _cost_of_aside(story: Story, event: Event, place: int) -> float:
    """What "after we got the denial" costs an event for a date that stands outside of that clause."""
    opening = {token.kind for token in story.tokens[max(event.first - 2, 0) : event.first + 1]}
    if all(token.kind not in _BREAKS for token in story.tokens[event.last : place]):
        return 0.0
    if "that_day" in opening:
        return _SAME_DAY_COST
    return _ASIDE_COST if opening & {"after", "before", "when"} else 0.0


def _opens_clause(story: Story, place: int) -> bool:
    """Whether a date opens its clause ("On October 5 they ..."), and so belongs to what follows."""
    while place and story.tokens[place - 1].kind in _OPENERS:
        place -= 1
    return not place or story.tokens[place - 1].kind in _BREAKS


def _listed_together(story: Story, one: int, other: int) -> bool:
    """Whether two dates stand side by side ("letters of Oct 5 and Oct 12")."""
    low, high = sorted((story.dates[one], story.dates[other]))
    between = story.tokens[low + 1 : high]
    listed = any(token.kind in ("and", "comma") for token in between)
    return listed and all(token.kind in _IN_A_LIST for token in between)
