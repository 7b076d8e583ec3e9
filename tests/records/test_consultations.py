"""A request to be called back: told in parts, kept sealed, confirmed, corrected, never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from records import consultations, conversations
from records.consultations import IncompleteError, Request
from records.engine import engine, transaction
from records.models import Consultation, Conversation
from tests.records.callers import NOW, TOLD, confirmed, only, tell

pytestmark = pytest.mark.usefixtures("key")


def raw(url: str) -> str:
    """The table as it lies on the disk."""
    with engine(url).connect() as connection:
        return str(connection.execute(sa.text("SELECT * FROM consultations")).all())


def age_draft(url: str, moment: datetime) -> None:
    with transaction(url) as session:
        session.execute(sa.update(Consultation).values(updated_at=moment))


def test_what_was_told_in_parts_is_one_draft(url: str) -> None:
    tell(url)
    draft = consultations.draft_of("web-1", url=url)
    assert draft == Request(1, "draft", **TOLD, reason=None, consent_at=None)


def test_a_part_told_again_takes_the_place_of_the_first(url: str) -> None:
    tell(url)
    tell(url, reach="maria@example.com")
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert (draft.name, draft.reach) == ("Maria Testperson", "maria@example.com")


@pytest.mark.parametrize(("part", "value"), [("name", ""), ("name", " \n"), ("illness", "a"), ("state", "new")])
def test_a_part_without_words_or_of_another_kind_is_refused(part: str, value: str, url: str) -> None:
    with pytest.raises(ValueError, match="name, reach, best_time"):
        tell(url, **{part: value})
    assert consultations.latest("web-1", url=url) is None


def test_no_word_of_the_contact_lies_open_in_the_table(url: str) -> None:
    confirmed(url)
    assert not [word for word in ("Maria", "Testperson", "415) 555", "555-0134", "mornings") if word in raw(url)]


def test_confirming_hands_the_draft_over_with_the_time_of_consent(url: str) -> None:
    number = confirmed(url)
    assert consultations.draft_of("web-1", url=url) is None
    assert consultations.latest("web-1", url=url) == Request(
        number, "new", **TOLD, reason="plan_grievance", consent_at=NOW
    )


def test_confirming_twice_changes_nothing(url: str) -> None:
    number = confirmed(url)
    assert consultations.confirm("web-1", "asked_for", at=NOW + timedelta(hours=1), url=url) == number
    kept = consultations.latest("web-1", url=url)
    assert kept
    assert (kept.reason, kept.consent_at) == ("plan_grievance", NOW)


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ({"name": "Maria"}, ("reach",)),
        ({"reach": "maria@example.com"}, ("name",)),
        ({"best_time": "mornings"}, ("name", "reach")),
    ],
)
def test_without_a_name_and_a_way_to_reach_them_nothing_is_handed_over(
    parts: dict[str, str], lacking: tuple[str, ...], url: str
) -> None:
    tell(url, **parts)
    with pytest.raises(IncompleteError) as caught:
        consultations.confirm("web-1", "asked_for", url=url)
    assert caught.value.lacking == lacking
    assert consultations.owed(NOW + timedelta(days=9), 10, url=url) == []


def test_without_a_draft_nothing_is_handed_over(url: str) -> None:
    with pytest.raises(IncompleteError):
        consultations.confirm("web-1", "asked_for", url=url)


def test_a_request_without_a_best_time_is_whole(url: str) -> None:
    tell(url, name="Maria", reach="maria@example.com")
    assert consultations.confirm("web-1", "asked_for", url=url)


def test_after_a_request_another_one_can_be_made(url: str) -> None:
    first = confirmed(url)
    assert confirmed(url, at=NOW + timedelta(days=1)) != first
    assert len(consultations.owed(NOW + timedelta(days=2), 10, url=url)) == 2


def test_a_change_begins_with_the_parts_of_the_request_which_stands_meanwhile(url: str) -> None:
    number = confirmed(url)
    assert consultations.begin_change("web-1", url=url)
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert draft == Request(draft.id, "draft", **TOLD, reason=None, consent_at=None)
    standing = consultations.standing("web-1", url=url)
    assert standing == Request(number, "new", **TOLD, reason="plan_grievance", consent_at=NOW)
    assert only(url, NOW + timedelta(hours=1)).id == number


def test_a_number_is_corrected_in_a_request_that_is_changed(url: str) -> None:
    number = confirmed(url)
    consultations.begin_change("web-1", url=url)
    tell(url, reach="(415) 555-0199")
    later = NOW + timedelta(hours=1)
    assert consultations.confirm("web-1", "asked_for", at=later, url=url) == number
    corrected = {**TOLD, "reach": "(415) 555-0199"}
    kept = consultations.latest("web-1", url=url)
    assert kept == Request(number, "new", **corrected, reason="asked_for", consent_at=later)


def test_of_two_requests_the_newer_one_is_changed(url: str) -> None:
    confirmed(url)
    newer = confirmed(url, at=NOW + timedelta(days=1))
    assert consultations.begin_change("web-1", url=url)
    assert consultations.confirm("web-1", "asked_for", url=url) == newer
    assert len(consultations.owed(NOW + timedelta(days=2), 10, url=url)) == 2


@pytest.mark.parametrize("state", ["called", "closed"])
def test_a_change_of_a_request_that_staff_are_done_with_is_a_request_of_its_own(state: str, url: str) -> None:
    number = confirmed(url)
    consultations.begin_change("web-1", url=url)
    with transaction(url) as session:
        session.execute(sa.update(Consultation).where(Consultation.id == number).values(state=state))
    assert consultations.confirm("web-1", "asked_for", url=url) != number


def test_a_yes_without_a_draft_is_not_answered_with_an_old_request(url: str) -> None:
    confirmed(url)
    with transaction(url) as session:
        session.execute(sa.update(Consultation).values(state="closed"))
    with pytest.raises(IncompleteError):
        consultations.confirm("web-1", "asked_for", url=url)


@pytest.mark.parametrize("state", ["called", "booked", "closed"])
def test_a_request_that_staff_took_up_is_not_changed(state: str, url: str) -> None:
    confirmed(url)
    with transaction(url) as session:
        session.execute(sa.update(Consultation).values(state=state))
    assert not consultations.begin_change("web-1", url=url)
    assert consultations.draft_of("web-1", url=url) is None


def test_where_there_is_no_request_or_a_draft_already_no_change_begins(url: str) -> None:
    assert not consultations.begin_change("web-1", url=url)
    confirmed(url, "web-2")
    assert not consultations.begin_change("web-1", url=url), "the request of another conversation"
    confirmed(url)
    tell(url, name="Another Person")
    assert not consultations.begin_change("web-1", url=url)
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert draft.name == "Another Person"


def test_a_change_that_was_left_is_dropped_and_the_request_stands(url: str) -> None:
    number = confirmed(url)
    consultations.begin_change("web-1", url=url)
    age_draft(url, NOW)
    later = NOW + timedelta(hours=25)
    assert consultations.drop_stale_drafts(later, url=url) == 1
    assert only(url, later).id == number


def test_a_person_who_says_no_to_a_change_keeps_the_request_as_it_was(url: str) -> None:
    number = confirmed(url)
    consultations.begin_change("web-1", url=url)
    tell(url, reach="(415) 555-0199")
    assert consultations.withdraw("web-1", url=url)
    kept = consultations.latest("web-1", url=url)
    assert kept == Request(number, "new", **TOLD, reason="plan_grievance", consent_at=NOW)


def test_withdrawing_erases_the_draft_and_no_request(url: str) -> None:
    number = confirmed(url)
    tell(url)
    assert consultations.withdraw("web-1", url=url)
    assert not consultations.withdraw("web-1", url=url)
    kept = consultations.latest("web-1", url=url)
    assert kept
    assert (kept.id, kept.state) == (number, "new")


def test_erasing_leaves_no_request_of_the_conversation_and_those_of_others(url: str) -> None:
    confirmed(url)
    tell(url)
    confirmed(url, "web-2")
    assert consultations.erase("web-1", url=url) == 2
    assert consultations.latest("web-1", url=url) is None
    assert consultations.latest("web-2", url=url) is not None


def test_requests_go_when_their_conversation_goes(url: str) -> None:
    confirmed(url)
    with transaction(url) as session:
        session.execute(sa.delete(Conversation).where(Conversation.sender_id == "web-1"))
    assert raw(url) == "[]"


@pytest.mark.parametrize(("hours", "gone"), [(0, 0), (23.9, 0), (24.1, 1), (1000, 1)])
def test_a_draft_that_nobody_went_on_with_is_erased_after_a_day(hours: float, gone: int, url: str) -> None:
    tell(url)
    age_draft(url, NOW)
    assert consultations.drop_stale_drafts(NOW + timedelta(hours=hours), url=url) == gone
    assert (consultations.draft_of("web-1", url=url) is None) == bool(gone)


def test_a_confirmed_request_never_grows_stale(url: str) -> None:
    confirmed(url)
    age_draft(url, NOW)
    assert consultations.drop_stale_drafts(NOW + timedelta(days=99), url=url) == 0


def test_a_conversation_has_one_draft_at_most(url: str) -> None:
    tell(url)
    whose = conversations.start("web-1", "web", url=url)
    with pytest.raises(sa.exc.IntegrityError), transaction(url) as session:
        session.add(Consultation(conversation_id=whose, state="draft"))


def test_parts_told_at_the_same_moment_are_one_draft(url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda part: tell(url, **{part: TOLD[part]}), TOLD))
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert (draft.name, draft.reach, draft.best_time) == tuple(TOLD.values())
