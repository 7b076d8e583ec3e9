"""Our runner of the trained graph says what Rasa's own says, and each part is asked once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from channels.in_order import InOrder


class Part:
    """A node that joins what it is given, and counts how often it was asked."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threads": 1}

    def __init__(self, name: str, asked: list[str]) -> None:
        self.name, self.asked = name, asked

    def __call__(self, *given: tuple[str, Any]) -> tuple[str, Any]:
        self.asked.append(self.name)
        return self.name, f"{self.name}({','.join(str(value) for _, value in given)})"


def node(*needs: str) -> SchemaNode:
    return SchemaNode(
        needs={name: name for name in needs}, uses=Part, constructor_name="", fn="", config={"threads": 3}
    )  # type: ignore[arg-type]


SCHEMA = GraphSchema(
    {"words": node("message"), "facts": node("words"), "intent": node("words", "facts"), "beside": node("message")}
)


@pytest.fixture
def runner() -> DaskGraphRunner:
    made = DaskGraphRunner.__new__(DaskGraphRunner)
    made._graph_schema, made._execution_context = SCHEMA, SimpleNamespace()
    made.asked = []
    made._instantiated_nodes = {name: Part(name, made.asked) for name in SCHEMA.nodes}
    return made


def test_it_says_what_rasas_own_runner_says(runner: DaskGraphRunner) -> None:
    inputs, targets = {"message": "hello"}, ["intent"]
    assert InOrder(runner).run(inputs, targets) == runner.run(inputs, targets)


def test_each_part_that_is_needed_is_asked_once_and_no_other(runner: DaskGraphRunner) -> None:
    ours = InOrder(runner)
    for _ in range(2):
        runner.asked.clear()
        ours.run({"message": "hello"}, ["intent"])
        assert sorted(runner.asked) == ["facts", "intent", "words"]


def test_what_a_part_is_set_to_can_be_asked(runner: DaskGraphRunner) -> None:
    assert InOrder(runner).setting(Part, "threads") == 3
    assert InOrder(runner).setting(DaskGraphRunner, "threads") is None
