"""The form's own turn: what it asks, says back, skips, and never says twice."""

from __future__ import annotations

import pytest

from records import cases
from tests.actions.situations import DENIED, NO_DANGER, SENDER, UPHELD, Talk, stated

pytestmark = pytest.mark.usefixtures("own_records")


def test_the_first_question_is_about_danger() -> None:
    talk = Talk()
    talk.hear("report_denial", stated(carrier="kaiser", decision="denied"))
    assert talk.asks == "immediate_danger"


def test_what_was_told_is_said_back_and_what_it_replaced_too() -> None:
    talk = Talk(**NO_DANGER)
    assert talk.hear("report_denial", stated(carrier="kaiser")).startswith("Noted: Kaiser.")
    assert talk.hear("correct_fact", stated(carrier="anthem")).startswith("Changed: Anthem.")


def test_an_answer_is_given_when_nothing_is_missing_with_its_assessment() -> None:
    talk = Talk(**DENIED)
    text = talk.hear("give_details")
    assert "Do this first: File a grievance" in text
    assert talk.said[-1]["custom"]["assessment"]["route"] == "plan_grievance"


def test_an_answer_that_stays_is_said_in_a_few_words() -> None:
    talk = Talk(**DENIED)
    whole = talk.hear("give_details")
    text = talk.hear("give_details", stated(request_date="2026-09-01"))
    assert text.startswith("Your path and your dates stay as they are.")
    assert "It is still this: A grievance (appeal) with your plan first" in text
    assert not {*whole.splitlines()} & {*text.splitlines()}


def test_who_tells_nothing_new_is_told_so_and_a_mere_ok_is_left_at_that() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details")
    assert talk.hear("give_details").startswith("I am not sure that I understood")
    assert talk.hear("affirm", text="ok") == "Good. I am here if you need more."


def test_a_correction_after_the_answer_says_which_day_moved() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details")
    text = talk.hear("correct_fact", stated(denial_letter_date="2026-10-15"))
    assert text.startswith("That moves your last day from April 2, 2027 to April 13, 2027.")
    assert "Changed: letter of October 15, 2026." in text


def test_i_do_not_know_is_a_full_answer_and_nothing_is_said_back() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    open_question = talk.asks
    text = talk.hear("dont_know")
    assert talk.asks not in (None, open_question)
    assert not text.startswith(("Noted", "So far"))


def test_what_was_not_known_is_named_as_what_would_change_the_answer() -> None:
    talk = Talk(**{**DENIED, "urgent": None})
    talk.hear("give_details")
    assert "It would change:" in talk.press("wish=more") + talk.press("wish=more")


def test_two_failed_tries_bring_choices_and_the_help_line_and_the_third_goes_on() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    stuck = talk.asks
    first, second, third = (talk.hear("nlu_fallback") for _ in range(3))
    assert first.startswith("Sorry, I did not get that.")
    assert "1-888-466-2219" in second
    assert "pick one of the choices" in second
    assert third.startswith("Let us leave that open and go on.")
    assert talk.asks != stuck


@pytest.mark.parametrize("fact", ["immediate_danger", "plan_type", "denial_letter_date"])
def test_a_question_asked_again_is_asked_in_other_words(fact: str) -> None:
    known = {"immediate_danger": {}, "plan_type": NO_DANGER}.get(fact, {**DENIED, "denial_letter_date": None})
    known = {name: value for name, value in known.items() if name != fact}
    talk = Talk(**known)
    once = talk.hear("report_denial", stated(decision="denied"))
    assert talk.asks == fact
    again = talk.hear("nlu_fallback")
    assert talk.asks == fact
    assert once.split(". ")[-1] not in again


def test_why_do_you_ask_is_answered_from_the_rule_and_the_question_comes_again() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    text = talk.hear("help", [{"entity": "wish", "value": "why"}])
    assert "Who regulates the plan decides which rules apply." in text
    assert "HSC 1374.30" in text
    assert talk.asks == "plan_type"


def test_where_to_look_is_told() -> None:
    talk = Talk(**{**UPHELD, "product": "ppo", "carrier": "blue_shield"})
    talk.hear("report_denial", stated(decision="denied"))
    assert talk.asks == "regulator"
    text = talk.hear("dont_know", [{"entity": "wish", "value": "where"}])
    assert "Evidence of Coverage" in text
    assert "1-888-466-2219" in text
    assert talk.asks == "regulator"


def test_what_answers_the_open_question_is_an_answer_whatever_it_sounds_like() -> None:
    talk = Talk(**NO_DANGER, plan_type="commercial", product="hmo", denial_reasons=["medical_necessity"])
    talk.hear("report_denial", stated(decision="denied"))
    assert talk.asks == "grievance_status"
    talk.hear("ask_after_decision", stated(grievance_status="upheld"), text="yes, they upheld the denial")
    assert not talk.rejected
    assert talk.asks != "grievance_status"


