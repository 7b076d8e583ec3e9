"""Who may import whom. Five floors, arrows only downward, none between neighbours on a floor.

The law room (`imr_logic`), `settings` and `watching` stand on the ground; `nlu`, `records` and `documents` on them;
`texting` on these; `channels`, `actions` and `web` above; `cli` on top. Nothing imports `actions` or `channels`. Rasa
is kept to a few places, so that the dialogue engine can be replaced without touching the law or the records.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("settings", "imr_logic", "watching"),
    ("nlu", "records", "documents"),
    ("texting",),
    ("channels", "actions", "web", "sandbox"),
    ("cli",),
)
ROOMS = tuple(room for floor in FLOORS for room in floor if (ROOT / room).is_dir())
ENTERED_BY_NOBODY = {"actions", "channels"}
RASA = {"rasa", "rasa_sdk"}
RASA_MAY_BE_USED_IN = ("nlu/components/", "channels/", "actions/", "records/tracker_store.py")
ONLY_IN_DOCUMENTS = {"typst", "icalendar"}
PAGES_ARE_MADE_IN = {"documents", "web", "cli"}
GROUND_LIBRARIES = {
    "imr_logic": {"pydantic", "dateutil", "yaml"},
    "settings": {"pydantic", "pydantic_settings"},
    "watching": {"prometheus_client"},
}


class Import(NamedTuple):
    """One imported module by its full name, where it stands, and whether only when a function runs."""

    file: str
    line: int
    module: str
    late: bool

    @property
    def top(self) -> str:
        """The room or package that is imported."""
        return self.module.split(".")[0]


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or "."] if not node.level else ["."]


def _imports_below(node: ast.AST, file: str, late: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield from (Import(file, child.lineno, module, late) for module in _modules(child))
        inside = late or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        yield from _imports_below(child, file, inside)


@lru_cache
def imports_of(room: str) -> tuple[Import, ...]:
    """Every import in the Python files of a room."""
    found: list[Import] = []
    for path in sorted((ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += _imports_below(tree, path.relative_to(ROOT).as_posix(), late=False)
    return tuple(found)


def floor_of(room: str) -> int:
    return next(height for height, floor in enumerate(FLOORS) if room in floor)


def test_every_room_with_code_has_its_floor() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests"}
    assert folders <= {room for floor in FLOORS for room in floor}


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_go_only_down(room: str) -> None:
    upward = [
        one
        for one in imports_of(room)
        if one.top in ROOMS and one.top != room and floor_of(one.top) >= floor_of(room)
    ]
    assert not upward


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_imports_the_dialogue_rooms(room: str) -> None:
    assert not [one for one in imports_of(room) if one.top in ENTERED_BY_NOBODY - {room}]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_name_each_other_in_full(room: str) -> None:
    assert not [one for one in imports_of(room) if one.module == "."]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_tests(room: str) -> None:
    assert not [one for one in imports_of(room) if one.top == "tests"]


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_rasa_is_used_only_where_it_can_be_replaced(room: str) -> None:
    used = [one for one in imports_of(room) if one.top in RASA]
    assert not [one for one in used if not one.file.startswith(RASA_MAY_BE_USED_IN)]


def test_commands_import_rasa_only_when_they_need_it() -> None:
    assert not [one for one in imports_of("cli") if one.top in RASA and not one.late]


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "documents"])
def test_papers_are_set_only_in_the_room_of_papers(room: str) -> None:
    used = ONLY_IN_DOCUMENTS | ({"jinja2"} if room not in PAGES_ARE_MADE_IN else set())
    assert not [one for one in imports_of(room) if one.top in used]


def late_library(one: Import) -> bool:
    """The address of a database is checked by the library that will use it, and only when there is one."""
    return one.late and one.module.startswith("sqlalchemy") and one.file == "settings/model.py"


@pytest.mark.parametrize("room", GROUND_LIBRARIES)
def test_the_ground_floor_rests_on_the_standard_library_and_little_else(room: str) -> None:
    allowed = sys.stdlib_module_names | GROUND_LIBRARIES[room] | {room}
    assert not [one for one in imports_of(room) if one.top not in allowed and not late_library(one)]


@pytest.mark.parametrize("room", ["web", "cli", "actions", "documents"])
def test_the_law_is_reached_through_what_it_offers_and_not_through_its_insides(room: str) -> None:
    inside = {
        "triage",
        "grievance",
        "programmes",
        "deadlines",
        "case",
        "outcome",
        "questions",
        "changes",
        "reasons",
    }
    reached = [one for one in imports_of(room) if one.top == "imr_logic"] if room in ROOMS else []
    assert not [one for one in reached if set(one.module.split(".")[1:]) & inside]
