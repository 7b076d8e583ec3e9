"""`./imr evaluate conversation`: simulated people talk with the running assistant; what came of it, measured."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from cli.evaluate.tables import verdict
from cli.simulated import BadScenario, Judged, Person, Scenario, Talk, Turn, judge, load, talk
from cli.simulated.figures import targets
from cli.simulated.report import report, report_errors, transcript
from cli.simulated.scenarios import default_path
from cli.talking import Conversation, NotReady, running


@dataclass(frozen=True)
class Wanted:
    """What one run is to do. `seed` chooses the words; `buttons` presses buttons instead of writing; `only` is the id
    of the one scenario whose talk is to be shown whole; `fail_under` a share, 0 to 1, that every share must reach;
    `save` a file for all talks, one JSON object a line."""

    file: Path | None = None
    seed: int = 0
    buttons: bool = False
    show_errors: bool = False
    only: str | None = None
    fail_under: float | None = None
    save: Path | None = None


def conversation(wanted: Wanted) -> int:
    """The whole command. Returns the exit code: 0, 1 when a share is under the bar or the assistant does not start,
    2 when the scenarios cannot be used."""
    path = wanted.file or default_path()
    try:
        scenarios = chosen(load(path), wanted.only)
        talks = list(talk_with_all(scenarios, wanted))
    except BadScenario as error:
        print(error, file=sys.stderr)
        return 2
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    if wanted.save:
        wanted.save.write_text("".join(as_line(one) for one in talks), encoding="utf-8")
    if wanted.only:
        print(transcript(talks[0]))
        return 0
    return judge_all(path.name, [judge(one) for one in talks], wanted)


def chosen(scenarios: Sequence[Scenario], only: str | None) -> Sequence[Scenario]:
    """All scenarios, or the one with an id. Raises BadScenario when there is none with it."""
    found = [one for one in scenarios if only in (None, one.id)]
    if not found:
        some = f"one of the {len(scenarios)} ids of the file, such as {scenarios[0].id}"
        raise BadScenario(f"{only}: no such scenario; allowed: {some}")
    return found


def talk_with_all(scenarios: Sequence[Scenario], wanted: Wanted) -> Iterator[Talk]:
    """Every talk, in the order of days: one assistant a day, since its clock is fixed. Raises NotReady."""
    in_order = sorted(scenarios, key=lambda one: one.today)
    for day, on_it in groupby(in_order, key=lambda one: one.today):
        yield from talk_on(day, list(on_it), wanted)


def talk_on(day: date, scenarios: Sequence[Scenario], wanted: Wanted) -> Iterator[Talk]:
    """The talks of one day. Raises NotReady."""
    with tempfile.TemporaryDirectory() as folder, running(day, Path(folder)) as assistant:
        for scenario in scenarios:
            with closing(Conversation(assistant.url)) as opened:
                yield talk(Person(scenario, wanted.seed), opened, wanted.buttons)


def judge_all(name: str, found: Sequence[Judged], wanted: Wanted) -> int:
    """Prints what came out. Returns the exit code."""
    reached = targets(found)
    report(name, found, reached)
    if wanted.show_errors:
        report_errors(found)
    return verdict(reached, wanted.fail_under)


def as_line(one: Talk) -> str:
    """A talk as one line of JSON: what was asked, said and answered, turn by turn."""
    turns = [_as_object(turn) for turn in one.turns]
    route = one.assessment["route"] if one.assessment else None
    return json.dumps({"id": one.scenario.id, "route": route, "turns": turns}, ensure_ascii=False) + "\n"


def _as_object(turn: Turn) -> dict[str, Any]:
    said = {"asked": turn.asked, "said": turn.said, "tells": sorted(turn.tells), "pressed": turn.payload}
    return said | {"asks": turn.asks, "again": turn.again, "text": turn.text}
