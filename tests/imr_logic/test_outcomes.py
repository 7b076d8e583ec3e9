"""Outcomes: counts as data, rates with their number, years and interval, and the words they are said in."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import textstat
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from imr_logic import CaseFacts, assess, outcomes, vocabulary
from imr_logic.language import words
from imr_logic.law import load
from imr_logic.outcomes import BadTable, Rate, Table
from imr_logic.outcomes.table import SHIPPED

ORIGINAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "imr_outcomes.csv"
TODAY = "2026-11-23"
HEAD = "dimension,level1,level2,level3,n,overturned,upheld,overturn_rate,precision"


def case(**facts: Any) -> CaseFacts:
    return CaseFacts.model_validate({"today": TODAY, **facts})


def table(*rows: str, part: Iterable[int] = ()) -> Table:
    """A table of some rows such as "year 2025 100 60": dimension, levels, decided, overturned."""
    lines = [HEAD, "as_of,2026-11-20,,,,,,,", *(f"part_year,{year},,,,,,," for year in part)]
    for row in rows:
        *levels, decided, won = re.findall(r'"[^"]*"|\S+', row)
        padded = [*levels, *[""] * (4 - len(levels))]
        lines.append(",".join([*padded, decided, won, str(int(decided) - int(won)), "", "exact"]))
    return outcomes.read_table(lines, updated=True)


def spoken(facts: CaseFacts, chosen: Table | None = None) -> list[str]:
    found = outcomes.rates_for(facts, chosen or outcomes.current_table())
    return [outcomes.say_rate(rate) for rate in found]


def grade(text: str) -> float:
    """The school grade of a text; figures and an agency's letters, which are in no dictionary, as short words."""
    return float(textstat.flesch_kincaid_grade(re.sub(r"\d[\d,]*", "ten", text.replace("DMHC", "state"))))


# The counts.


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


# The interval.

