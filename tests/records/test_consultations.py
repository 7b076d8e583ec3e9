"""A request to be called back: told in parts, kept sealed, never lost, told to staff once in each way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from records import consultations, conversations
from records.consultations import IncompleteError, Owed, Request
from records.engine import engine, transaction
from records.models import Consultation, Conversation

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD = {"name": "Maria Testperson", "reach": "(415) 555-0134", "best_time": "mornings"}

pytestmark = pytest.mark.usefixtures("key")


def tell(url: str, sender: str = "web-1", **parts: str) -> None:
    for part, value in (parts or TOLD).items():
        consultations.keep_part(sender, "web", part, value, url=url)  # type: ignore[arg-type]


def confirmed(url: str, sender: str = "web-1", at: datetime = NOW) -> int:
    tell(url, sender)
    return consultations.confirm(sender, "plan_grievance", at=at, url=url)


def only(url: str, moment: datetime = NOW) -> Owed:
    [one] = consultations.owed(moment, 10, url=url)
    return one


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


def test_a_draft_knows_what_it_lacks(url: str) -> None:
    tell(url, best_time="mornings")
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert draft.lacking == ("name", "reach")


@pytest.mark.parametrize(("part", "value"), [("name", ""), ("name", " \n"), ("illness", "a"), ("state", "new")])
def test_a_part_without_words_or_of_another_kind_is_refused(part: str, value: str, url: str) -> None:
    with pytest.raises(ValueError, match="name, reach, best_time"):
        tell(url, **{part: value})
    assert consultations.latest("web-1", url=url) is None


def test_no_word_of_the_contact_lies_open_in_the_table(url: str) -> None:
    confirmed(url)
    assert not [word for word in ("Maria", "Testperson", "555", "0134", "mornings") if word in raw(url)]


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


def test_what_is_owed_says_nothing_of_the_contact(url: str) -> None:
    number = confirmed(url)
    assert only(url) == Owed(number, NOW, "web", frozenset(), NOW)


def test_a_draft_is_not_owed(url: str) -> None:
    tell(url)
    assert consultations.owed(NOW + timedelta(days=1), 10, url=url) == []


def test_the_longest_due_come_first_and_no_more_than_asked_for(url: str) -> None:
    numbers = [confirmed(url, f"web-{n}", NOW - timedelta(minutes=n)) for n in range(3)]
    assert [one.id for one in consultations.owed(NOW, 2, url=url)] == [numbers[2], numbers[1]]


def test_a_request_is_owed_until_it_was_told_in_each_way(url: str) -> None:
    number = confirmed(url)
    consultations.told(number, "email", at=NOW, url=url)
    assert only(url).told == {"email"}
    consultations.told(number, "webhook", at=NOW, url=url)
    assert consultations.owed(NOW, 10, url=url) == []


def test_only_the_ways_that_are_in_use_count(url: str) -> None:
    number = confirmed(url)
    consultations.told(number, "email", at=NOW, url=url)
    assert consultations.owed(NOW, 10, via=("email",), url=url) == []
    assert consultations.owed(NOW, 10, via=("webhook",), url=url)
    assert consultations.owed(NOW, 10, via=(), url=url) == []


def test_a_request_that_staff_took_up_is_owed_no_more(url: str) -> None:
    confirmed(url)
    with transaction(url) as session:
        session.execute(sa.update(Consultation).values(state="called"))
    assert consultations.owed(NOW, 10, url=url) == []


def test_a_request_is_claimed_by_one_only_and_comes_back_when_that_one_dies(url: str) -> None:
    confirmed(url)
    one = only(url)
    assert consultations.claim(one, NOW, url=url)
    assert not consultations.claim(one, NOW, url=url)
    assert consultations.owed(NOW + timedelta(seconds=119), 10, url=url) == []
    assert consultations.claim(only(url, NOW + timedelta(seconds=121)), NOW, url=url)


def test_of_many_who_claim_at_the_same_moment_one_succeeds(url: str) -> None:
    confirmed(url)
    one = only(url)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: consultations.claim(one, NOW, url=url), range(8)))
    assert results.count(True) == 1


def test_parts_told_at_the_same_moment_are_one_draft(url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda part: tell(url, **{part: TOLD[part]}), TOLD))
    draft = consultations.draft_of("web-1", url=url)
    assert draft
    assert (draft.name, draft.reach, draft.best_time) == tuple(TOLD.values())


def test_a_request_that_was_erased_cannot_be_claimed(url: str) -> None:
    confirmed(url)
    one = only(url)
    consultations.erase("web-1", url=url)
    assert not consultations.claim(one, NOW, url=url)
    assert consultations.failed(one.id, NOW, url=url) is None


def test_each_failure_doubles_the_pause_up_to_an_hour_and_there_is_always_a_next_try(url: str) -> None:
    number = confirmed(url)
    pauses = []
    for _ in range(12):
        due = consultations.failed(number, NOW, url=url)
        assert due
        pauses.append((due - NOW).total_seconds())
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]
    assert consultations.owed(NOW + timedelta(seconds=3599), 10, url=url) == []
    assert only(url, NOW + timedelta(seconds=3600)).id == number


@pytest.mark.parametrize("attempts", [1, 50, 10**6])
def test_no_number_of_failures_is_too_many(attempts: int) -> None:
    assert timedelta(0) < consultations.pause_after(attempts) <= timedelta(hours=1)
