"""The law as data: everything cited, dated and worded, nothing dead, and no figure of law in the code."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import imr_logic
from imr_logic import assess, law, vocabulary
from imr_logic.deadlines import Kind
from imr_logic.language import law_values, step_text, words
from imr_logic.law import CONFIDENCES, load

TODAY = date(2026, 11, 23)

ROOM = Path(imr_logic.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
ALLOWED = {"imr_logic", "pydantic", "dateutil", "yaml"} | sys.stdlib_module_names
NOT_PURE = {"random", "secrets", "time", "socket", "urllib", "http", "subprocess", "os"}


@lru_cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def routes() -> dict[str, Any]:
    return {name: route for name, route in load("routes").items() if name != "programme_contacts"}


def listed(part: str) -> set[str]:
    return {one for route in routes().values() for one in route[part]}


# Every entry.


@pytest.mark.parametrize("entry", law.entries(), ids=lambda entry: f"{entry.file} {entry.id}")
def test_every_entry_of_the_law_is_cited_dated_and_says_how_sure_it_is(entry: law.LawEntry) -> None:
    assert entry.authority
    assert all(entry.authority)
    assert isinstance(entry.verified, date)
    assert entry.verified <= date(2026, 11, 26)
    assert entry.confidence in CONFIDENCES


@pytest.mark.parametrize("entry", law.entries(), ids=lambda entry: f"{entry.file} {entry.id}")
def test_every_citation_of_a_code_can_be_looked_up(entry: law.LawEntry) -> None:
    assert entry.file == "contacts" or all(law.address_of(citation) for citation in entry.authority)


@pytest.mark.parametrize("file", ["rules", "reasons"])
def test_every_rule_and_reason_writes_its_own_confidence(file: str) -> None:
    assert not [name for name, entry in load(file).items() if entry.get("confidence") not in CONFIDENCES]


@pytest.mark.parametrize("name", load("periods"))
def test_the_versions_of_a_period_follow_each_other_without_gap(name: str) -> None:
    versions = load("periods")[name]["values"]
    for earlier, later in itertools.pairwise(versions):
        assert (later["from"] - earlier["until"]).days == 1
    assert "until" not in versions[-1]
    assert load("periods")[name]["meaning"]


@pytest.mark.parametrize("name", load("contacts"))
def test_every_contact_can_be_reached_and_was_verified(name: str) -> None:
    contact = load("contacts")[name]
    assert contact.keys() & {"phone", "fax", "mail", "url"}
    assert contact["verified"]
    assert contact["confidence"] in CONFIDENCES


def test_every_reason_and_service_and_carrier_is_of_the_vocabulary() -> None:
    reasons, services = vocabulary()["denial_reasons"].values, vocabulary()["service_category"].values
    assert set(load("reasons")) == set(reasons) - {"unknown"}
    assert set(load("services")) <= set(services)
    assert set(load("carriers")["carriers"]) == set(vocabulary()["carrier"].values)


# Old law.


@pytest.mark.parametrize(
    ("notice", "days"), [(date(2024, 12, 31), 60), (date(2025, 1, 1), 65), (date(2026, 11, 2), 65)]
)
def test_the_day_of_the_notice_chooses_the_medicare_period(notice: date, days: int) -> None:
    assert law.period("medicare_plan_appeal", notice).value == days


@pytest.mark.parametrize(("notice", "last"), [("2024-11-05", date(2025, 1, 6)), ("2025-11-05", date(2026, 1, 9))])
def test_last_years_medicare_law_stays_callable(notice: str, last: date) -> None:
    found = assess({"today": notice, "plan_type": "medicare_advantage", "denial_letter_date": notice})
    assert [due.date for due in found.deadlines if due.kind == "legal_last_day"] == [last]


def test_a_period_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(law.UnknownRule, match="no_such_period"):
        law.period("no_such_period", date(2026, 1, 1))


def test_a_rule_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(law.UnknownRule, match="no_such_rule"):
        law.rule("no_such_rule")


# Words.


def test_every_rule_has_words_and_all_words_have_a_rule() -> None:
    assert set(words()["rules"]) == set(load("rules"))


@pytest.mark.parametrize("part", ["steps", "documents"])
def test_everything_that_a_route_lists_has_words(part: str) -> None:
    assert listed(part) <= set(words()[part])


def test_every_contact_that_is_listed_is_in_the_book_and_none_is_never_given() -> None:
    by_programme = {name for names in load("routes")["programme_contacts"].values() for name in names}
    assert listed("contacts") | by_programme == set(load("contacts"))


def test_every_route_has_a_title_and_a_summary() -> None:
    assert words()["routes"].keys() == routes().keys()
    assert all(said["title"] and said["summary"] for said in words()["routes"].values())


def test_every_fact_has_a_name_people_understand() -> None:
    assert set(words()["facts"]) == set(vocabulary())


def test_every_period_that_starts_a_deadline_has_a_label_for_each_of_its_kinds() -> None:
    kinds = {kind for labels in words()["deadlines"].values() for kind in labels}
    assert kinds == set(Kind.__args__)  # type: ignore[attr-defined]
    assert kinds <= set(words()["kinds"])


@pytest.mark.parametrize("step", words()["steps"])
def test_every_step_can_be_said_with_the_figures_of_the_law_filled_in(step: str) -> None:
    assert "{" not in step_text(step, TODAY)


def test_texts_are_filled_with_the_figures_of_their_day() -> None:
    figures = [law_values(day)["days_medicare_plan_appeal"] for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert figures == ["60", "65"]


def test_a_figure_that_deadlines_are_counted_by_is_not_written_again_in_the_guidance() -> None:
    counted = {
        (one["value"], one["unit"], citation)
        for data in load("periods").values()
        for one in data["values"]
        for citation in one["authority"]
    }
    again = {
        name
        for name, point in load("guidance")["points"].items()
        for citation in point["authority"]
        if (point.get("value"), point.get("unit"), citation) in counted
    }
    assert again == {"tricare_second_review"}, "32 CFR 199.10 holds the first request and the second alike"


def test_a_point_names_a_period_that_there_is() -> None:
    named = {point["period"] for point in load("guidance")["points"].values() if "period" in point}
    assert named <= set(load("periods"))


def test_no_figure_or_phone_number_stands_in_the_words_themselves() -> None:
    said = [text for part in ("steps", "notes", "rules") for text in words()[part].values()]
    figures = set(re.findall(r"\d{2,}", " ".join(said)))
    assert not figures & set(law_values(TODAY).values())


# Code and data name the same things.


def constants(path: Path) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def all_constants() -> set[str]:
    return {text for path in FILES for text in constants(path)}


def test_no_rule_is_dead() -> None:
    assert set(load("rules")) - all_constants() == set()


def test_no_period_is_dead() -> None:
    said = " ".join(words()["steps"].values())
    filled_in = {name for name in load("periods") if f"{{days_{name}}}" in said}
    assert set(load("periods")) - all_constants() - filled_in == set()


@pytest.mark.parametrize("part", ["steps", "documents"])
def test_no_words_are_said_by_nobody(part: str) -> None:
    assert set(words()[part]) - listed(part) - all_constants() == set()


def rule_names(path: Path) -> Iterator[str]:
    """The rule ids that code names: the second word of `outcome`, the first of `for_reason` and of `rule`."""
    place = {"outcome": 1, "for_reason": 0, "rule": 0}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            argument = node.args[place[called]] if called in place and len(node.args) > place[called] else None
            if isinstance(argument, ast.Constant):
                yield argument.value


def test_every_rule_that_code_names_is_written() -> None:
    named = {name for path in FILES for name in rule_names(path)}
    assert len(named) > 20
    assert named <= set(load("rules"))


def facts_named(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
            "get",
            "day",
            "span",
            "volunteered",
        ):
            first = node.args[0] if node.args else None
            if getattr(getattr(node.func, "value", None), "id", "") == "case" and isinstance(first, ast.Constant):
                yield first.value


def test_every_fact_that_the_rules_ask_for_is_of_the_vocabulary() -> None:
    assert {fact for path in FILES for fact in facts_named(path)} <= set(vocabulary())


# No law in code.


def docstrings(tree: ast.Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}


def sayings(path: Path) -> Iterator[str]:
    tree = tree_of(path)
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield re.sub(r"\b\d{4}-\d\d-\d\d\b", "", node.value)


PHONE = re.compile(r"\d{3}[-. )]+\d{4}|\b(911|988)\b")
SECTION = re.compile(r"\b\d{3,6}(\.\d+)+\b|\b\d{4,6}\b")
CITATION = re.compile(r"\b(HSC|CCR|CFR|USC|WIC|CCP|Code|Stat|Cal)\b\.? |§")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", [PHONE, SECTION, CITATION], ids=["phone number", "section", "citation"])
def test_no_law_stands_in_code(path: Path, what: re.Pattern[str]) -> None:
    assert not [text for text in sayings(path) if what.search(text)]


# Purity.


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name their room"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_law_room_imports_only_the_library_and_three_packages(path: Path) -> None:
    assert imported(path) <= ALLOWED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_law_room_has_no_clock_no_chance_and_no_network(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not imported(path) & NOT_PURE
    assert not called & {"today", "now", "utcnow", "getenv"}