NUMBERS = st.integers(1, 50_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(NUMBERS)
def test_the_interval_holds_the_share_and_stays_within_nothing_and_all(numbers: tuple[int, int]) -> None:
    overturned, decided = numbers
    low, high = outcomes.wilson(overturned, decided)
    assert 0 <= low <= overturned / decided <= high <= 1
    assert low < high


@given(NUMBERS, st.integers(2, 20))
def test_the_interval_narrows_with_more_reviews_of_the_same_share(numbers: tuple[int, int], times: int) -> None:
    overturned, decided = numbers
    few = outcomes.wilson(overturned, decided)
    many = outcomes.wilson(times * overturned, times * decided)
    assert many.high - many.low < few.high - few.low


@given(NUMBERS)
def test_the_interval_of_the_plans_share_is_the_mirror_of_the_patients(numbers: tuple[int, int]) -> None:
    overturned, decided = numbers
    low, high = outcomes.wilson(overturned, decided)
    assert outcomes.wilson(decided - overturned, decided) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("overturned", "decided", "low", "high"),
    [(1975, 2730, 0.7064, 0.7399), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_the_one_of_the_books(overturned: int, decided: int, low: float, high: float) -> None:
    assert outcomes.wilson(overturned, decided) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(("overturned", "decided"), [(0, 0), (2, 1), (-1, 5)])
def test_what_is_no_share_has_no_interval_and_makes_no_rate(overturned: int, decided: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        outcomes.wilson(overturned, decided)
    with pytest.raises(ValidationError):
        Rate(dimension="year", decided=decided, overturned=overturned, first_year=2025, last_year=2025)


# Rates for a case.


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient."]),
        ({"urgent": True}, ["Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient."]),
        (
            {"denial_reasons": ["experimental"]},
            [
                "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient.",
                "Of 365 reviews decided in 2025 where the plan called the care experimental, 54 % (49 to 59 %) "
                "went to the patient.",
            ],
        ),
        (
            {"denial_reasons": ["not_emergency"]},
            [
                "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient.",
                "Of 39 reviews decided from 2021 to 2025 about whether care was an emergency or urgent, 72 % "
                "(56 to 83 %) went to the patient.",
            ],
        ),
        (
            {"service_category": "cancer"},
            [
                "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %) went to the patient.",
                "Of 1,625 reviews decided from 2001 to the first part of 2026 on cancer care, all years together, "
                "about 44 % (41 to 46 %) went to the patient. In newer years the share of all reviews was higher.",
            ],
        ),
    ],
)
def test_a_case_gets_the_rates_that_fit_it(facts: dict[str, Any], expected: list[str]) -> None:
    assert spoken(case(**facts)) == expected


@pytest.mark.parametrize("reasons", [[], ["unknown"], ["billing"], ["benefit_exclusion"], None])
def test_a_reason_that_is_of_no_official_type_adds_no_rate(reasons: list[str] | None) -> None:
    assert len(outcomes.rates_for(case(denial_reasons=reasons), outcomes.load_table())) == 1


def test_two_reasons_of_one_type_give_it_once_and_two_types_give_both() -> None:
    one = outcomes.rates_for(case(denial_reasons=["medical_necessity", "step_therapy"]), outcomes.load_table())
    two = outcomes.rates_for(case(denial_reasons=["experimental", "medical_necessity"]), outcomes.load_table())
    assert [rate.type for rate in one] == ["", "Medical Necessity"]
    assert [rate.type for rate in two] == ["", "Medical Necessity", "Experimental/Investigational"]


def test_the_surgeries_that_our_word_holds_together_get_no_figure_of_one_of_them() -> None:
    assert len(outcomes.rates_for(case(service_category="surgery"), outcomes.load_table())) == 1


EXACT_ROWS = (
    "year 2024 200 120",
    "year 2025 100 60",
    "year 2026 90 10",
    'year_x_type 2025 "Medical Necessity" 80 50',
    'year_x_treatment_category 2025 "Cancer Care" 50 30',
)


def test_exact_tables_give_the_kind_of_care_for_recent_years() -> None:
    said = spoken(case(service_category="cancer"), table(*EXACT_ROWS, part=[2026]))
    assert said[-1] == "Of 50 reviews decided in 2025 on cancer care, 60 % (46 to 72 %) went to the patient."


def test_exact_tables_cross_the_kind_of_care_with_the_type_when_there_are_enough() -> None:
    crossed = 'year_x_type_x_treatment_category 2025 "Medical Necessity" "Cancer Care" 30 21'
    facts = case(service_category="cancer", denial_reasons=["medical_necessity"])
    found = outcomes.rates_for(facts, table(*EXACT_ROWS, crossed, part=[2026]))
    assert (found[-1].type, found[-1].category, found[-1].decided) == ("Medical Necessity", "cancer_care", 30)
    fewer = outcomes.rates_for(facts, table(*EXACT_ROWS, crossed.replace("30 21", "29 21"), part=[2026]))
    assert (fewer[-1].type, fewer[-1].category, fewer[-1].decided) == ("", "cancer_care", 50)


def test_the_names_that_the_state_has_used_for_one_kind_of_care_are_counted_together() -> None:
    chosen = table(
        *EXACT_ROWS,
        "year_x_treatment_category 2025 DME 20 10",
        'year_x_treatment_category 2025 "durable  MED equip." 15 8',
    )
    assert outcomes.rates_for(case(service_category="equipment"), chosen)[-1].decided == 35


def test_the_diagnosis_stands_in_where_no_treatment_has_enough() -> None:
    chosen = table("year 2025 100 60", 'year_x_diagnosis_category 2025 "Neoplasms (Tumor)" 40 20')
    assert outcomes.rates_for(case(service_category="cancer"), chosen)[-1].category == "cancer"


@pytest.mark.parametrize(("decided", "shown"), [(29, 0), (30, 1)])
def test_nothing_under_thirty_reviews_is_shown(decided: int, shown: int) -> None:
    chosen = table(f"year 2025 {decided} 20")
    assert len(outcomes.rates_for(case(), chosen)) == len(outcomes.overview(chosen)) == shown


def test_too_few_reviews_in_the_newest_year_are_joined_by_the_years_before_it() -> None:
    chosen = table(
        "year 2022 500 1", "year 2023 25 10", "year 2024 4 1", "year 2025 3 2", "year 2026 99 99", part=[2026]
    )
    (rate,) = outcomes.rates_for(case(), chosen)
    assert (rate.first_year, rate.last_year, rate.decided) == (2023, 2025, 32)


def test_a_rate_never_reaches_back_further_than_recent_years() -> None:
    assert not outcomes.rates_for(case(), table("year 2020 500 1", "year 2025 3 2"))


def test_a_year_without_such_reviews_is_not_named_in_the_span() -> None:
    chosen = table("year 2024 100 50", "year 2025 100 60", "year_x_treatment_category 2024 Pharmacy 60 30")
    assert spoken(case(service_category="medication"), chosen)[-1].startswith("Of 60 reviews decided in 2024 on")


def test_a_part_year_alone_gives_no_rate_for_a_case() -> None:
    assert not outcomes.rates_for(case(), table("year 2026 900 600", part=[2026]))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200)), min_size=1, max_size=12), st.booleans())
