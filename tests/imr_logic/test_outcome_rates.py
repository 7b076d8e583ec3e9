"""Rates with their number, years and interval: which fit a case, and never from too few."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from imr_logic import outcomes
from imr_logic.outcomes import Rate
from tests.imr_logic.counts import case, spoken, table

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
