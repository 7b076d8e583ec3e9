"""`./imr bench turn`: start to ready, resident memory, and how long a turn takes in whole conversations."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

from cli.talking import Assistant, Conversation, NotReady, running

MEGABYTE = 1024 * 1024
DAY = date(2026, 11, 23)
# Whole conversations: what people say, and what they answer, in turn.
STORIES: tuple[tuple[str, ...], ...] = (
    (
        "Kaiser denied my back MRI, the letter is dated October 5th and says it's not medically necessary. "
        "I haven't appealed or anything.",
        "no, nobody is in danger and it can wait",
        "we buy it ourselves through covered california",
        "yes my orthopedist ordered it",
        "how long does all this take?",
        "actually I filed a grievance on October 12 and they turned me down, letter of Nov 2",
        "thank you",
    ),
    (
        "my mom has a Molina medi-cal plan and they cut her home health hours, notice dated November 9",
        "she is safe, it is not urgent",
        "they say not medically necessary",
        "no we have not appealed yet",
        "her doctor ordered the hours",
        "no we did not ask for a state hearing",
        "what papers do I need?",
    ),
    (
        "Anthem PPO through my job says my chemo drug is experimental",
        "my oncologist says it cannot wait",
        "it is self funded, my employer pays the claims",
        "the letter is from November 16",
        "not appealed",
        "do I need a lawyer?",
        "ok bye",
    ),
)


def run(conversations: int) -> int:
    """The whole command: `conversations` of them, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with running(DAY, Path(folder), Path(folder) / "bench.log") as assistant:
                return _measure(assistant, conversations)
        except NotReady as problem:
            print(problem, file=sys.stderr)
            return 1


def _measure(assistant: Assistant, conversations: int) -> int:
    _talk(assistant.url, STORIES[0])
    turns = [seconds for number in range(conversations) for seconds in _talk(assistant.url, STORIES[number % 3])]
    milliseconds = sorted(1000 * seconds for seconds in turns)
    print(f"cores:              {os.cpu_count()}")
    print(f"start to ready:     {assistant.ready_after:6.1f} s (model trained)")
    print(f"resident memory:    {resident_megabytes(assistant.process.pid):6.0f} MB (all processes)")
    print(f"turns:              {len(turns):6d} in {conversations} conversations, one after the other")
    print(f"turn p50:           {statistics.median(milliseconds):6.1f} ms")
    print(f"turn p95:           {milliseconds[int(0.95 * len(milliseconds))]:6.1f} ms")
    return 0


def _talk(url: str, story: tuple[str, ...]) -> list[float]:
    conversation = Conversation(url)
    seconds = []
    for line in story:
        started = time.perf_counter()
        conversation.say(line)
        seconds.append(time.perf_counter() - started)
    conversation.close()
    return seconds


def resident_megabytes(pid: int) -> float:
    """The resident memory of a process and all that it started, in megabytes; pages shared count once a process."""
    root = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (root, *root.children(recursive=True))) / MEGABYTE