def test_no_table_gives_a_rate_without_enough_reviews_or_from_a_part_year(
    years: list[tuple[int, int]], part: bool
) -> None:
    assume(all(won <= decided for decided, won in years))
    rows = [f"year {2026 - back} {decided} {won}" for back, (decided, won) in enumerate(years)]
    for rate in outcomes.rates_for(case(), table(*rows, part=[2026] if part else [])):
        assert rate.decided >= 30
        assert not rate.part_year
        assert 2026 - 6 < rate.first_year <= rate.last_year <= 2026 - part


# Words.


@pytest.mark.parametrize(
    "rate", outcomes.overview(outcomes.load_table()), ids=lambda rate: rate.category or rate.type
)
def test_every_rate_is_said_with_its_number_its_years_and_its_interval(rate: Rate) -> None:
    said = outcomes.say_rate(rate)
    assert f"{rate.decided:,} reviews" in said
    assert str(rate.first_year) in said
    assert str(rate.last_year) in said
    assert f"{100 * rate.share:.0f} % ({100 * rate.low:.0f} to {100 * rate.high:.0f} %)" in said
    assert ("about" in said.split(",")[-1] and "all years together" in said) == (rate.precision == "rounded")
    assert "{" not in said


def test_a_part_year_is_called_one() -> None:
    rate = Rate(dimension="year", decided=546, overturned=380, first_year=2026, last_year=2026, part_year=True)
    assert "decided in the first part of 2026" in outcomes.say_rate(rate)


def test_a_category_that_we_have_no_words_for_is_named_as_the_state_does() -> None:
    rate = Rate(
        dimension="year_x_treatment_category",
        category="MLTSS",
        decided=40,
        overturned=20,
        first_year=2025,
        last_year=2025,
    )
    assert 'that the state lists as "MLTSS"' in outcomes.say_rate(rate)


@pytest.mark.parametrize("unsettled", [True, False])
def test_what_is_shown_says_whose_counts_they_are_and_ends_with_not_a_prediction(unsettled: bool) -> None:
    shown = outcomes.say_rates(outcomes.rates_for(case(), outcomes.load_table()), unsettled=unsettled)
    assert shown.startswith("These are the state's own counts of reviews by the DMHC.")
    assert shown.endswith("This is not a prediction of your case.")
    assert ("only if your path leads to" in shown) == unsettled


def test_without_a_rate_no_figure_is_said() -> None:
    assert not re.search(r"\d", outcomes.say_rates(()))


def test_newer_years_did_have_a_higher_share_as_the_words_say() -> None:
    shipped = outcomes.load_table()
    latest, total = shipped.counts["year", str(shipped.latest_full_year)], shipped.counts["total",]
    assert latest.overturned / latest.decided > total.overturned / total.decided


@pytest.mark.parametrize("service", [None, *vocabulary()["service_category"].values])
@pytest.mark.parametrize("reason", ["medical_necessity", "experimental", "not_emergency"])
def test_every_answer_is_plain_and_fits_a_message(service: str | None, reason: str) -> None:
    facts = case(service_category=service, denial_reasons=[reason])
    shown = outcomes.say_outcomes(facts, "more_information", (), outcomes.load_table())
    assert len(shown) <= 900
    assert grade(shown) <= 8.9


