"""The last word on an intent."""

from __future__ import annotations

import pytest

from nlu.intents import Prediction
from nlu.intents.deciding import decided


def predicted(*ranking: tuple[str, float], answered: bool = True) -> Prediction:
    """What the model might say."""
    return Prediction(ranking, answered)


@pytest.mark.parametrize("courtesy", ["greet", "thank", "goodbye", "out_of_scope", "abusive", "affirm", "deny"])
def test_a_message_that_tells_facts_is_never_a_mere_courtesy(courtesy: str) -> None:
    found = decided(predicted((courtesy, 0.9), ("report_denial", 0.05)), {"carrier"})
    assert found.answered
    assert found.name == "report_denial"


@pytest.mark.parametrize("wish", ["help", "stop", "restart", "delete_my_data", "request_human", "dont_know"])
def test_an_unsure_wish_is_not_acted_on_when_facts_are_told(wish: str) -> None:
    assert decided(predicted((wish, 0.2), answered=False), {"product"}).name == "give_details"


@pytest.mark.parametrize("name", ["ask_deadline", "correct_fact", "complaint_billing_or_service"])
def test_an_unsure_question_or_telling_is_taken_when_facts_are_told(name: str) -> None:
    assert decided(predicted((name, 0.4), answered=False), {"product"}).name == name


def test_nothing_at_all_with_facts_adds_details() -> None:
    assert decided(Prediction(), {"product"}).name == "give_details"


def test_a_message_without_facts_stays_what_the_model_thinks() -> None:
    assert decided(predicted(("thank", 0.9)), set()).name == "thank"
    assert decided(predicted(("thank", 0.2), answered=False), set()).name == "nlu_fallback"


def test_a_question_stays_a_question_although_it_tells_facts() -> None:
    assert decided(predicted(("ask_deadline", 0.7)), {"carrier"}).name == "ask_deadline"


@pytest.mark.parametrize("danger", ["medical_emergency", "crisis_self_harm"])
def test_the_model_alone_must_be_very_sure_of_danger(danger: str) -> None:
    assert decided(predicted((danger, 0.75)), set()).name == "nlu_fallback"
    assert decided(predicted((danger, 0.97)), set()).name == danger


@pytest.mark.parametrize(
    ("adding", "facts", "name"),
    [
        (0.02, {"decision", "carrier"}, "report_denial"),
        (0.02, {"denial_reasons"}, "report_denial"),
        (0.02, {"plan_type", "product"}, "give_details"),
        (0.3, {"decision", "carrier"}, "give_details"),
    ],
)
def test_a_first_telling_says_what_the_plan_did(adding: float, facts: set[str], name: str) -> None:
    assert decided(predicted(("report_denial", 0.6), ("give_details", adding)), facts).name == name


def test_a_first_telling_without_any_fact_stays_one() -> None:
    assert decided(predicted(("report_denial", 0.6), ("give_details", 0.3)), set()).name == "report_denial"


def test_who_says_that_nobody_is_in_danger_is_believed() -> None:
    found = decided(predicted(("crisis_self_harm", 0.95), ("deny", 0.03)), {"immediate_danger"})
    assert (found.answered, found.name) == (True, "give_details")


def test_a_wish_of_the_talk_itself_is_no_intent() -> None:
    assert decided(predicted(("thank", 0.9)), set(), "why").name == "nlu_fallback"


@pytest.mark.parametrize("name", ["ask_deadline", "medical_emergency", "crisis_self_harm"])
def test_a_wish_hides_no_question_and_no_danger(name: str) -> None:
    assert decided(predicted((name, 0.97)), set(), "why").name == name


def test_a_wish_that_can_stand_beside_an_intent_leaves_it() -> None:
    assert decided(predicted(("request_human", 0.9)), set(), "feeling").name == "request_human"


def test_facts_told_beside_an_unsure_danger_are_not_lost() -> None:
    found = decided(predicted(("medical_emergency", 0.75), ("report_denial", 0.1)), {"carrier"})
    assert (found.answered, found.name) == (True, "report_denial")
