"""The words that rates are said in: each with its number, years and interval; never a prediction."""

from __future__ import annotations

import re

import pytest

from imr_logic import outcomes, vocabulary
from imr_logic.language import words
from imr_logic.outcomes import Rate
from tests.imr_logic.counts import case, grade


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


def test_without_a_rate_it_is_said_that_there_are_too_few() -> None:
    assert outcomes.say_rates(()) == "There are too few reviews like that for an honest figure."


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


@pytest.mark.parametrize("precision", ["exact", "rounded"])
@pytest.mark.parametrize("all_years", [True, False])
@pytest.mark.parametrize(("first", "part"), [(2025, False), (2021, False), (2021, True), (2025, True)])
def test_every_way_to_say_a_rate_names_its_number_its_years_and_its_interval(
    precision: str, all_years: bool, first: int, part: bool
) -> None:
    years = {"first_year": first, "last_year": 2025, "part_year": part, "all_years": all_years}
    rate = Rate.model_validate(
        {"dimension": "year", "decided": 1000, "overturned": 500, "precision": precision, **years}
    )
    said = outcomes.say_rate(rate)
    assert not [one for one in ("1,000", str(first), "2025", "50 %", "47 to 53") if one not in said]
    assert ("about" in said) is (precision == "rounded" or all_years)
