"""What cannot be right, or was told in two ways, is named and asked about; nothing is replaced by a remark."""

from __future__ import annotations

import pytest

from tests.actions.situations import DENIED, NEW_DENIAL, NO_DANGER, UPHELD, Talk, stated

pytestmark = pytest.mark.usefixtures("own_records")


def test_days_in_the_wrong_order_are_named_and_asked_about() -> None:
    talk = Talk(**{**UPHELD, "grievance_decision_date": "2026-10-01"})
    text = talk.hear("give_details")
    assert "wrong order" in text
    assert talk.asks in ("grievance_filed_date", "grievance_decision_date")


def test_who_stays_with_days_that_cannot_be_right_gets_an_answer_and_is_offered_a_call() -> None:
    talk = Talk(**UPHELD)
    said = [talk.hear("give_details", stated(grievance_decision_date="2026-09-01")) for _ in range(3)]
    assert len(set(said)) == 3
    assert said[2].startswith("I will leave it like that.")
    assert talk.said[-1]["custom"]["assessment"]["route"] == "more_information"
    assert "wish=consultation" in talk.payloads


def test_danger_is_asked_for_before_days_that_do_not_fit() -> None:
    talk = Talk()
    talk.hear("report_denial", stated(decision="denied", denial_letter_date="2027-01-05"))
    assert talk.asks == "immediate_danger"
    assert "cannot be after today" in talk.press("immediate_danger=false&urgent=false")


def test_a_day_that_does_not_exist_is_said_back_in_new_words_and_then_left_open() -> None:
    talk = Talk(**{name: value for name, value in DENIED.items() if name != "denial_letter_date"})
    talk.hear("report_denial", stated(decision="denied"))
    wrong = [{"entity": "date", "value": {"precision": "impossible"}, "text": "June 31"}]
    first, second, third = (talk.hear("give_details", wrong) for _ in range(3))
    assert "June 31" in first
    assert first != second
    assert "leave that open" in third


def test_a_day_of_filing_takes_back_that_nothing_was_filed() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details", stated(grievance_filed_date="2026-11-02"))
    assert talk.asks == "grievance_status"
    assert "do not fit" not in talk.said[-1]["text"]


KNEE = {**DENIED, "service_category": "surgery"}


def test_a_side_remark_never_replaces_what_was_told_without_asking() -> None:
    talk = Talk(**KNEE)
    text = talk.hear("give_details", stated(service_category="hospital"))
    assert text == 'Before, I noted "surgery". Now I read "a hospital stay". Which is right?'
    assert talk.asks == "service_category"
    assert talk.knows("service_category") == "surgery"


@pytest.mark.parametrize(
    ("answer", "kept"), [("answer=new", "hospital"), ("answer=old", "surgery"), ("wish=more", "surgery")]
)
def test_the_person_says_which_is_right_and_nobody_is_asked_twice(answer: str, kept: str) -> None:
    talk = Talk(**KNEE)
    talk.hear("give_details", stated(service_category="hospital"))
    talk.press(answer)
    assert talk.knows("service_category") == kept
    assert talk.asks != "service_category"


def test_a_reason_more_can_stand_beside_the_first() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details", stated(denial_reasons=["out_of_network"]))
    talk.press("answer=both")
    assert talk.knows("denial_reasons") == ["medical_necessity", "out_of_network"]


def test_what_stands_beside_another_fact_is_left_out_when_it_would_take_something_back() -> None:
    talk = Talk(**DENIED)
    text = talk.hear("correct_fact", stated(denial_letter_date="2026-10-06", care_status="received"))
    assert talk.knows("care_status") == "future"
    assert "Changed: letter of October 6, 2026." in text


def test_things_that_went_on_are_no_contradiction() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details", stated(grievance_status="upheld"))
    assert talk.knows("grievance_status") == "upheld"


def test_a_question_changes_no_fact() -> None:
    talk = Talk(**DENIED, carrier="kaiser")
    talk.hear("give_details", stated(carrier="anthem"), text="and if it were anthem?")
    assert talk.knows("carrier") == "kaiser"


