"""What one talk was worth: route, dates, questions, and how its messages read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cli.simulated.driver import EMERGENCY, Talk, Turn
from cli.simulated.readability import grade, sentences
from cli.simulated.scenarios import Dated
from cli.talking import Message


@dataclass(frozen=True)
class Reading:
    """How one message of the assistant reads: characters, and grade (None when it holds no prose)."""

    text: str
    length: int
    grade: float | None


@dataclass(frozen=True)
class Judged:
    """One talk beside what had to come out. `missing` are the listed deadlines that were not given; `asked` the facts
    asked for, in order; `again` those of them that had been told in words; `answers` the number of answers given (an
    assessment that differs from the one before in route or dates), `unsupported` those without a citation or without
    their first step; `repeated` sentences said in two turns in a row."""

    talk: Talk
    route: str | None
    missing: tuple[Dated, ...]
    asked: tuple[str, ...]
    again: tuple[str, ...]
    answers: int
    unsupported: tuple[str, ...]
    readings: tuple[Reading, ...]
    repeated: tuple[str, ...]

    @property
    def route_right(self) -> bool:
        """Whether the last assessment names the route that had to come out."""
        return self.route == self.talk.scenario.route

    @property
    def failed(self) -> bool:
        """Whether anything of what must be reached went wrong in this talk, words aside."""
        return not self.route_right or bool(self.missing or self.again or self.unsupported or self.talk.broken)


def judge(talk: Talk) -> Judged:
    """Everything that is measured of one talk."""
    found = talk.assessment
    turns = talk.turns
    supported = [(message, _supports(message, turn)) for turn, message in _new_answers(talk)]
    return Judged(
        talk,
        found["route"] if found else None,
        tuple(sorted(talk.scenario.deadlines - _dated(found), key=str)),
        tuple(turn.asks for turn in turns if turn.asks),
        tuple(turn.asks for turn in turns if turn.asks and turn.again),
        len(supported),
        tuple(message["text"] for message, well in supported if not well),
        tuple(_readings(talk)),
        tuple(_repeated(talk)),
    )


def _dated(found: dict[str, Any] | None) -> set[Dated]:
    return {(due["code"], due["kind"], due["date"]) for due in (found or {}).get("deadlines", ())}


def _answers(turn: Turn) -> list[Message]:
    return [message for message in turn.messages if message["assessment"]]


def _new_answers(talk: Talk) -> Iterator[tuple[Turn, Message]]:
    """The messages with an answer; one that only repeats the answer before it ("that changes nothing") is none."""
    before: tuple[str, set[Dated]] | None = None
    for turn in talk.turns:
        for message in _answers(turn):
            found = message["assessment"]
            now = found["route"], _dated(found)
            if now != before:
                yield turn, message
            before = now


def _supports(message: Message, turn: Turn) -> bool:
    """Whether an answer shows a citation of its own and says what to do first. In an emergency whom to call is the
    first step, and no law is read out."""
    found = message["assessment"]
    if found["route"] == EMERGENCY:
        phones = [one["phone"] for one in found["contacts"] if one["phone"]]
        return any(phone in turn.text for phone in phones)
    cited = {*found["authority"], *(law for due in found["deadlines"] for law in due["citations"])}
    return (
        any(law in turn.text for law in cited)
        and bool(found["steps"])
        and _first_sentence(found["steps"][0]["text"]) in turn.text
    )


def _first_sentence(text: str) -> str:
    """What a step says first; an answer that stays what it was repeats no more of it."""
    return text.split(". ")[0].rstrip(".")


def _readings(talk: Talk) -> Iterator[Reading]:
    names = _mail_addresses(talk)
    for message in [*talk.opening, *(one for turn in talk.turns for one in turn.messages)]:
        yield Reading(message["text"], len(message["text"]), grade(message["text"], names))


def _mail_addresses(talk: Talk) -> tuple[str, ...]:
    found = [message["assessment"] for turn in talk.turns for message in _answers(turn)]
    return tuple(one["mail"] for assessment in found for one in assessment["contacts"] if one.get("mail"))


def _repeated(talk: Talk) -> Iterator[str]:
    said = ["\n".join(message["text"] for message in talk.opening), *(turn.text for turn in talk.turns)]
    for before, after in pairwise(said):
        earlier = set(sentences(before))
        yield from (one for one in sentences(after) if one in earlier)
