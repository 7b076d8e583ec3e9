"""What breaks, while people talk: each fault is something done to what runs, and undone again."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import psutil

from cli.deployed import Deployed
from cli.talking import Assistant

Break = Callable[[Deployed], None]
OUTAGE = 4.0  # seconds


def process_of(assistant: Assistant, words: str) -> psutil.Process:
    """The process of an assistant whose command line has these words."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        for child in psutil.Process(assistant.process.pid).children(recursive=True):
            if words in " ".join(child.cmdline()):
                return child
        time.sleep(0.2)  # it is being started again
    raise RuntimeError(f"no process {words!r}")


def kill_rasa(place: Deployed) -> None:
    """One Rasa dies in the middle of its turns."""
    process_of(place.assistants[0], "channels.server").kill()


def kill_web(place: Deployed) -> None:
    """One web app dies with the requests that it holds."""
    process_of(place.assistants[1 % len(place.assistants)], "-m web").kill()


def kill_every_rasa(place: Deployed) -> None:
    """All of them, one after the other."""
    for assistant in place.assistants:
        process_of(assistant, "channels.server").kill()
        time.sleep(1)


def kill_postgres(place: Deployed) -> None:
    """The database loses its power, and comes back."""
    place.postgres.kill()
    for child in psutil.process_iter(["cmdline"]):  # those that served connections
        if f"-p {place.postgres.port}" in " ".join(child.info["cmdline"] or ()):
            child.kill()
    time.sleep(OUTAGE)
    place.postgres.start()


def restart_postgres(place: Deployed) -> None:
    """The database is updated: it ends all connections and comes back."""
    place.postgres.stop()
    time.sleep(OUTAGE)
    place.postgres.start()


def stop_postgres_for_a_moment(place: Deployed) -> None:
    """The database does not answer, though it is there."""
    words = f"-p {place.postgres.port}"
    main = next(one for one in psutil.process_iter(["cmdline"]) if words in " ".join(one.info["cmdline"] or ()))
    with ExitStack() as all_of_it:
        for one in (main, *main.children(recursive=True)):
            all_of_it.enter_context(stopped(one.pid))
        time.sleep(OUTAGE)


def kill_redis(place: Deployed) -> None:
    """Redis forgets every lock, and comes back."""
    place.redis.kill()
    time.sleep(OUTAGE)
    place.redis.start()


def stop_redis_for_a_moment(place: Deployed) -> None:
    """Redis does not answer, though it is there."""
    with stopped(place.redis.process.pid if place.redis.process else 0):
        time.sleep(OUTAGE)


def restart_nginx(place: Deployed) -> None:
    """The door closes and opens again."""
    place.nginx.kill()
    time.sleep(1)
    place.nginx.start()


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that stands still."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def no_room(pid: int) -> Iterator[None]:
    """A process that cannot make any file longer, as on a full disk (a limit of its own: prlimit(2))."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


# In the order in which they happen; each has an even share of the talk.
FAULTS: dict[str, Break] = {
    "one Rasa killed": kill_rasa,
    "one web app killed": kill_web,
    "every Rasa killed": kill_every_rasa,
    "PostgreSQL killed": kill_postgres,
    "PostgreSQL restarted": restart_postgres,
    "PostgreSQL silent": stop_postgres_for_a_moment,
    "Redis killed": kill_redis,
    "Redis silent": stop_redis_for_a_moment,
    "nginx killed": restart_nginx,
}