@pytest.mark.parametrize("intent", ["ask_cost", "thank", "stop", "medical_emergency", "delete_my_data"])
def test_what_a_rule_answers_is_handed_over(intent: str) -> None:
    talk = Talk(**NO_DANGER)
    talk.hear(intent)
    assert talk.rejected


def test_a_courtesy_with_a_fact_in_it_is_an_answer() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("thank", stated(carrier="kaiser"))
    assert not talk.rejected
    assert talk.knows("carrier") == "kaiser"


def test_no_answer_leads_out_of_danger_and_gibberish_is_not_asked_for_ever() -> None:
    talk = Talk(immediate_danger=True)
    for _ in range(4):
        text = talk.hear("nlu_fallback")
    assert text.startswith("I will not ask again.")
    talk.press("immediate_danger=false")
    assert talk.asks == "urgent"


def test_tell_me_more_goes_on_until_there_is_no_more() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details")
    said = [talk.press("wish=more") for _ in range(6)]
    assert said[0].startswith("Then:")
    assert any("Why this answer:" in text for text in said)
    assert said[-2] != said[-1]
    assert any(text in ("That is all I have on this.", "I have no more on this than I said.") for text in said)


def test_a_late_case_is_offered_a_call() -> None:
    days = {"grievance_filed_date": "2025-10-12", "grievance_decision_date": "2025-11-02"}
    talk = Talk(**{**UPHELD, **days, "grievance_decision_received_date": "2025-11-05"})
    text = talk.hear("give_details")
    assert "Apply anyway" in text
    assert "wish=consultation" in talk.payloads


def test_a_last_day_that_moves_beside_the_main_one_is_told() -> None:
    talk = Talk(**UPHELD)
    talk.hear("give_details")
    text = talk.hear("give_details", stated(grievance_decision_received_date="2026-11-06"))
    assert '"The law may allow the review request" is now May 6, 2027 and no longer May 3, 2027.' in text


def test_a_mere_ok_is_no_yes() -> None:
    talk = Talk(**{name: value for name, value in DENIED.items() if name != "provider_support"})
    talk.hear("report_denial", stated(decision="denied"))
    assert talk.asks == "provider_support"
    talk.hear("affirm", text="ok")
    assert talk.knows("provider_support") is None
    assert talk.asks == "provider_support"


def test_stop_with_an_answer_in_it_is_an_answer() -> None:
    talk = Talk()
    talk.hear("report_denial", stated(decision="denied"))
    talk.hear("stop", stated(immediate_danger=False), text="no danger this minute, can we move on please")
    assert not talk.rejected
    assert talk.knows("immediate_danger") is False


@pytest.mark.parametrize("kind", ["medical_emergency", "crisis_self_harm"])
def test_danger_goes_before_a_wish(kind: str) -> None:
    talk = Talk(**NO_DANGER)
    talk.hear(kind, [{"entity": "wish", "value": "why"}], text="why does it matter if i live or die")
    assert talk.rejected


def test_what_changed_on_the_way_is_kept_for_the_papers() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details")
    talk.hear("correct_fact", stated(denial_letter_date="2026-08-03"))
    kept = cases.load(SENDER)
    assert kept is not None
    assert kept.facts["denial_letter_date"] == "2026-08-03"


def test_a_word_of_the_field_is_explained_and_the_question_comes_again() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    text = talk.hear("help", [{"entity": "wish", "value": "explain grievance"}])
    assert text.startswith("A grievance is a complaint to your own plan")
    assert talk.asks == "plan_type"


def test_who_is_afraid_gets_a_kind_word_first() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    assert talk.hear("nlu_fallback", [{"entity": "wish", "value": "feeling"}]).startswith("I am so sorry.")
    assert talk.asks == "plan_type"


def test_a_yes_to_danger_or_waiting_names_help_at_once_and_asks_which() -> None:
    talk = Talk()
    talk.hear("report_denial", stated(decision="denied"))
    text = talk.hear("affirm", text="yes")
    assert "911" in text
    assert "988" in text
    assert talk.asks == "immediate_danger"
    assert talk.knows("urgent") is True


