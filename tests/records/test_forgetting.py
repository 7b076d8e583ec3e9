"""What a person asks to be forgotten is gone from every place; what is old goes by itself; twice is like once."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

import settings
from records import (
    audit,
    call_queue,
    cases,
    corrections,
    event_log,
    forgetting,
    inbox,
    notes,
    short_links,
    staff,
    transcripts,
)
from records.corrections import Proposal
from records.engine import engine, transaction
from records.forgetting import STORES
from records.inbox import Wanted
from records.models import Consultation, now
from records.short_links import mint
from records.text_models import Reminder
from tests.records.seeded import STORY, STORY_WORD, residue, seed
from tests.records.told import BEGAN, SENDER, keep_case, tell_story

pytestmark = pytest.mark.usefixtures("key")


def test_the_seeds_are_there_before(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    assert STORY_WORD in residue(file_url, tmp_path)


def test_nothing_is_left_in_any_file_and_the_receipt_names_every_store(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    receipt = forgetting.forget(SENDER, by="ana", url=file_url)
    assert tuple(receipt.erased) == STORES
    assert residue(file_url, tmp_path) == []
    assert [store for store, count in receipt.erased.items() if not count] == []


def test_twice_is_like_once(url: str) -> None:
    seed(url)
    forgetting.forget(SENDER, by="ana", url=url)
    lines = audit.verify(url=url).lines
    assert not forgetting.forget(SENDER, by="ana", url=url).anything
    assert audit.verify(url=url).lines == lines


def test_a_row_stays_for_counting_and_leads_to_nobody(url: str) -> None:
    number = seed(url)
    forgetting.forget(SENDER, by="ana", url=url)
    line = inbox.line(number, url=url)
    assert line
    assert (line.sender_id, line.route, line.preview, line.flags) == (f"gone-{number}", None, None, ())
    assert line.messages == 2
    assert inbox.page(Wanted(), 9, url=url).lines == []


def test_the_others_stay(url: str) -> None:
    seed(url)
    other = tell_story(url, "web-other")
    forgetting.forget(SENDER, by="ana", url=url)
    read = transcripts.read(other, url=url)
    assert read
    assert len(read.turns) == 2
    assert cases.load("web-other", url=url)


def test_the_log_says_that_it_was_done_and_nothing_of_what(url: str) -> None:
    number = seed(url)
    forgetting.forget(SENDER, by="rui", url=url)
    [line] = audit.lines(1, url=url)
    assert (line.actor, line.action, line.subject) == ("rui", "forget", f"conversation {number}")
    assert all(isinstance(count, int) for count in line.details.values())


def test_who_is_forgotten_can_write_again_from_the_same_page(url: str) -> None:
    first = seed(url)
    forgetting.forget(SENDER, by="the person", url=url)
    assert tell_story(url) != first


def test_a_case_is_found_by_the_number_on_its_papers(url: str) -> None:
    from records.links import case_id

    seed(url)
    number = case_id(SENDER)
    assert forgetting.by_case_number(f" {number.upper()} ", url=url) == SENDER
    forgetting.forget(SENDER, by="ana", url=url)
    assert forgetting.by_case_number(number, url=url) is None


class TestPurge:
    """What nothing happened to for long goes, and what is counted stays."""

    LIMIT = BEGAN + timedelta(days=1)

    def test_what_is_old_goes_and_what_is_counted_stays(self, file_url: str, tmp_path: Path) -> None:
        number = seed(file_url)
        assert forgetting.due(self.LIMIT, url=file_url) == 1
        assert forgetting.purge(self.LIMIT, by="retention", url=file_url) == 1
        line = inbox.line(number, url=file_url)
        assert line
        assert (line.route, line.flags, line.preview) == ("more_information", ("asked_for_call",), None)
        assert residue(file_url, tmp_path) == []

    def test_twice_is_like_once(self, url: str) -> None:
        seed(url)
        assert forgetting.purge(self.LIMIT, by="retention", url=url) == 1
        assert forgetting.purge(self.LIMIT, by="retention", url=url) == 0

    @pytest.mark.parametrize("days", [0, -1])
    def test_what_is_not_old_enough_stays(self, url: str, days: int) -> None:
        seed(url)
        assert forgetting.purge(BEGAN + timedelta(days=days), by="retention", url=url) == 0

    def test_a_call_that_staff_work_on_keeps_it(self, url: str) -> None:
        seed(url)
        [request] = call_queue.queue("new", 9, url=url)
        call_queue.move(request.id, "called", by="ana", url=url)
        assert forgetting.purge(self.LIMIT, by="retention", url=url) == 0

    def test_many_go_in_one_go(self, url: str) -> None:
        for number in range(230):
            tell_story(url, f"web-{number:032}")
        assert forgetting.purge(self.LIMIT, by="retention", url=url) == 230
        assert audit.verify(url=url).problem == ""


def test_a_link_of_somebody_forgotten_opens_nothing(url: str) -> None:
    current = settings.settings().model_copy(update={"database_url": url})
    tell_story(url)
    code = mint(SENDER, url=url)
    forgetting.forget(SENDER, by="ana", url=url)
    with pytest.raises(short_links.BadLink):
        short_links.opened(code, current=current)


def test_what_a_turn_under_way_still_holds_is_not_stored_again(url: str) -> None:
    seed(url)
    before = BEGAN
    forgetting.forget(SENDER, by="ana", url=url)
    keep_case(url)
    with transaction(url) as session:
        assert forgetting.was_forgotten_since(session, SENDER, before)
        forgetting.erase_again(session, SENDER)
    assert cases.load(SENDER, url=url) is None
    with transaction(url) as session:
        assert not forgetting.was_forgotten_since(session, SENDER, now() + timedelta(minutes=1))


@pytest.mark.parametrize("write", ["note", "correction"])
def test_a_form_sent_just_before_writes_nothing_back(url: str, write: str) -> None:
    number = seed(url)
    ana = staff.named("ana", url=url)
    assert ana
    forgetting.forget(SENDER, by="ana", url=url)
    if write == "note":
        with pytest.raises(notes.NoteError, match="not_there"):
            notes.add(number, ana.id, "late", by="ana", url=url)
    else:
        with pytest.raises(corrections.CorrectionError, match="not_there"):
            corrections.propose(
                number, Proposal(1, "good", STORY, BEGAN.date()), ana.id, by="ana", intents=(), url=url
            )


class TestPromises:
    """What is still to come keeps a conversation from being purged."""

    def test_a_call_with_a_time(self, url: str) -> None:
        number = seed(url)
        with transaction(url) as session:
            row = session.query(Consultation).one()
            row.state, row.booked_for, row.updated_at = "booked", now() + timedelta(days=5), BEGAN
        assert forgetting.purge(TestPurge.LIMIT, by="retention", url=url) == 0
        assert inbox.line(number, url=url)

    def test_reminders_that_are_on(self, url: str) -> None:
        seed(url)
        with transaction(url) as session:
            session.query(Reminder).one().state = "on"
        assert forgetting.purge(TestPurge.LIMIT, by="retention", url=url) == 0


def test_a_turn_that_is_being_stored_when_somebody_is_forgotten_is_erased_too(url: str) -> None:
    """On PostgreSQL the turn holds the conversation, so that forgetting waits and finds what it wrote."""
    if url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    tell_story(url)
    with transaction(url) as turn:
        event_log.hold(turn, SENDER)
        forgetting_it = Thread(target=forgetting.forget, args=(SENDER,), kwargs={"by": "ana", "url": url})
        forgetting_it.start()
        time.sleep(0.5)
        event_log.add(turn, SENDER, [{"event": "user", "text": "the last xylophone", "timestamp": 1.0}])
    forgetting_it.join()
    with engine(url).connect() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM events WHERE data LIKE '%xylophone%'")).scalar()
    assert kept == 0
