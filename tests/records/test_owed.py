"""Staff are told of each request once in each way, never twice, and no request is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records import consultations
from records.consultations import Owed, Via
from records.engine import transaction
from records.models import Consultation
from tests.records.callers import NOW, confirmed, only, tell

pytestmark = pytest.mark.usefixtures("key")


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


@pytest.mark.parametrize(("hours", "owed"), [(0, True), (24, True), (24.1, False), (1000, False)])
@pytest.mark.parametrize("first", ["email", "webhook"])
def test_what_staff_have_known_for_a_day_is_not_owed_in_the_other_way(
    first: Via, hours: float, owed: bool, url: str
) -> None:
    number = confirmed(url)
    consultations.told(number, first, at=NOW, url=url)
    assert bool(consultations.owed(NOW + timedelta(hours=hours), 10, url=url)) == owed


def test_what_staff_never_heard_of_is_owed_however_old_it_is(url: str) -> None:
    confirmed(url)
    assert only(url, NOW + timedelta(days=999))


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
    assert consultations.owed(NOW + timedelta(seconds=299), 10, url=url) == []
    assert consultations.claim(only(url, NOW + timedelta(seconds=301)), NOW, url=url)


def test_of_many_who_claim_at_the_same_moment_one_succeeds(url: str) -> None:
    confirmed(url)
    one = only(url)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: consultations.claim(one, NOW, url=url), range(8)))
    assert results.count(True) == 1


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


@pytest.mark.parametrize(
    ("told", "still_owed"),
    [((), {"email", "webhook"}), (("email",), {"webhook"}), (("email", "webhook"), set())],
)
def test_staff_are_not_told_again_of_a_corrected_request(
    told: tuple[Via, ...], still_owed: set[Via], url: str
) -> None:
    number = confirmed(url)
    for way in told:
        consultations.told(number, way, at=NOW, url=url)
    consultations.begin_change("web-1", url=url)
    consultations.confirm("web-1", "asked_for", at=NOW + timedelta(hours=1), url=url)
    owed = consultations.owed(NOW + timedelta(hours=2), 10, url=url)
    assert {way for one in owed for way in {"email", "webhook"} - one.told} == still_owed
