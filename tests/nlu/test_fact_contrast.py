"""What is set against something else, what is guessed last, and what is quoted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nlu.facts import read

TODAY = date(2026, 11, 23)


def facts(text: str) -> dict[str, Any]:
    return read(text, TODAY).facts


@pytest.mark.parametrize(
    ("text", "care"),
    [
        ("They covered the crutches. The brace wasn't.", "equipment"),
        ("They paid for the scan. Not the infusion.", "medication_infused"),
        ("The ambulance was paid, the hospital stay was not.", "hospital"),
        ("Chemo: approved. The wheelchair: denied.", "equipment"),
    ],
)
def test_of_care_approved_and_care_refused_the_refused_counts(text: str, care: str) -> None:
    assert facts(text)["service_category"] == care
    assert facts(text)["decision"] == "denied"


def test_care_that_is_only_denied_to_be_the_subject_is_left_out() -> None:
    assert "service_category" not in facts("It's not the wheelchair, that was settled.")


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (
            "First they said it was experimental, but the letter says it's not medically necessary.",
            "medical_necessity",
        ),
        ("On the phone they told me out of network. The letter says not a covered benefit.", "benefit_exclusion"),
        ("At first it was cosmetic, now they call it experimental.", "experimental"),
    ],
)
def test_of_a_first_reason_and_a_later_one_the_later_counts(text: str, reasons: str) -> None:
    assert facts(text)["denial_reasons"] == [reasons]


def test_reasons_given_together_all_count() -> None:
    text = "First they said it's experimental and they also say it's out of network."
    assert facts(text)["denial_reasons"] == ["experimental", "out_of_network"]


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("My wife has Aetna, but this is about me and I have Cigna.", "cigna"),
        ("I was on Kaiser. Now it's Anthem.", "anthem"),
        ("My husband has Humana.", "humana"),
    ],
)
def test_the_plan_of_ones_family_or_of_before_is_not_the_one_when_ones_own_is_named(text: str, carrier: str) -> None:
    assert facts(text)["carrier"] == carrier


def test_words_that_hint_at_a_reason_count_only_after_a_refusal_or_from_the_plan() -> None:
    assert facts("They turned it down since his symptoms are light")["denial_reasons"] == ["medical_necessity"]
    assert "denial_reasons" not in facts("His symptoms are light")


def test_a_guess_gives_way_to_a_reason_that_is_stated() -> None:
    assert facts("Refused because it is experimental for his age")["denial_reasons"] == ["experimental"]


def test_quoted_words_hint_at_a_reason() -> None:
    assert facts('Brace denied, "curve of 19 degrees".')["denial_reasons"] == ["medical_necessity"]
    assert "denial_reasons" not in facts("Brace denied, it was 19 degrees out there.")


def test_once_is_a_condition_only_before_a_clause() -> None:
    assert facts("The payment failed once and they cancelled my policy")["denial_reasons"] == ["cancellation"]