def test_a_vague_fact_told_more_exactly_is_no_contradiction() -> None:
    talk = Talk(**{**DENIED, "plan_type": "employer_funding_unknown"})
    talk.hear("give_details", stated(plan_type="commercial"))
    assert talk.knows("plan_type") == "commercial"


def test_no_emergency_takes_back_nothing_but_the_danger() -> None:
    talk = Talk(urgent=True)
    talk.hear("report_denial", stated(decision="denied"))
    assert talk.asks == "immediate_danger"
    talk.hear("deny", stated(immediate_danger=False, urgent=False), text="no emergency")
    assert talk.knows("urgent") is True
    assert talk.knows("immediate_danger") is False


@pytest.mark.parametrize("text", ["no wait the letter was nov 16", "sorry, it was nov 16", "actually nov 16"])
def test_what_takes_something_back_answers_no_question(text: str) -> None:
    talk = Talk(**NO_DANGER, denial_letter_date="2026-11-18")
    talk.hear("report_denial", stated(decision="denied"))
    bare = {**stated(condition_severity="other")[0], "rule": "condition_severity/answer/other"}
    talk.hear("correct_fact", [*stated(denial_letter_date="2026-11-16"), bare], text=text)
    assert talk.knows("denial_letter_date")["earliest"] == "2026-11-16"
    assert talk.knows("condition_severity") is None


def test_nobody_is_asked_twice_which_of_two_is_right() -> None:
    talk = Talk(**KNEE)
    talk.hear("give_details", stated(service_category="hospital"))
    talk.press("answer=old")
    talk.hear("give_details", stated(service_category="hospital"))
    assert "Which is right?" not in talk.said[-1]["text"]
    assert talk.knows("service_category") == "surgery"


def test_a_bill_for_a_surgery_is_about_the_surgery() -> None:
    talk = Talk(**KNEE)
    talk.hear("give_details", stated(service_category="hospital_bill"))
    assert talk.knows("service_category") == "surgery"
    assert "Which is right?" not in talk.said[-1]["text"]


def test_a_reason_told_beside_several_others_is_asked_about() -> None:
    talk = Talk(**{**DENIED, "denial_reasons": ["medical_necessity", "experimental"]})
    text = talk.hear("give_details", stated(denial_reasons=["step_therapy"]))
    assert "Which is right?" in text


def test_another_word_for_the_same_care_is_no_contradiction() -> None:
    talk = Talk(**{**DENIED, "service_category": "medication_infused"})
    talk.hear("give_details", stated(service_category="cancer"))
    assert talk.knows("service_category") == "medication_infused"
    assert "Which is right?" not in talk.said[-1]["text"]
    talk.hear("correct_fact", stated(service_category="cancer"))
    assert talk.knows("service_category") == "cancer"


def test_a_day_that_was_put_right_is_not_replaced_by_a_remark() -> None:
    talk = Talk(**NO_DANGER, carrier="kaiser", denial_letter_date="2026-10-05")
    talk.hear("correct_fact", stated(denial_letter_date="2026-11-02"))
    assert talk.knows("denial_letter_date")["earliest"] == "2026-11-02"
    text = talk.hear("give_details", stated(denial_letter_date="2026-10-20"))
    assert "November 2, 2026" in text
    assert "October 20, 2026" in text
    assert talk.payloads == ["answer=new", "answer=old"]
    talk.press("answer=old")
    assert talk.knows("denial_letter_date")["earliest"] == "2026-11-02"


def test_no_grievance_after_all_takes_its_dates_back() -> None:
    filed = {"grievance_status": "pending", "grievance_filed_date": "2026-10-12"}
    talk = Talk(**{fact: value for fact, value in NEW_DENIAL.items() if fact != "today"} | filed)
    talk.hear("correct_fact", stated(grievance_status="not_filed"))
    assert talk.knows("grievance_filed_date") is None
