"""`./imr evaluate nlu`: counting right and wrong, told in tables that cannot flatter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli import evaluate
from cli.evaluate import Wanted, latency, messages, stock_rasa, tables
from cli.evaluate.calibration import bins, expected_error, guesses, silence_curve
from cli.evaluate.crossval import training_examples
from cli.evaluate.messages import BadMessage, Case, Outcome
from cli.evaluate.scores import (
    agrees,
    confusions,
    date_score,
    fact_tallies,
    intent_score,
    intent_tallies,
    percentile,
    safety_score,
    score,
)
from cli.evaluate.targets import targets
from cli.stock import project
from tests.nlu import tiny

CASE = Case(
    id="d1",
    style="sms",
    text="they said no",
    today=date(2026, 11, 23),
    intent="report_denial",
    facts={"decision": "denied", "denial_reasons": ["delay", "billing"]},
    dates=(),
    safety=None,
)
RIGHT = Outcome(
    case=CASE,
    intent="report_denial",
    best="report_denial",
    confidence=0.9,
    facts=CASE.facts,
    dates=(),
    safety=None,
    milliseconds=5.0,
)
WRONG = replace(RIGHT, intent="greet", best="greet", facts={"decision": "delayed", "denial_reasons": ["billing"]})
SILENT = replace(RIGHT, intent=None, best="report_denial")


def day(earliest: str | None, latest: str | None = None, fact: str | None = None, **more: Any) -> dict[str, Any]:
    return {"fact": fact, "earliest": earliest, "latest": latest or earliest, "precision": "exact", **more}


def test_a_message_that_was_not_answered_counts_as_unanswered_only() -> None:
    score = intent_score([RIGHT, WRONG, SILENT])
    assert (score.answered_right, score.unanswered, score.guessed_right) == pytest.approx((1 / 2, 1 / 3, 2 / 3))


def test_each_value_of_a_list_counts_by_itself() -> None:
    tally = fact_tallies([WRONG])["denial_reasons"]
    assert (tally.right, tally.wrong, tally.missed) == (1, 0, 1)


def test_a_wrong_value_is_both_a_wrong_find_and_a_miss() -> None:
    tally = fact_tallies([WRONG])["decision"]
    assert (tally.precision, tally.recall, tally.f1) == (0, 0, 0)


def test_the_micro_average_is_over_all_facts_together() -> None:
    tally = fact_tallies([RIGHT, WRONG])["all"]
    assert (tally.right, tally.wrong, tally.missed) == (4, 1, 2)


def test_confusions_leave_out_what_was_not_answered() -> None:
    assert dict(confusions([RIGHT, WRONG, WRONG, SILENT])) == {("report_denial", "greet"): 2}


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (day("2026-10-05"), day("2026-10-05"), True),
        (day("2026-10-05"), day("2026-10-04", "2026-10-06"), False),
        (day("2026-10-05"), day(None), False),
        (day("2026-10-01", "2026-10-31", precision="approximate"), day("2026-10-31"), True),
        (day("2026-10-01", "2026-10-31", precision="approximate"), day("2026-11-01"), False),
    ],
)
def test_exact_days_must_be_equal_and_others_overlap(
    expected: dict[str, Any], found: dict[str, Any], same: bool
) -> None:
    assert agrees(expected, found) is same


def test_a_role_is_only_judged_where_the_day_was_found() -> None:
    case = replace(CASE, dates=(day("2026-10-05", fact="denial_letter_date"), day("2026-11-02", fact="request_date")))
    score = date_score([replace(RIGHT, case=case, dates=(day("2026-10-05", fact="request_date"),))])
    assert (score.exact, score.exact_count, score.role, score.role_count) == (0.5, 2, 0.0, 1)


def test_alarms_are_judged_on_dangers_and_on_the_rest_apart() -> None:
    danger = replace(RIGHT, case=replace(CASE, safety="self_harm"))
    score = safety_score([danger, replace(danger, safety="self_harm"), RIGHT, replace(RIGHT, safety="self_harm")])
    assert (score.recall, score.dangers, score.false_fires, score.others) == (0.5, 2, 0.5, 2)


@pytest.mark.parametrize(("percent", "value"), [(50, 3), (95, 5), (100, 5), (1, 1)])
def test_percentiles_take_the_nearest_rank(percent: int, value: float) -> None:
    assert percentile([5, 1, 4, 2, 3], percent) == value


@pytest.mark.parametrize(("bar", "code"), [(None, 0), (0.5, 0), (1.0, 0), (1.01, 1)])
def test_the_bar_decides_the_exit_code(bar: float | None, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.verdict(targets(score([RIGHT])), bar) == code
    assert ("UNDER" in capsys.readouterr().out) == bool(code)


def test_every_difference_of_a_wrong_message_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    tables.report_errors([RIGHT, replace(WRONG, safety="self_harm")])
    shown = capsys.readouterr().out
    assert shown.count("d1 (sms)") == 1
    for part in ("greet (0.90), meant report_denial", "decision: delayed, meant denied", "self_harm, meant None"):
        assert part in shown


@pytest.mark.parametrize("line", ["{", "{}", '{"id": 1}', "[]"])
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "dev.jsonl").write_text("\n" + line)
    with pytest.raises(BadMessage, match=r"dev.jsonl, line 2"):
        messages.load(tmp_path / "dev.jsonl")


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("\n", "no message in it")])
def test_a_set_without_messages_is_named(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "dev.jsonl").write_text(content)
    with pytest.raises(BadMessage, match=said):
        messages.load(tmp_path / "dev.jsonl")


# ---- as sure as right


SURE_AND_RIGHT, SURE_AND_WRONG = (0.95, True), (0.95, False)


def test_a_tenth_tells_how_sure_and_how_right() -> None:
    (found,) = bins([SURE_AND_RIGHT, SURE_AND_WRONG])
    assert (found.count, found.confidence, found.right) == (2, pytest.approx(0.95), 0.5)


def test_full_confidence_falls_into_the_last_tenth() -> None:
    assert [one.count for one in bins([(1.0, True), (0.91, True), (0.0, False)])] == [1, 2]


def test_the_error_is_the_distance_between_sure_and_right() -> None:
    assert expected_error(bins([SURE_AND_RIGHT, SURE_AND_WRONG])) == pytest.approx(0.45)
    assert expected_error([]) == 0


def test_silence_begins_with_answering_everything() -> None:
    points = silence_curve([(0.2, False), (0.6, True), (0.9, True)])
    assert (points[0].unanswered, points[0].right) == (0, pytest.approx(2 / 3))
    assert (points[1].unanswered, points[1].right) == (pytest.approx(1 / 3), 1.0)


def test_what_the_safety_screen_decided_tells_nothing_of_the_model() -> None:
    assert guesses([replace(RIGHT, safety="self_harm"), RIGHT]) == [(0.9, True)]


def test_an_intent_is_missed_by_silence_and_by_another_name() -> None:
    tallies = intent_tallies([RIGHT, WRONG, SILENT])
    assert (tallies["report_denial"].right, tallies["report_denial"].missed) == (1, 2)
    assert (tallies["greet"].right, tallies["greet"].wrong) == (0, 1)


# ---- time


def test_only_messages_of_up_to_60_words_count_as_short() -> None:
    long = replace(CASE, text="word " * 61)
    read: list[str] = []
    found = latency.measure(lambda text, _: read.append(text), [CASE, long])
    assert len(found.times) == latency.ROUNDS
    assert {len(text) for text in read if text not in (CASE.text,)} == {latency.LETTER_CHARACTERS}


# ---- targets


def test_a_figure_is_met_as_it_is_shown() -> None:
    reached = {one.name: one for one in targets(score([RIGHT, WRONG, SILENT]))}
    assert not reached["intent, right when answered"].met
    assert not reached["intent, not answered"].met
    assert reached["danger, wrongly fired (of 3)"].met


# ---- the whole run


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two evaluation sets of one message each, and a model that gets everything right."""
    for name in ("DEV", "KEPT_BACK"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps({**vars(CASE), "id": name, "today": "2026-11-23"}))
        monkeypatch.setattr(evaluate, name, path)
    monkeypatch.setattr(messages, "open_understander", AllRight)
    monkeypatch.setattr(messages, "run", lambda _, cases: [replace(RIGHT, case=case) for case in cases])
    return tmp_path