@pytest.mark.parametrize("route", words()["routes"])
def test_what_is_said_of_a_path_without_figures_is_plain_and_has_none(route: str) -> None:
    shown = outcomes.say_not_covered(route)
    assert not re.search(r"\d", shown)
    assert grade(shown.replace(words()["routes"][route]["title"], "it")) <= 8.9


# Which paths.


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "open"),
        ({"urgent": True}, "yes"),
        ({"plan_type": "medicare_advantage"}, "no"),
        ({"plan_type": "original_medicare"}, "no"),
        ({"plan_type": "self_funded_employer"}, "no"),
        ({"plan_type": "federal_employee"}, "no"),
        ({"plan_type": "tricare"}, "no"),
        ({"plan_type": "workers_compensation"}, "no"),
        ({"plan_type": "medi_cal_rx"}, "no"),
        ({"plan_type": "out_of_state"}, "no"),
        ({"plan_type": "self_funded_government"}, "no"),
        ({"plan_type": "calpers_ppo"}, "no"),
        ({"plan_type": "medicare_medi_cal_dual"}, "open"),
        ({"plan_type": "medicare_advantage", "immediate_danger": True}, "no"),
        ({"plan_type": "medicare_advantage", "denial_letter_date": "2030-01-01"}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi"}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi", "immediate_danger": True}, "no"),
        ({"plan_type": "commercial", "immediate_danger": True}, "open"),
        ({"plan_type": "medi_cal_cohs", "carrier": "san_mateo"}, "yes"),
        ({"plan_type": "medi_cal_cohs"}, "no"),
        ({"plan_type": "medi_cal_managed_care", "denial_reasons": ["medical_necessity"]}, "yes"),
        ({"plan_type": "commercial", "regulator": "dmhc", "denial_reasons": ["medical_necessity"]}, "yes"),
        ({"plan_type": "commercial", "regulator": "dmhc", "denial_reasons": ["billing"]}, "no"),
        ({"plan_type": "commercial", "regulator": "cdi", "denial_reasons": ["medical_necessity"]}, "no"),
        (
            {
                "plan_type": "commercial",
                "regulator": "dmhc",
                "denial_reasons": ["medical_necessity"],
                "grievance_status": "upheld",
            },
            "yes",
        ),
    ],
)
def test_only_paths_to_a_review_by_the_dmhc_are_covered(facts: dict[str, Any], expected: str) -> None:
    found = assess(case(**facts))
    assert outcomes.coverage(found.route, found.also, case(**facts)) == expected
    shown = outcomes.say_outcomes(case(**facts), found.route, found.also, outcomes.load_table())
    assert ("%" in shown) == (expected != "no")


def test_a_medicare_member_is_told_that_the_figures_are_not_for_that_path() -> None:
    shown = outcomes.say_not_covered("medicare_appeal")
    assert "Your path is another one: A Medicare appeal." in shown


@pytest.mark.parametrize("plan", ["out_of_state", "self_funded_government"])
def test_a_plan_that_never_goes_to_the_dmhc_is_told_so_though_its_path_has_no_name(plan: str) -> None:
    facts = case(plan_type=plan)
    found = assess(facts)
    shown = outcomes.say_outcomes(facts, found.route, found.also, outcomes.load_table())
    assert "Your kind of plan does not go there." in shown
    assert "One more thing" not in shown
    assert grade(shown) <= 8.9


def test_kinds_of_plans_and_regulators_are_of_the_vocabulary() -> None:
    never = outcomes.about()["never_reviewed"]
    assert set(never["plan_types"]) <= set(vocabulary()["plan_type"].values)
    assert set(never["regulators"]) <= set(vocabulary()["regulator"].values)


def test_an_insurers_appeal_is_named_by_the_review_that_it_leads_to() -> None:
    shown = outcomes.say_not_covered("plan_grievance", ("cdi_imr",))
    assert "Independent Medical Review by the Department of Insurance" in shown


# The data names what the other data names.


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
