"""Requests for a call as staff work through them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from records import audit, call_queue, consultations, notes, staff
from records.call_queue import FOLLOWING, Contact, QueueError
from records.notes import NoteError
from tests.records.callers import confirmed, tell
from tests.records.conftest import use_key

pytestmark = pytest.mark.usefixtures("key")
TIME = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)


def test_who_waited_longest_comes_first_and_drafts_not_at_all(url: str) -> None:
    first, second = confirmed(url, "web-1"), confirmed(url, "web-2")
    tell(url, "web-3")
    assert [one.id for one in call_queue.queue("new", 9, url=url)] == [first, second]
    assert [one.id for one in call_queue.queue("new", 9, after=first, url=url)] == [second]


def test_a_contact_is_opened_on_the_record(url: str) -> None:
    number = confirmed(url)
    assert call_queue.open_contact(number, by="ana", url=url) == Contact(
        "Maria Testperson", "(415) 555-0134", "mornings"
    )
    [line] = audit.lines(1, url=url)
    assert (line.actor, line.action, line.subject) == ("ana", "contact.view", f"consultation {number}")


def test_a_contact_sealed_with_another_key_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = confirmed(url)
    use_key(monkeypatch, "x" * 32)
    assert call_queue.open_contact(number, by="ana", url=url) == Contact(None, None, None)


@pytest.mark.parametrize(("state", "following"), [(one, after) for one, some in FOLLOWING.items() for after in some])
def test_each_state_leads_to_those_that_may_follow(url: str, state: str, following: str) -> None:
    number = confirmed(url)
    if state != "new":
        call_queue.move(number, state, by="ana", booked_for=TIME, url=url)
    call_queue.move(number, following, by="ana", booked_for=TIME, url=url)
    found = call_queue.one(number, url=url)
    assert found
    assert (found.state, found.booked_for) == (following, TIME if following == "booked" else None)


def test_what_cannot_follow_is_refused(url: str) -> None:
    number = confirmed(url)
    for state, problem in (("new", "bad_state"), ("draft", "bad_state"), ("booked", "no_time")):
        with pytest.raises(QueueError, match=problem):
            call_queue.move(number, state, by="ana", url=url)
    with pytest.raises(QueueError, match="not_there"):
        call_queue.move(99, "called", by="ana", url=url)


def test_who_asks_again_after_a_call_has_a_request_of_their_own(url: str) -> None:
    first = confirmed(url)
    call_queue.move(first, "closed", by="ana", url=url)
    assert confirmed(url) != first
    assert consultations.standing("web-1", url=url)


def test_outcomes_are_noted_sealed_and_read_back(url: str) -> None:
    number = confirmed(url)
    request = call_queue.one(number, url=url)
    assert request
    ana = staff.add("ana", "reviewer", "a long password", url=url).member
    notes.add(request.conversation_id, ana.id, "Left a message.", by="ana", consultation_id=number, url=url)
    assert call_queue.outcomes([number], url=url) == {number: "Left a message."}
    [note] = notes.of(request.conversation_id, consultation_id=number, url=url)
    assert (note.author, note.text) == ("ana", "Left a message.")


@pytest.mark.parametrize(("text", "problem"), [("", "empty_note"), ("  \n", "empty_note"), ("x" * 4001, "long_note")])
def test_a_note_that_cannot_be_kept(url: str, text: str, problem: str) -> None:
    ana = staff.add("ana", "reviewer", "a long password", url=url).member
    with pytest.raises(NoteError, match=problem):
        notes.add(1, ana.id, text, by="ana", url=url)


def test_a_note_of_another_key_is_shown_as_unreadable(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(url)
    ana = staff.add("ana", "reviewer", "a long password", url=url).member
    notes.add(1, ana.id, "words", by="ana", url=url)
    use_key(monkeypatch, "x" * 32)
    assert notes.of(1, url=url)[0].text is None
