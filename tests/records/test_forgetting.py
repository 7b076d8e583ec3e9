"""What a person asks to be forgotten is gone from every place; what is old goes by itself; twice is like once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import settings
from records import (
    audit,
    backups,
    call_queue,
    cases,
    consultations,
    corrections,
    forgetting,
    inbox,
    notes,
    reminders,
    short_links,
    staff,
    staff_sessions,
    transcripts,
)
from records.corrections import Proposal
from records.engine import engine, transaction
from records.forgetting import STORES
from records.inbox import Wanted
from records.models import Consultation, Conversation, now
from records.short_links import mint
from records.text_models import Reminder
from tests.records.told import BEGAN, SENDER, keep_case, tell_story

pytestmark = pytest.mark.usefixtures("key")
# Words that occur nowhere else: whatever is found of them is residue.
NAME, NUMBER, STORY_WORD, NOTE_WORD, FIX_WORD = (
    "Zebulonia Quartz",
    "(415) 555-0199",
    "xylophonitis",
    "marmaladium",
    "quixotropin",
)
SEEDS = (*NAME.split(), NUMBER, "5550199", STORY_WORD, NOTE_WORD, FIX_WORD)
STORY = f"Kaiser denied the treatment of my {STORY_WORD} with {FIX_WORD}"
PHONE = "+14155550199"


@pytest.fixture
def file_url(key: str, tmp_path: Path) -> str:
    """A database whose file can be searched."""
    from records import schema

    url = f"sqlite:///{tmp_path / 'searched.sqlite3'}"
    schema.upgrade(url)
    return url


def seed(url: str, sender: str = SENDER, began: datetime = BEGAN) -> int:
    """Something in every store."""
    number = tell_story(url, sender, STORY, began)
    for part, value in (("name", NAME), ("reach", NUMBER), ("best_time", "mornings")):
        consultations.keep_part(sender, "web", part, value, url=url)  # type: ignore[arg-type]
    request = consultations.confirm(sender, "asked_for", at=began, url=url)
    author = staff.named("ana", url=url) or staff.add("ana", "reviewer", "a long password", url=url).member
    notes.add(number, author.id, f"{NAME}: {NOTE_WORD}", by="ana", consultation_id=request, url=url)
    wanted = Proposal(1, "good", STORY, began.date())
    corrections.propose(number, wanted, author.id, by="ana", intents=(), url=url)
    reminders.begin_by_code(sender, PHONE, lambda code: code, at=began, url=url)
    mint(sender, url=url)
    with transaction(url) as session:
        session.get(Conversation, number).updated_at = began
        session.get(Consultation, request).updated_at = began
    return number


def files_of(url: str, folder: Path) -> list[Path]:
    with engine(url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return [path for path in folder.rglob("*") if path.is_file()]


def residue(url: str, folder: Path) -> list[str]:
    """Which of the seeds can be found in any file."""
    everything = b"\n".join(path.read_bytes() for path in files_of(url, folder))
    return [one for one in SEEDS if one.encode().lower() in everything.lower()]


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


class TestBackups:
    """A backup is whole, is put back whole, and does not bring back who was forgotten."""

    @pytest.fixture
    def kept(self, file_url: str) -> backups.Backup:
        seed(file_url)
        return backups.make(url=file_url)

    def test_it_is_for_nobody_else_on_the_machine(self, kept: backups.Backup) -> None:
        assert kept.file.stat().st_mode & 0o077 == 0

    def test_it_is_in_the_list_without_a_word_of_anybody(self, kept: backups.Backup) -> None:
        [line] = backups.listed()
        assert (line["file"], line["sha256"]) == (kept.file.name, kept.sha256)
        assert set(line) == {"file", "at", "bytes", "sha256"}

    def test_what_was_lost_comes_back(self, file_url: str, kept: backups.Backup, tmp_path: Path) -> None:
        tell_story(file_url, "web-later")
        with engine(file_url).begin() as connection:
            connection.execute(sa.text("DELETE FROM events"))
        assert backups.put_back(kept.file, url=file_url) == 0
        read = transcripts.read(1, url=file_url)
        assert read
        assert read.turns[0].text == STORY
        assert inbox.count(Wanted(), url=file_url) == 1
        assert (tmp_path / "searched.sqlite3.before-restore").exists()

    def test_who_was_forgotten_since_is_forgotten_again(
        self, file_url: str, kept: backups.Backup, tmp_path: Path
    ) -> None:
        forgetting.forget(SENDER, by="ana", url=file_url)
        assert backups.put_back(kept.file, url=file_url) == 1
        kept.file.unlink()
        (tmp_path / "searched.sqlite3.before-restore").unlink()
        assert residue(file_url, tmp_path) == []

    def test_what_remembers_the_forgotten_names_nobody(self, file_url: str, tmp_path: Path) -> None:
        seed(file_url)
        forgetting.forget(SENDER, by="ana", url=file_url)
        [line] = (tmp_path / "forgotten.jsonl").read_text().splitlines()
        assert SENDER not in line
        assert set(json.loads(line)) == {"mark", "at", "why"}

    def test_it_can_be_made_while_others_write(self, file_url: str) -> None:
        seed(file_url)
        with transaction(file_url) as session:
            session.add(Conversation(sender_id="web-open", channel="web"))
            session.flush()
            made = backups.make(url=file_url)
        assert made.size

    @pytest.mark.parametrize("damage", ["changed", "cut", "no database", "of another program"])
    def test_what_is_no_backup_of_ours_leaves_all_as_it_is(
        self, file_url: str, kept: backups.Backup, tmp_path: Path, damage: str
    ) -> None:
        file = tmp_path / "given"
        data = kept.file.read_bytes()
        file.write_bytes({"cut": data[: len(data) // 2], "no database": b"hello"}.get(damage, data))
        if damage == "changed":
            file = kept.file
            file.write_bytes(data + b"x")
        if damage == "of another program":
            with engine(f"sqlite:///{file}").begin() as connection:
                connection.execute(sa.text("DROP TABLE alembic_version"))
        before = transcripts.read(1, url=file_url)
        with pytest.raises(backups.BackupError):
            backups.put_back(file, url=file_url)
        assert transcripts.read(1, url=file_url) == before

    def test_a_file_that_is_there_is_not_written_over(self, file_url: str, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("precious")
        with pytest.raises(backups.BackupError, match="is there already"):
            backups.make(tmp_path / "mine", url=file_url)
        assert (tmp_path / "mine").read_text() == "precious"


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


class TestOldBackups:
    """Backups go when they are old, because they hold who was forgotten since."""

    def test_old_ones_go_and_new_ones_stay(self, file_url: str) -> None:
        seed(file_url)
        made = backups.make(url=file_url)
        assert backups.drop_old(BEGAN) == 0
        assert backups.drop_old(now() + timedelta(days=1)) == 1
        assert not made.file.exists()
        assert backups.listed() == []


def test_who_wrote_again_after_being_forgotten_is_not_forgotten_by_a_newer_backup(file_url: str) -> None:
    seed(file_url)
    forgetting.forget(SENDER, by="ana", url=file_url)
    tell_story(file_url, story="I write again after all this time")
    made = backups.make(url=file_url)
    assert backups.put_back(made.file, url=file_url) == 0
    assert inbox.count(Wanted(), url=file_url) == 1


def test_a_restore_ends_all_sessions_and_is_in_the_log(file_url: str) -> None:
    ana = staff.add("ana", "admin", "a long enough password", url=file_url).member
    cookie = staff_sessions.begin(ana, url=file_url)
    made = backups.make(url=file_url)
    backups.put_back(made.file, url=file_url)
    assert staff_sessions.open_session(cookie, url=file_url) is None
    details = audit.lines(1, url=file_url)[0].details
    assert (details["sha256"], details["lines_before"]) == (made.sha256, 1)


def test_a_backup_of_a_newer_version_leaves_all_as_it_is(file_url: str) -> None:
    seed(file_url)
    made = backups.make(url=file_url)
    with engine(f"sqlite:///{made.file}").begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    (made.file.parent / "backups.jsonl").unlink()
    with pytest.raises(backups.BackupError, match="newer version"):
        backups.put_back(made.file, url=file_url)
    assert inbox.count(Wanted(), url=file_url) == 1


def test_a_database_that_was_moved_away_is_noticed(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    for path in tmp_path.glob("searched.sqlite3*"):
        path.rename(path.with_name(f"moved-{path.name}"))
    with pytest.raises(sa.exc.OperationalError):
        tell_story(file_url, "web-2")


def test_the_database_is_for_nobody_else_on_the_machine(file_url: str, tmp_path: Path) -> None:
    seed(file_url)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("searched.sqlite3*"))
