"""One running assistant, the real one, and the talks that our own people had with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from cli.simulated import Judged, Person, Scenario, judge, talk
from cli.talking import Conversation, running
from tests.simulated.own_people import PEOPLE

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Judged]]:
    """What came of each person's talk, by the person's id."""
    folder = tmp_path_factory.mktemp("simulated")
    with running(TODAY, folder, folder / "serve.log") as assistant:
        yield {one.id: _judged(one, assistant.url) for one in PEOPLE}


@pytest.fixture(params=PEOPLE, ids=lambda one: f"{one.id} {one.title}")
def had(request: pytest.FixtureRequest, judged: dict[str, Judged]) -> Judged:
    """One person's talk."""
    return judged[request.param.id]


def _judged(scenario: Scenario, url: str) -> Judged:
    with closing(Conversation(url)) as opened:
        return judge(talk(Person(scenario), opened))
