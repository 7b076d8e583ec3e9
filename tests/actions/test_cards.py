"""Cards: the parts of an answer, and of help in danger, that a page lays out."""

from __future__ import annotations

from typing import Any

import pytest

from actions.cards import answer_card, crisis_card
from imr_logic import CaseFacts, assess
from tests.actions.situations import NEW_DENIAL


def card(**changes: Any) -> dict[str, Any]:
    """The card of a new denial with some facts changed."""
    facts = CaseFacts.model_validate({**NEW_DENIAL, **changes})
    return answer_card(facts, assess(facts), "Noted.", "Want more?")


def items(title: str) -> list[str]:
    """What a section of the card of a new denial holds."""
    (found,) = [one["items"] for one in card()["sections"] if one["title"] == title]
    return list(found)


def test_a_card_names_the_path_and_the_first_step_between_what_is_said_around_it() -> None:
    told = card()
    assert (told["kind"], told["before"], told["after"]) == ("answer", "Noted.", "Want more?")
    assert told["title"] == "A grievance (appeal) with your plan first"
    assert told["summary"].startswith("File a grievance with your plan. It is free.")
    assert told["first"]["title"] == "Do this first"
    assert told["first"]["text"].startswith("File a grievance with your plan, by phone")


def test_a_date_has_its_day_how_far_it_is_from_what_it_is_counted_and_its_law() -> None:
    dates = card()["dates"]
    assert dates["title"] == "Your dates"
    assert dates["items"][0] == {
        "label": "File your grievance",
        "lead": "by",
        "day": "Friday, April 2, 2027",
        "iso": "2027-04-02",
        "left": "in 130 days",
        "basis": "180 calendar days from the denial letter (October 5, 2026), moved back to a working day.",
        "note": "",
        "law": "28 CCR 1300.68(b)(9).",
    }
    last = dates["items"][1]
    assert (last["lead"], last["iso"], last["left"]) == ("until", "2027-04-05", ""), "no day to wait for"


def test_a_date_keeps_its_note() -> None:
    days = {"denial_letter_date": "2026-11-16", "change_effective_date": "2026-12-06"}
    dates = card(plan_type="medi_cal_managed_care", care_status="ongoing", **days)["dates"]["items"]
    assert any("until the change starts on December 6, 2026" in one["note"] for one in dates)


def test_what_nobody_may_overlook_stands_beside_the_dates() -> None:
    assert card()["beside"] == ""
    assert "Do not wait" in card(urgent=True, care_status="future")["beside"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("What comes then", "Ask the plan for the exact rule it used"),
        ("Gather these", "The denial letter, with its envelope"),
        ("Why this answer", "No grievance has been filed yet, and the plan comes first. HSC 1368"),
        ("What would change it", "If grievance refused: Independent Medical Review by the DMHC."),
        ("Who must decide", "SB 1120"),
        ("The law", "HSC 1374.30(j)(3)"),
        ("Whom to reach", "DMHC Help Center. 1-888-466-2219. www.HealthHelp.ca.gov. 980 9th Street"),
        ("Whom to reach", "Fax 916-255-5241"),
        ("Also worth knowing", "Independent Medical Review by the DMHC"),
    ],
)
def test_a_section_of_the_card_holds(title: str, words: str) -> None:
    assert words in "\n".join(items(title))


def test_the_first_step_is_not_told_again_among_the_others() -> None:
    assert card()["first"]["text"] not in items("What comes then")


def test_a_section_that_holds_nothing_is_left_out() -> None:
    assert "Who must decide" not in [one["title"] for one in card(denial_reasons=["billing"])["sections"]]


def test_help_in_danger_has_its_words_and_the_numbers_to_tap() -> None:
    told = crisis_card("Call 911 now.")
    assert (told["kind"], told["title"], told["before"]) == ("crisis", "Get help now", "Call 911 now.")
    assert [one["href"] for one in told["calls"]] == ["tel:911", "tel:988", "sms:988"]
    assert [one["title"] for one in told["calls"]] == ["Call 911", "Call 988", "Text 988"]
