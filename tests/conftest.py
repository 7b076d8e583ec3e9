"""What many tests share: one hypothesis profile, and two running assistants, the real one and a very small one.

The same examples on every run, and no test fails for being slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, settings

from cli.talking import Assistant, running
from tests import databases
from tests.channels import tiny_bot

TODAY = date(2026, 11, 23)

settings.register_profile(
    "steady", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """PostgreSQL and Redis for every test, when they are to run on these."""
    if not databases.IS_SHARED:
        yield
        return
    with databases.shared_servers(tmp_path_factory.mktemp("servers")):
        yield


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The whole of `./imr serve` on a free port, with a database of its own and the clock at TODAY."""
    folder = tmp_path_factory.mktemp("assistant")
    with running(TODAY, folder, folder / "serve.log") as started:
        yield started


@pytest.fixture(scope="session")
def tiny_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tiny_bot.Assistant]:
    """A very small assistant that says whatever a test needs, and whose processes may be stopped."""
    with tiny_bot.Assistant(tmp_path_factory.mktemp("tiny")) as started:
        yield started
