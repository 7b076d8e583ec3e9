"""How a talk is judged: against answers written by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.evaluate.conversation import Wanted, conversation
from cli.simulated import BadScenario, Judged, Scenario, Talk, Turn, judge, load
from cli.simulated.driver import is_true
from cli.simulated.figures import targets
from cli.simulated.readability import grade, prose

FIRST = "First: File a grievance with your plan. Law: HSC 1368."
LETTER = ("plan_grievance", "file_by", "2027-04-02")
CASE = Scenario("X", "a case", date(2026, 11, 23), {}, "plan_grievance", frozenset([LETTER]), frozenset())


def message(text: str, asks: str | None = None, assessment: dict[str, Any] | None = None) -> dict[str, Any]:
    """A message as the channel gives it."""
    return {"text": text, "buttons": [], "asks": asks, "input": "text", "assessment": assessment}


def assessment(**changed: Any) -> dict[str, Any]:
    """An assessment that is right for CASE, or not."""
    code, kind, day = LETTER
    due = {"code": code, "kind": kind, "date": day, "citations": ["HSC 1368"]}
    step = {"id": "file_grievance", "text": "File a grievance with your plan."}
    right = {"route": CASE.route, "deadlines": [due], "authority": ["HSC 1368"], "steps": [step], "contacts": []}
    return right | changed


def answered(found: dict[str, Any], text: str = FIRST) -> Judged:
    """A talk of one turn that ends in an answer."""
    return judge(Talk(CASE, (), [turn(message(text, assessment=found))], ended=True))


def turn(*messages: dict[str, Any], again: bool = False) -> Turn:
    return Turn(None, "hello", frozenset(), None, messages, again)


def test_a_right_answer_passes() -> None:
    had = answered(assessment())
    assert (had.route_right, had.missing, had.unsupported, had.failed) == (True, (), (), False)


def test_another_route_fails() -> None:
    assert not answered(assessment(route="cdi_imr")).route_right


def test_a_date_one_day_off_is_missing() -> None:
    due = {"code": "plan_grievance", "kind": "file_by", "date": "2027-04-03", "citations": []}
    assert answered(assessment(deadlines=[due])).missing == (LETTER,)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (assessment(), "Your dates are below. HSC 1368."),
        (assessment(), "First: File a grievance with your plan."),
        (assessment(steps=[]), FIRST),
        (assessment(authority=[], deadlines=[]), FIRST),
    ],
)
def test_an_answer_without_law_or_its_first_step_is_noticed(found: dict[str, Any], text: str) -> None:
    assert len(answered(found, text).unsupported) == 1


def test_in_an_emergency_the_first_step_is_whom_to_call() -> None:
    found = assessment(route="emergency", contacts=[{"name": "", "phone": "911"}])
    assert not answered(found, "Call 911 now.").unsupported
    assert answered(found, "Take care.").unsupported


def test_the_same_answer_once_more_is_no_new_answer_but_another_date_is() -> None:
    other = assessment(deadlines=[])
    texts = [message(FIRST, assessment=assessment()), message("That changes nothing.", assessment=assessment())]
    had = judge(Talk(CASE, (), [turn(texts[0]), turn(texts[1]), turn(message("So.", assessment=other))]))
    assert (had.answers, had.unsupported) == (2, ("So.",))


def test_questions_and_those_asked_again_are_counted() -> None:
    had = judge(Talk(CASE, (), [turn(message("?", "urgent")), turn(message("?", "urgent"), again=True)]))
    assert (had.asked, had.again, had.failed) == (("urgent", "urgent"), ("urgent",), True)


def test_a_sentence_said_in_two_turns_in_a_row_is_noticed() -> None:
    same = "What date is on the denial letter?"
    had = judge(Talk(CASE, (), [turn(message(f"So far: HMO. {same}")), turn(message(same)), turn(message("Bye."))]))
    assert had.repeated == (same,)


def test_the_targets_of_one_perfect_talk_are_all_met() -> None:
    assert not [one.name for one in targets([answered(assessment())]) if not one.met]


def test_a_talk_that_asks_again_misses_its_target() -> None:
    had = judge(Talk(CASE, (), [turn(message("?", "urgent"), again=True)]))
    assert "asked something already told" in [one.name for one in targets([had]) if not one.met]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("File by April 2. HSC 1374.30(k), 28 CCR 1300.74.30.", "File by April 2."),
        ("Law: HSC 1368, Ins. Code 10169(d)(1), 42 USC 1395w-22(g).", ""),
        ("• Call 1-888-466-2219 today\n• Or write", "Call today.\nOr write."),
        ("Go to www.HealthHelp.ca.gov. It is free.", "Go to. It is free."),
        ('They said "not medically necessary".', "They said this."),
    ],
)
def test_what_is_left_to_read(text: str, left: str) -> None:
    assert prose(text) == left


def test_hard_words_have_a_higher_grade_than_plain_ones() -> None:
    plain, hard = (
        grade("You can ask for a new look at the case."),
        grade("Reconsideration necessitates documentation."),
    )
    assert plain is not None
    assert hard is not None
    assert plain < 8.9 < hard


def test_a_message_without_prose_has_no_grade() -> None:
    assert grade("Law: HSC 1368.") is None


@pytest.mark.parametrize(
    ("payload", "true"),
    [
        ("immediate_danger=false&urgent=true", True),
        ("immediate_danger=false&urgent=false", False),
        ("immediate_danger=true", False),
        ("urgent=true", False),
    ],
)
def test_a_button_is_pressed_only_when_all_of_it_is_true(payload: str, true: bool) -> None:
    assert is_true(payload, "immediate_danger", {"immediate_danger": False, "urgent": True}) is true


def test_a_list_on_a_button_is_compared_whole() -> None:
    facts = {"denial_reasons": ["experimental"]}
    assert is_true('denial_reasons=["experimental"]', "denial_reasons", facts)
    assert not is_true('denial_reasons=["experimental"]', "denial_reasons", {"denial_reasons": ["delay"]})


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("cases.jsonl", "not json", "line 1: not JSON"),
        ("cases.jsonl", '{"id": "A"}', "line 1: something is missing"),
        ("cases.jsonl", "", "no scenario in it"),
        ("cases.yml", "a: b", "holds no list"),
        ("cases.yml", "[", "not YAML"),
        ("cases.yml", "[{id: A, facts: {today: 2026-11-23, plan_type: moon}, route: x, deadlines: []}]", "plan_type"),
        ("cases.yml", "[{id: A, facts: {today: 2026-11-23}, route: x, deadlines: [{code: a}]}]", "each deadline"),
    ],
)
def test_a_bad_file_is_named_in_one_line(tmp_path: Path, name: str, text: str, problem: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadScenario, match=problem) as raised:
        load(path)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match=r"nowhere\.jsonl: No such file"):
        load(tmp_path / "nowhere.jsonl")


def test_the_command_ends_with_two_and_one_line_when_the_cases_are_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert conversation(Wanted(tmp_path / "nowhere.jsonl")) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_case_that_is_not_among_them_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert conversation(Wanted(Path(__file__).parent / "people.yml", only="P99")) == 2
    assert "P99: no such scenario; allowed: one of the 13 ids of the file, such as P01" in capsys.readouterr().err