class AllRight:
    """Understands nothing, in no time: what it would say is told by the test."""

    def understand(self, text: str, today: date) -> None:
        """Nothing to say."""


def run(folder: Path, **wanted: Any) -> int:
    """One run without cross-validation, its page in the folder."""
    return evaluate.nlu(Wanted(folds=False, report=folder / "page.html", **wanted), date(2026, 11, 23))


def test_the_kept_back_set_is_used_only_when_asked_for(sets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sets) == 0
    assert "KEPT_BACK" not in capsys.readouterr().out
    assert run(sets, kept_back=True) == 0
    assert "KEPT_BACK.jsonl: 1 messages" in capsys.readouterr().out


def test_a_file_of_ones_own_is_used_instead(sets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sets, file=sets / "KEPT_BACK.jsonl") == 0
    assert "KEPT_BACK.jsonl: 1 messages" in capsys.readouterr().out


def test_without_a_set_the_command_ends_with_two(sets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sets / "DEV.jsonl").unlink()
    assert run(sets) == 2
    assert "DEV.jsonl: No such file" in capsys.readouterr().err


def test_the_page_needs_nothing_from_outside_and_shows_what_went_wrong(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "they <b>denied</b> it"
    monkeypatch.setattr(messages, "run", lambda _, cases: [replace(WRONG, case=replace(CASE, text=text))])
    run(sets)
    shown = (sets / "page.html").read_text()
    assert "they &lt;b&gt;denied&lt;/b&gt; it" in shown
    assert shown.count("<svg") == 6
    assert "<script" not in shown
    assert 'src="' not in shown


def test_the_other_pipeline_stands_beside_ours() -> None:
    theirs = [stock_rasa.as_outcome(CASE, stock_rasa.Answered("greet", "greet", 20.0))]
    rows = {name: (ours, other) for name, ours, other in stock_rasa.rows([RIGHT], theirs)}
    assert rows["right when answered"] == ("100.0%", "0.0%")
    assert rows["reading, p50"] == ("5.0 ms", "20.0 ms")


def test_the_other_pipeline_is_what_rasa_writes_but_for_its_epochs() -> None:
    shorter = stock_rasa.config(7)
    assert shorter.count("epochs: 7") == 4
    assert shorter.replace("epochs: 7", "epochs: 100") == project.CONFIG.read_text()


def test_training_examples_are_read_as_rasa_reads_them(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(tiny.training_file())
    assert list(training_examples(tmp_path)) == list(zip(tiny.TEXTS, tiny.INTENTS, strict=True))


def test_cross_validation_prints_candidates_and_intents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "nlu.yml").write_text(tiny.training_file())
    tiny.danger_files(tmp_path / "danger")
    monkeypatch.setattr("nlu.encoder.open_encoder", lambda threads: tiny.encoder())
    evaluate.crossval.report(tmp_path, compare=True)
    shown = capsys.readouterr().out
    assert shown.count("%") >= 3 * (6 + len(tiny.MESSAGES))
    assert "written for the ear: self-harm" in shown
    assert "ordinary talk, fired" in shown
    assert "layers_words_logistic (used)" in shown
