"""The figures of a benchmark: ratios, targets, a table and a file; and the project that stands for stock Rasa."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from cli.bench.speed import growth, plots, rows
from cli.bench.speed.load import Told
from cli.bench.speed.rows import Row, percentile
from cli.bench.speed.sides import OURS, STOCK
from cli.bench.speed.turn import _rows
from cli.stock import project

MET = Row("fast", "ms", 20, 100, at_most=0.4)
MISSED = Row("slow", "ms", 50, 100, at_most=0.4)
ENOUGH = Row("many", "", 300, 100, at_least=2.5)
ALONE = Row("alone", "MB", 300, at_most=0.7)


@pytest.mark.parametrize(
    ("row", "ratio", "is_met"),
    [
        (MET, 0.2, True),
        (MISSED, 0.5, False),
        (ENOUGH, 3.0, True),
        (ALONE, None, None),
        (Row("x", "", 1, 2), 0.5, None),
    ],
)
def test_a_target_is_met_or_missed_by_the_ratio(row: Row, ratio: float | None, is_met: bool | None) -> None:
    assert (row.ratio, row.is_met) == (ratio, is_met)


def test_a_missed_target_looks_missed(capsys: pytest.CaptureFixture[str]) -> None:
    rows.show([MET, MISSED, ENOUGH, ALONE])
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert shown["slow"].endswith("0.50  at most 0.4: MISSED")
    assert shown["fast"].endswith("0.20  at most 0.4: met")
    assert shown["many"].endswith("3.00  at least 2.5: met")
    assert "met" not in shown["alone"]


def test_what_was_measured_is_kept_with_machine_and_moment(tmp_path: Path) -> None:
    rows.keep("turn", [MET, ALONE], tmp_path / "new" / "turn.json")
    kept = json.loads((tmp_path / "new" / "turn.json").read_text())
    assert kept["bench"] == "turn"
    assert {"at", "cores", "machine", "python"} <= set(kept)
    assert [one["ratio"] for one in kept["rows"]] == [0.2, None]


def test_percentiles_are_those_of_the_values() -> None:
    assert percentile(range(1, 102), 95) == 96  # type: ignore[arg-type]
    assert percentile([7.0], 95) == 7.0


def test_a_crowd_has_its_halves_its_slow_ones_and_its_turns_a_second() -> None:
    told = {OURS: Told([0.01] * 99 + [0.5], 0, 10.0), STOCK: Told([0.1] * 50, 2, 10.0)}
    found = {row.name: row for row in _rows("8 at once", told, is_watched=True)}
    assert found["8 at once: turn p50"].ratio == pytest.approx(0.1)
    assert found["8 at once: turns a second"].ratio == pytest.approx(2)
    assert (found["8 at once: not answered"].ours, found["8 at once: not answered"].stock) == (0, 2)


def test_growth_is_the_median_around_a_turn() -> None:
    taken = [0.01] * 30 + [9.0] + [0.02] * 30
    assert growth.around(taken, 10) == pytest.approx(10)
    assert growth.around(taken, 50) == pytest.approx(20)
    assert growth._growth(OURS, taken, 50).ratio == pytest.approx(2)


def test_the_pictures_are_drawn(tmp_path: Path) -> None:
    plots.ratios([MET, MISSED, ENOUGH, ALONE], tmp_path / "ratios.png")
    plots.growing({OURS: [0.01] * 30, STOCK: [0.02] * 20}, tmp_path / "growth.png")
    assert all((tmp_path / name).stat().st_size > 5000 for name in ("ratios.png", "growth.png"))


def test_stock_rasa_has_its_default_policies_and_our_data() -> None:
    made = yaml.safe_load(project.config(7))
    assert [one["name"] for one in made["policies"]] == [
        "MemoizationPolicy", "RulePolicy", "UnexpecTEDIntentPolicy", "TEDPolicy",
    ]  # fmt: skip
    assert {one["epochs"] for part in ("pipeline", "policies") for one in made[part] if "epochs" in one} == {7}


def test_another_configuration_is_another_project() -> None:
    assert project._mark(5) != project._mark(6)
    assert project._mark(5) == project._mark(5)
