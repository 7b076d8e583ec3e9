"""Dates that are taken back: "no wait, October 12", "not October 5", "I said the 5th but"."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.dates.events import DATE, Story
from nlu.dates.patterns import word_set
from nlu.dates.tokens import Token

_FURTHEST_WORDS = 14
_FEW = 3
_TELLS_NOTHING = ("word", "it", "us", "small", "and", "get", "see", "tell", "have", "had")
_FRAME_WORDS = 16


def _listed(name: str) -> frozenset[str]:
    return word_set("date_roles", "corrections", name)


def taken_back(story: Story) -> dict[int, int | None]:
    """The dates that are taken back, as numbers in the story, each with the number of the date that replaces it."""
    found: dict[int, int | None] = {}
    for number in range(len(story.dates)):
        if _denied_before(story, number):
            found[number] = _other(story, number)
        elif number + 1 < len(story.dates) and _corrected_between(story, number):
            found[number] = number + 1
    return found


def _other(story: Story, number: int) -> int | None:
    """The date that stands instead of a wrong one: the next, else the one before."""
    if number + 1 < len(story.dates):
        return number + 1
    return number - 1 if number else None


def _denied_before(story: Story, number: int) -> bool:
    """ "Not October 5", and "I said October 5" when another date follows."""
    place = story.dates[number]
    text = _text_before(story.tokens, place)
    if _ends_with(text, _listed("wrong_before")):
        return True
    if not _ends_with(text, _listed("said_before")):
        return False
    return number + 1 < len(story.dates) or (number > 0 and story.together(story.dates[number - 1], place))


def _text_before(tokens: list[Token], place: int) -> str:
    """The words right before a date, small words between left out."""
    between = _listed("between")
    words: list[str] = []
    for token in reversed(tokens[max(place - 7, 0) : place]):
        if token.kind in ("comma", "dot", "stop", DATE):
            break
        words[:0] = token.text.split()
    while words and words[-1] in between and " ".join(words[-2:]) not in _listed("wrong_before"):
        words.pop()
    return " ".join(words)


def _ends_with(text: str, phrases: frozenset[str]) -> bool:
    return any(text == phrase or text.endswith(" " + phrase) for phrase in phrases)


def _corrected_between(story: Story, number: int) -> bool:
    """Whether only words of a correction stand between a date and the next one."""
    between = story.tokens[story.dates[number] + 1 : story.dates[number + 1]]
    words = [
        word
        for token in _without_asides(between)
        if token.kind not in ("comma", "dot", "stop", "dash", "open", "close")
        for word in token.text.split()
    ]
    if len(words) > _FURTHEST_WORDS:
        return False
    rest = _without(" ".join(words), _listed("cues"))
    if rest is None:
        return False
    heavy = [word for word in rest if word not in _listed("light") and word.isalpha()]
    return not heavy or (len(heavy) <= _FEW and _says_strongly(words) and not _tells(between, heavy))


def _without_asides(between: list[Token]) -> Iterator[Token]:
    """The words without an "i mean" that ends its sentence: "it came Thursday, the letter I mean."."""
    for place, token in enumerate(between):
        after = between[place + 1].kind if place + 1 < len(between) else ""
        if token.text not in ("mean", "meant") or after not in ("dot", "stop"):
            yield token


def _says_strongly(words: list[str]) -> bool:
    return _without(" ".join(words), _listed("strong")) is not None


def _tells(between: list[Token], heavy: list[str]) -> bool:
    """Whether one of the words tells something of its own: then the later date belongs to that."""
    return any(token.kind not in _TELLS_NOTHING for token in between if token.text in heavy)


def _without(text: str, phrases: frozenset[str]) -> list[str] | None:
    """The words that are left when the phrases are taken out; None when none of them is there."""
    padded, found = f" {text} ", False
    for phrase in sorted(phrases, key=len, reverse=True):
        if f" {phrase} " in padded:
            padded, found = padded.replace(f" {phrase} ", "  "), True
    return padded.split() if found else None


def corrects(story: Story, earlier: int, later: int) -> bool:
    """Whether the words between two dates say that the later one is right."""
    between = story.tokens[story.dates[earlier] + 1 : story.dates[later]]
    text = " " + " ".join(token.text for token in between) + " "
    return any(f" {phrase} " in text for phrase in _listed("strong")) or only_reported(story, earlier)


def only_reported(story: Story, number: int) -> bool:
    """Whether a date stands in a sentence like "I told you that ...", which a later one may put right."""
    place = story.dates[number]
    start, _ = story.sentence_at(place)
    text = " " + " ".join(token.text for token in story.tokens[max(start, place - _FRAME_WORDS) : place]) + " "
    return any(f" {phrase} " in text for phrase in _listed("said_frames"))
