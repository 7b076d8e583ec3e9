"""The tables of `./imr evaluate conversation`, and transcripts, as plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from cli.evaluate.scores import share
from cli.evaluate.tables import heading, report_targets
from cli.evaluate.targets import Target
from cli.simulated.driver import Talk, Turn
from cli.simulated.figures import HARDEST, most_repeated, readings, too_hard, too_long
from cli.simulated.judging import Judged, Reading

WORST = 5  # messages and sentences that are shown
SHOWN_CHARACTERS = 160


def report(name: str, found: Sequence[Judged], reached: Sequence[Target]) -> None:
    """Print all figures of a run."""
    report_targets(f"{name}: {len(found)} talks", reached)
    _about(found)
    _by_route(found)
    _asked(found)
    _messages("hardest to read", too_hard(found), "grade")
    _messages("longest", too_long(found), "characters")
    _repetitions(found)


def _about(found: Sequence[Judged]) -> None:
    turns = [len(one.talk.turns) for one in found]
    every = readings(found)
    hard = sum((one.grade or 0) > HARDEST for one in every)
    heading("beside the targets")
    print(f"turns, median / most: {median(turns):g} / {max(turns)}")
    print(f"talks without any answer: {sum(one.route is None for one in found)}")
    print(f"talks cut off after too many turns: {sum(not one.talk.ended for one in found)}")
    print(f"talks broken off by an error: {sum(one.talk.broken for one in found)}")
    print(f"messages above the grade: {hard} of {len(every)} ({len(too_hard(found))} different)")
    print(f"sentences said in two turns in a row: {sum(most_repeated(found).values())}")


def _by_route(found: Sequence[Judged]) -> None:
    heading(f"{'route':<34}{'number':>8}{'route right':>13}{'dates right':>13}")
    for route, number in Counter(one.talk.scenario.route for one in found).most_common():
        mine = [one for one in found if one.talk.scenario.route == route]
        dated = [one for one in mine if one.talk.scenario.deadlines]
        dates = f"{share(not one.missing for one in dated):>13.1%}" if dated else f"{'none':>13}"
        print(f"{route:<34}{number:>8}{share(one.route_right for one in mine):>13.1%}{dates}")


def _asked(found: Sequence[Judged]) -> None:
    heading(f"{'fact asked for':<34}{'times':>8}{'told before':>13}")
    again = Counter(fact for one in found for fact in one.again)
    for fact, times in Counter(fact for one in found for fact in one.asked).most_common():
        print(f"{fact:<34}{times:>8}{again[fact]:>13}")


def _messages(what: str, worst: Sequence[Reading], measure: str) -> None:
    if worst:
        heading(f"{what}: {measure}")
    for one in worst[:WORST]:
        figure = f"{one.grade:.1f}" if measure == "grade" else str(one.length)
        print(f"{figure:>6}  {_short(one.text)}")


def _repetitions(found: Sequence[Judged]) -> None:
    repeated = most_repeated(found)
    if repeated:
        heading("said in two turns in a row")
    for sentence, times in repeated.most_common(WORST):
        print(f"{times:>6}  {_short(sentence)}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 3] + "..."


def report_errors(found: Iterable[Judged]) -> None:
    """Each failing talk: what went wrong, and the whole of it."""
    for one in found:
        if one.failed:
            heading(f"{one.talk.scenario.id}: {one.talk.scenario.title}")
            print("\n".join([*problems(one), "", transcript(one.talk)]))


def problems(one: Judged) -> list[str]:
    """All that went wrong in one talk, a line each."""
    lines = [] if one.route_right else [f"route: {one.route}, meant {one.talk.scenario.route}"]
    lines += [f"date missing: {code} {kind} {day}" for code, kind, day in one.missing]
    lines += ["an error instead of an answer"] if one.talk.broken else []
    lines += [f"asked though told: {fact}" for fact in one.again]
    return lines + ["an answer without law or first step"] * len(one.unsupported)


def transcript(talk: Talk) -> str:
    """The whole talk, as it is read. What is asked stands in angle brackets, buttons in square ones."""
    lines = [f"assistant: {message['text']}" for message in talk.opening]
    for turn in talk.turns:
        lines.append(f"person:    {f'[{turn.said}]' if turn.payload else turn.said}")
        lines += _said(turn)
    return "\n".join(lines)


def _said(turn: Turn) -> list[str]:
    return [f"assistant: {_indented(message['text'])}{_marks(message, turn)}" for message in turn.messages]


def _indented(text: str) -> str:
    return text.replace("\n", "\n           ")


def _marks(message: dict[str, Any], turn: Turn) -> str:
    buttons = " ".join(f"[{one['title']}]" for one in message["buttons"])
    asks = f"<{message['asks']}{', told before' if turn.again else ''}>" if message["asks"] else ""
    route = f"<<{message['assessment']['route']}>>" if message["assessment"] else ""
    marks = " ".join(filter(None, (asks, route, buttons)))
    return f"\n           {marks}" if marks else ""
