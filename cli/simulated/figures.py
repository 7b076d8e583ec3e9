"""The figures of a run, beside what must be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from cli.evaluate.scores import share
from cli.evaluate.targets import Target
from cli.simulated.judging import Judged, Reading

HARDEST = 8.9  # Flesch-Kincaid grade
LONGEST = 900  # characters
NUMBER = "number"


def targets(found: Sequence[Judged]) -> list[Target]:
    """Every target with what this run gives."""
    dated = [one for one in found if one.talk.scenario.deadlines]
    questions = [len(one.asked) for one in found]
    return [
        Target(f"route right (of {len(found)})", share(one.route_right for one in found), 0.97),
        Target(f"all dates right (of {len(dated)} that list dates)", share(not one.missing for one in dated), 0.95),
        Target("asked something already told", sum(len(one.again) for one in found), 0, True, NUMBER),
        Target("questions after the first message, median", median(questions), 5, True, NUMBER),
        Target("questions after the first message, most", max(questions), 9, True, NUMBER),
        _supported(found),
        Target("hardest message, Flesch-Kincaid grade", hardest(found), HARDEST, True, NUMBER),
        Target("longest message, characters", max(one.length for one in readings(found)), LONGEST, True, NUMBER),
    ]


def _supported(found: Sequence[Judged]) -> Target:
    answers, unsupported = sum(one.answers for one in found), sum(len(one.unsupported) for one in found)
    right = 1 - unsupported / answers if answers else 0.0
    return Target(f"answers with law and first step (of {answers})", right, 1.0)


def readings(found: Sequence[Judged]) -> list[Reading]:
    """Every message of every talk."""
    return [reading for one in found for reading in one.readings]


def hardest(found: Sequence[Judged]) -> float:
    """The highest grade of any message."""
    return max((one.grade for one in readings(found) if one.grade is not None), default=0.0)


def too_hard(found: Sequence[Judged]) -> list[Reading]:
    """The messages above the grade, the hardest first, each text once."""
    hard = {one.text: one for one in readings(found) if (one.grade or 0) > HARDEST}
    return sorted(hard.values(), key=lambda one: -(one.grade or 0))


def too_long(found: Sequence[Judged]) -> list[Reading]:
    """The messages that are too long, the longest first, each text once."""
    long = {one.text: one for one in readings(found) if one.length > LONGEST}
    return sorted(long.values(), key=lambda one: -one.length)


def most_repeated(found: Sequence[Judged]) -> Counter[str]:
    """Sentences said in two turns in a row, with how often that happened."""
    return Counter(sentence for one in found for sentence in one.repeated)
