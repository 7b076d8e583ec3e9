"""A request for a call: what is asked, what is stored, and that nothing stays without a yes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import settings
from actions import practice
from actions.consulting import would_help
from imr_logic import CaseFacts, assess
from records import consultations
from records.engine import transaction
from records.models import Consultation
from tests.actions.situations import NEW_DENIAL, NO_DANGER, SENDER, Talk

pytestmark = pytest.mark.usefixtures("own_records")


@pytest.fixture
def asked_for() -> Talk:
    """A talk in which a call was asked for."""
    talk = Talk(**NO_DANGER)
    talk.hear("request_consultation")
    return talk


def answer(talk: Talk, *texts: str) -> str:
    """Answers part after part; what was said to the last."""
    return [talk.hear("nlu_fallback", text=text) for text in texts][-1]


def test_it_collects_a_name_one_way_to_reach_a_time_and_a_yes_and_stores_them(asked_for: Talk) -> None:
    assert asked_for.asks == "contact_name"
    answer(asked_for, "Maria Lopez")
    assert asked_for.asks == "contact_reach"
    answer(asked_for, "my cell is 415 555 0134")
    assert asked_for.asks == "contact_time"
    asked_for.press("answer=Morning")
    assert asked_for.asks == "contact_consent"
    text = asked_for.hear("affirm", text="yes")
    stored = consultations.latest(SENDER)
    assert stored is not None
    assert (stored.state, stored.name, stored.best_time) == ("new", "Maria Lopez", "Morning")
    assert stored.reach == "(415) 555-0134"
    assert f"number {stored.id}" in text
    assert "does not stop any date" in text


def test_the_questions_of_the_case_go_on_afterwards(asked_for: Talk) -> None:
    answer(asked_for, "Maria", "maria@example.com", "any time")
    asked_for.hear("affirm", text="ok")
    assert asked_for.asks == "plan_type"
    assert consultations.latest(SENDER)


@pytest.mark.parametrize(
    ("told", "asked_next"),
    [
        ("Ruben Quill", "contact_reach"),
        ("ruben.quill@example.org", "contact_name"),
        ("Ruben Quill, 415 555 0134", "contact_time"),
    ],
)
def test_who_tells_a_name_or_a_number_at_once_wants_the_call(told: str, asked_next: str) -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("request_human")
    assert talk.asks == "contact_wanted"
    talk.hear("nlu_fallback", text=told)
    assert talk.asks == asked_next
    draft = consultations.draft_of(SENDER)
    assert draft
    assert not draft.consent_at


def test_a_few_words_that_are_no_name_are_no_yes_to_a_call() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("request_human")
    talk.hear("nlu_fallback", text="mornings only")
    assert talk.asks == "contact_wanted"


@pytest.mark.parametrize("text", ["you are useless", "i need help", "someone please"])
def test_a_sentence_is_no_name(asked_for: Talk, text: str) -> None:
    answer(asked_for, text)
    assert asked_for.asks == "contact_name"


@pytest.mark.parametrize("name", ["Do Thi May", "Will", "maria de la cruz", "An Nguyen", "Can Yilmaz"])
def test_a_name_may_be_a_word_too(asked_for: Talk, name: str) -> None:
    answer(asked_for, name)
    assert asked_for.asks == "contact_reach"


@pytest.mark.parametrize("no", ["deny", "pressed"])
def test_without_a_yes_nothing_stays(asked_for: Talk, no: str) -> None:
    answer(asked_for, "Maria", "maria@example.com", "any time")
    text = asked_for.press("answer=no") if no == "pressed" else asked_for.hear("deny", text="no")
    assert "not kept" in text
    assert consultations.latest(SENDER) is None


def test_what_is_no_number_is_asked_for_again_and_never_for_ever(asked_for: Talk) -> None:
    answer(asked_for, "Maria")
    said = [answer(asked_for, "call me at 555") for _ in range(3)]
    assert "415-555-0134" in said[0]
    assert said[0] != said[1]
    assert "1-888-466-2219" in said[2]
    assert consultations.latest(SENDER) is None


@pytest.mark.parametrize(
    "text", ["12345", "what does appeal mean", "the grievance is not open the plan refused it in march", "x" * 100]
)
def test_what_is_no_name_is_asked_for_again(asked_for: Talk, text: str) -> None:
    assert "name" in answer(asked_for, text)
    assert asked_for.asks == "contact_name"
    assert consultations.latest(SENDER) is None


@pytest.mark.parametrize("text", ["no", "no dont call", "skip it"])
def test_a_no_ends_it(asked_for: Talk, text: str) -> None:
    wish = [{"entity": "wish", "value": "skip"}] if "skip" in text else []
    assert "kept" in asked_for.hear("nlu_fallback", wish, text=text)
    assert not (asked_for.asks or "").startswith("contact")


def test_a_name_with_a_number_is_both(asked_for: Talk) -> None:
    answer(asked_for, "my name is Walter, 559-555-0110")
    assert asked_for.asks == "contact_time"
    text = answer(asked_for, "no preference, mornings are best")
    assert "Walter, (559) 555-0110, no preference, mornings are best" in text
    assert asked_for.said[-1]["custom"]["private"] is True


def test_a_button_of_an_earlier_message_is_no_name(asked_for: Talk) -> None:
    asked_for.press("immediate_danger=true")
    assert consultations.latest(SENDER) is None
    assert asked_for.knows("immediate_danger") is True
    assert "911" in asked_for.said[-1]["text"]


def test_who_wants_any_person_is_told_of_one_now_and_asked_whether_to_be_called() -> None:
    talk = Talk(**NO_DANGER)
    text = talk.hear("request_human")
    assert "1-888-466-2219" in text
    assert talk.asks == "contact_wanted"
    talk.hear("affirm", text="yes please")
    assert talk.asks == "contact_name"


def test_a_wrong_number_can_be_put_right(asked_for: Talk) -> None:
    answer(asked_for, "Maria", "415-555-0134", "any time")
    asked_for.hear("affirm", text="yes")
    asked_for.hear("nlu_fallback", [{"entity": "wish", "value": "change_contact"}], text="my number is wrong")
    assert asked_for.asks == "contact_reach"
    text = answer(asked_for, "323-555-0149")
    assert "Maria, (323) 555-0149, any time" in text
    asked_for.hear("affirm", text="yes")
    stored = consultations.latest(SENDER)
    assert stored is not None
    assert (stored.state, stored.reach) == ("new", "(323) 555-0149")


def test_why_is_explained_for_each_part(asked_for: Talk) -> None:
    text = asked_for.hear("help", [{"entity": "wish", "value": "why"}])
    assert "knows whom to ask for" in text
    assert asked_for.asks == "contact_name"


def test_a_name_is_no_fact_of_the_case(asked_for: Talk) -> None:
    asked_for.hear("give_details", [{"entity": "carrier", "value": "kaiser", "role": "stated"}], text="Kaiser Jones")
    assert asked_for.knows("carrier") is None


def test_a_second_request_is_not_taken_twice(asked_for: Talk) -> None:
    answer(asked_for, "Maria", "maria@example.com", "any time")
    asked_for.hear("affirm", text="yes")
    assert "there already, with number" in asked_for.hear("request_consultation")


@pytest.mark.parametrize("intent", ["medical_emergency", "stop", "delete_my_data"])
def test_danger_stop_and_erasing_come_before_it(asked_for: Talk, intent: str) -> None:
    asked_for.hear(intent, text="...")
    assert asked_for.rejected


def test_a_question_in_the_middle_is_handed_over(asked_for: Talk) -> None:
    asked_for.hear("ask_cost", text="what does that cost?")
    assert asked_for.rejected


def test_a_word_is_explained_in_the_middle_and_the_part_comes_again(asked_for: Talk) -> None:
    text = asked_for.hear("help", [{"entity": "wish", "value": "explain grievance"}], text="what is a grievance")
    assert "complaint to your own plan" in text
    assert asked_for.asks == "contact_name"


def test_who_was_only_asked_whether_they_want_a_call_can_go_on_with_their_story() -> None:
    talk = Talk(**NO_DANGER)
    talk.hear("request_human")
    talk.hear("report_denial", [{"entity": "carrier", "value": "anthem", "role": "stated"}], text="Anthem denied it")
    assert talk.knows("carrier") == "anthem"
    assert talk.asks == "plan_type"


@pytest.mark.parametrize("answers", [["deny"], ["323-555-0149", "deny"]])
def test_who_changes_a_number_and_says_no_is_told_that_the_request_stays_and_it_does(
    asked_for: Talk, answers: list[str]
) -> None:
    answer(asked_for, "Maria", "415-555-0134", "any time")
    asked_for.hear("affirm", text="yes")
    agreed = consultations.latest(SENDER)
    asked_for.press("wish=change_contact")
    for one in answers:
        text = asked_for.hear("deny", text="no") if one == "deny" else answer(asked_for, one)
    assert "Your earlier request stays as it was." in text
    assert consultations.latest(SENDER) == agreed


@pytest.mark.parametrize("name", ["Ann Purcell", "Ismail Khan", "Jamail Brown", "Marcell"])
def test_a_name_with_the_word_for_a_phone_in_it_is_kept_whole(asked_for: Talk, name: str) -> None:
    answer(asked_for, name)
    draft = consultations.draft_of(SENDER)
    assert draft
    assert draft.name == name


@pytest.mark.parametrize("time", ["May 5th in the morning", "after 5, when I'm home", "will be home after 3"])
def test_a_time_may_begin_like_a_question(asked_for: Talk, time: str) -> None:
    answer(asked_for, "Maria", "415-555-0134", time)
    assert asked_for.asks == "contact_consent"
    draft = consultations.draft_of(SENDER)
    assert draft
    assert draft.best_time == time


def test_a_request_is_not_lost_over_a_time(asked_for: Talk) -> None:
    text = answer(asked_for, "Maria", "415-555-0134", "what?", "what?", "what?")
    assert asked_for.asks == "contact_consent"
    assert "Any time" in text


def test_a_request_that_was_only_opened_again_is_never_lost(asked_for: Talk) -> None:
    answer(asked_for, "Maria", "415-555-0134", "any time")
    asked_for.hear("affirm", text="yes")
    asked_for.press("wish=change_contact")
    for _ in range(3):
        answer(asked_for, "hm what")
    stored = consultations.latest(SENDER)
    assert stored is not None
    assert (stored.state, stored.reach) == ("new", "(415) 555-0134")


def test_what_is_read_back_wrongly_can_be_put_right(asked_for: Talk) -> None:
    answer(asked_for, "Maria like i said", "415-555-0134", "any time")
    text = asked_for.hear("deny", text="no thats wrong, it should be Mariana")
    assert asked_for.asks == "contact_name"
    assert "put that right" in text
    assert "Mariana, (415) 555-0134" in answer(asked_for, "Mariana")


def test_a_question_is_no_time(asked_for: Talk) -> None:
    answer(asked_for, "Maria", "415-555-0134", "thank you. are we going to the state tomorrow")
    assert asked_for.asks == "contact_time"


def test_a_yes_is_no_name(asked_for: Talk) -> None:
    asked_for.hear("affirm", text="yes")
    assert asked_for.asks == "contact_name"
    assert consultations.latest(SENDER) is None


@pytest.mark.parametrize("text", ["what", "hm maybe later", "who reads that"])
def test_what_is_no_yes_stores_nothing_for_staff(asked_for: Talk, text: str) -> None:
    answer(asked_for, "Maria", "maria@example.com", "any time", text)
    assert asked_for.asks == "contact_consent"
    assert consultations.owed(consultations.now(), 10) == []


def agreed_to(talk: Talk) -> consultations.Request:
    """The request of a talk that goes through all its parts."""
    talk.hear("request_consultation")
    answer(talk, "Maria", "maria@example.com", "any time")
    talk.hear("affirm", text="yes")
    stored = consultations.latest(SENDER)
    assert stored
    return stored


def test_staff_see_whether_the_call_was_asked_for_before_or_after_the_answer() -> None:
    assert agreed_to(Talk(**NO_DANGER)).reason == "asked_for"
    told = {"provider_support": "in_plan_recommended", "care_status": "future", "service_category": "imaging"}
    answered = Talk(**{**NEW_DENIAL, **told})
    answered.hear("give_details")
    consultations.erase(SENDER)
    assert agreed_to(answered).reason == "plan_grievance"


def test_a_call_that_is_booked_is_not_taken_again(asked_for: Talk) -> None:
    number = agreed_to(asked_for).id
    with transaction(None) as session:
        session.execute(sa.update(Consultation).values(state="booked"))
    assert f"number {number}" in asked_for.hear("request_consultation")
    assert consultations.draft_of(SENDER) is None


@pytest.mark.parametrize("plan", ["managed_care", "rx", "fee_for_service", "cohs"])
@pytest.mark.parametrize("hearing", ["requested", "held"])
def test_who_asked_for_a_hearing_is_offered_a_call_whatever_the_medi_cal(plan: str, hearing: str) -> None:
    facts = {**NEW_DENIAL, "plan_type": f"medi_cal_{plan}", "state_hearing": hearing}
    assert would_help(CaseFacts.model_validate(facts), assess(facts))


def test_who_did_nothing_yet_is_offered_no_call() -> None:
    assert not would_help(CaseFacts.model_validate(NEW_DENIAL), assess(NEW_DENIAL))


def test_who_asks_for_a_person_in_danger_is_told_whom_to_call_now() -> None:
    talk = Talk(immediate_danger=True)
    assert talk.hear("request_human").startswith("For a person right now: 911")
    assert talk.asks is None


def test_the_practice_says_all_that_it_set_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"HOURS": "Monday to Friday", "PRICES": "Nothing for the first call", "PHONE": "(213) 555-0100"}
    for name, value in said.items():
        monkeypatch.setenv(f"IMR_PRACTICE_{name}", value)
    monkeypatch.setenv("IMR_BOOKING_URL", "https://example.com/book")
    settings.clear_settings()
    told = " ".join([*practice.how_to_reach(), practice.prices()])
    assert not [one for one in (*said.values(), "https://example.com/book") if one not in told]


def test_a_request_is_erased_when_the_person_says_so(asked_for: Talk) -> None:
    agreed_to(asked_for)
    wish = [{"entity": "wish", "value": "cancel_call"}]
    assert "erased" in asked_for.hear("nlu_fallback", wish, text="cancel my call request")
    assert consultations.latest(SENDER) is None
    assert "no request" in asked_for.hear("nlu_fallback", wish, text="cancel my call request")
