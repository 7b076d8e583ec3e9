"""Counts as data: the shipped ones are the published ones, bad tables are refused, newer ones are taken."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from imr_logic import outcomes, vocabulary
from imr_logic.language import words
from imr_logic.law import load
from imr_logic.outcomes import BadTable
from imr_logic.outcomes.table import SHIPPED
from tests.imr_logic.counts import HEAD, table

ORIGINAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "imr_outcomes.csv"


def test_the_shipped_counts_are_the_published_ones() -> None:
    if not ORIGINAL.exists():
        pytest.skip(f"no {ORIGINAL.name} to compare with")
    with SHIPPED.open(encoding="utf-8") as ours, ORIGINAL.open(encoding="utf-8") as theirs:
        kept = [row for row in csv.reader(ours) if row[0] not in ("as_of", "part_year")]
        assert kept == list(csv.reader(theirs))


def test_the_shipped_counts_add_up() -> None:
    shipped = outcomes.load_table()
    by_type = [count for key, count in shipped.counts.items() if key[0] == "year_x_type"]
    assert shipped.reviews == sum(count.decided for count in by_type) == shipped.counts["total",].decided
    assert sum(count.overturned for count in by_type) == shipped.counts["total",].overturned


def test_the_latest_full_year_is_never_a_part_year() -> None:
    shipped = outcomes.load_table()
    assert max(shipped.years) in shipped.part_years
    assert shipped.latest_full_year == 2025


def test_the_source_says_whose_the_counts_are_and_under_which_licence() -> None:
    source = outcomes.about()["source"]
    assert all(source[part] for part in ("title", "publisher", "licence", "resource", "verified", "shipped"))
    assert source["resource"] in source["catalogue"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column dimension"),
        ("dimension,n\n", "no column level1"),
        (f"{HEAD}\n", "no row counts a year"),
        (f"{HEAD}\nyear,2025,,,9,5,5,,exact\n", "line 2: 5 overturned and 5 upheld are not 9 reviews"),
        (f"{HEAD}\nyear,2025,,,0,0,0,,exact\n", "are not 0 reviews"),
        (f"{HEAD}\nyear,soon,,,9,5,4,,exact\n", "line 2: 'soon' is not a whole number"),
        (f"{HEAD}\nyear,2025,,,-1,5,4,,exact\n", "'-1' is not a whole number"),
        (f"{HEAD}\nyear,2025,,,9\n", "line 2: None is not a whole number"),
        (f"{HEAD}\nyear,2025,,,9,5,4,,exact\nyear,2025,,,9,5,4,,exact\n", "line 3: year / 2025 is there twice"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadTable, match=re.escape(problem)):
        outcomes.load_table(path)
    assert outcomes.current_table(path) is outcomes.load_table()


def test_without_a_table_of_the_operator_the_shipped_one_is_used(tmp_path: Path) -> None:
    assert outcomes.current_table(tmp_path / "none.csv") is outcomes.load_table()
    assert outcomes.current_table(tmp_path) is outcomes.load_table()
    assert outcomes.current_table(None) is outcomes.load_table()


def test_a_table_that_is_not_text_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert not outcomes.current_table(path).updated


def test_a_replaced_table_is_read_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(outcomes.table_text(table("year 2025 100 60")), encoding="utf-8")
    first = outcomes.current_table(path)
    assert outcomes.current_table(path) is first
    draft = tmp_path / "draft"
    draft.write_text(outcomes.table_text(table("year 2025 100 61")), encoding="utf-8")
    os.replace(draft, path)
    assert outcomes.current_table(path).counts["year", "2025"].overturned == 61


def test_a_written_table_reads_as_it_was() -> None:
    written = table("year 2025 100 60", 'year_x_treatment_category 2025 "Cancer, Care" 40 20', part=[2026])
    assert outcomes.read_table(outcomes.table_text(written).splitlines(keepends=True), updated=True) == written


@pytest.mark.parametrize("part", ["treatments", "diagnoses"])
def test_every_kind_of_care_is_of_the_vocabulary_and_in_one_group(part: str) -> None:
    services = [one for group in outcomes.about()[part].values() for one in group["services"]]
    assert set(services) <= set(vocabulary()["service_category"].values)
    assert len(services) == len(set(services))


def test_every_reason_is_of_the_vocabulary_and_leads_to_a_review() -> None:
    reasons = [one for ours in outcomes.about()["types"].values() for one in ours]
    assert len(reasons) == len(set(reasons))
    assert {load("reasons")[reason]["track"] for reason in reasons} == {"imr"}


def test_every_type_and_group_has_words_and_no_words_are_for_nothing() -> None:
    said, about = words()["outcomes"], outcomes.about()
    assert set(said["types"]) == set(about["types"])
    assert set(said["categories"]) == {*about["treatments"], *about["diagnoses"]}


def test_the_shipped_types_and_categories_that_we_name_are_there() -> None:
    shipped = outcomes.load_table()
    assert set(shipped.levels("year_x_type", 2)) == set(outcomes.about()["types"])
    named = [rate for rate in outcomes.overview(shipped) if rate.category in words()["outcomes"]["categories"]]
    assert len(named) > 10


def test_every_route_that_coverage_names_exists() -> None:
    named = {route for routes in outcomes.about()["coverage"].values() for route in routes}
    assert named <= set(words()["routes"])