EVERYTHING = {
    "carrier": "kaiser",
    "product": "hmo",
    "plan_type": "commercial",
    "service_category": "reconstructive_surgery",
    "decision": "denied",
    "denial_reasons": ["medical_necessity", "experimental", "out_of_network", "no_prior_authorization", "cosmetic"],
    "urgent": True,
    "doctor_certifies_urgency": True,
    "provider_support": "out_of_network_recommended",
    "condition_severity": "seriously_debilitating",
    "grievance_status": "upheld",
    "state_hearing": "requested",
    "grievance_expedited": True,
    "denial_letter_date": "2026-09-28",
    "denial_received_date": "2026-09-30",
    "grievance_filed_date": "2026-10-05",
    "grievance_decision_date": "2026-11-02",
    "grievance_decision_received_date": "2026-11-06",
}


@pytest.mark.parametrize("danger", [{}, {"immediate_danger": False}])
def test_even_all_facts_at_once_make_no_message_longer_than_the_channel_takes(danger: dict[str, bool]) -> None:
    talk = Talk(**danger)
    talk.hear("report_denial", stated(**EVERYTHING))
    assert all(len(message["text"]) <= 900 for message in talk.said)


def test_who_speaks_of_suicide_is_told_once_that_somebody_is_there() -> None:
    talk = Talk()
    first = talk.hear("report_denial", stated(decision="denied"), text="she tried to kill herself in October")
    again = talk.hear("give_details", stated(carrier="anthem"), text="after the suicide attempt they said no")
    assert "988" in first
    assert "988" not in again


def test_a_last_day_on_the_same_day_is_not_said_twice() -> None:
    talk = Talk(**{**UPHELD, "grievance_decision_date": "2026-10-28"})
    text = talk.hear("give_details")
    assert "The law may allow" not in text


def test_who_tells_other_things_each_time_is_not_asked_the_same_for_ever() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    stuck = talk.asks
    for told in ({"carrier": "kaiser"}, {"product": "hmo"}, {"denial_letter_date": "2026-10-05"}):
        text = talk.hear("give_details", stated(**told))
    assert talk.asks != stuck
    assert "Noted: letter of October 5, 2026." in text


def test_who_fears_to_be_late_is_told_at_once_that_late_is_seldom_closed() -> None:
    talk = Talk()
    text = talk.hear("report_denial", stated(decision="denied"), text="they said no in march, is it too late?")
    assert "Late is seldom closed" in text


def test_what_to_do_first_is_said_again_in_plain_words() -> None:
    talk = Talk(**DENIED)
    talk.hear("give_details")
    assert talk.hear("help", [{"entity": "wish", "value": "first"}]).startswith(
        "The first thing to do: File a grievance"
    )


def test_a_word_asked_about_beside_a_fact_is_explained_and_the_fact_is_taken() -> None:
    talk = Talk(**NO_DANGER, plan_type="commercial", product="hmo", denial_reasons=["medical_necessity"])
    talk.hear("report_denial", stated(decision="denied"))
    wish = [{"entity": "wish", "value": "explain grievance"}]
    text = talk.hear("give_details", [*stated(grievance_status="not_filed"), *wish])
    assert text.startswith("A grievance is a complaint")
    assert talk.knows("grievance_status") == "not_filed"
    assert talk.asks


def test_who_says_that_there_is_no_danger_is_believed_after_an_emergency() -> None:
    talk = Talk(immediate_danger=True)
    talk.hear("give_details", stated(immediate_danger=False, urgent=False), text="no danger, it can wait")
    assert talk.knows("immediate_danger") is False
    assert talk.asks == "plan_type"


def test_whose_careful_date_has_gone_by_is_offered_a_call_too() -> None:
    days = {"grievance_filed_date": "2026-04-01", "grievance_decision_date": "2026-05-20"}
    talk = Talk(
        **{**UPHELD, **days, "denial_letter_date": "2026-03-20", "grievance_decision_received_date": "2026-05-26"}
    )
    text = talk.hear("give_details")
    assert "the law may allow it until November 30, 2026" in text
    assert "wish=consultation" in talk.payloads


def test_the_second_try_still_has_its_choices() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("report_denial", stated(decision="denied"))
    offered = talk.payloads
    talk.hear("nlu_fallback")
    assert "pick one of the choices" in talk.hear("nlu_fallback")
    assert talk.payloads == offered
    assert len(offered) > 1


def test_who_speaks_of_no_fear_is_told_nothing_of_being_late() -> None:
    text = Talk().hear("report_denial", stated(decision="denied"), text="they said no in march")
    assert "Late is seldom closed" not in text


@pytest.mark.parametrize(
    ("text", "told"), [("Kaiser denied my MRI, I want someone to call me", True), ("Kaiser", False)]
)
def test_who_asks_for_a_call_within_a_story_is_told_how_to_get_one(text: str, told: bool) -> None:
    talk = Talk()
    talk.hear("report_denial", stated(carrier="kaiser"), text=text)
    assert ('say "call me"' in talk.said[-1]["text"]) is told
