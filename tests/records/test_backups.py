"""A backup is whole, is put back whole or not at all, and does not bring back who was forgotten."""

from __future__ import annotations

import errno
import json
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from records import (
    audit,
    backups,
    forgetting,
    inbox,
    postgres_dumps,
    restores,
    schema,
    staff,
    staff_sessions,
    transcripts,
)
from records.engine import NAME, engine, transaction
from records.inbox import Wanted
from records.models import Conversation, now
from tests.records.seeded import STORY, residue, seed
from tests.records.told import BEGAN, SENDER, tell_story

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture(params=["file_url", "postgres_url"], ids=["SQLite", "PostgreSQL"])
def any_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind."""
    return str(request.getfixturevalue(request.param))


def test_what_was_lost_comes_back_and_what_was_there_is_kept(any_url: str, tmp_path: Path) -> None:
    seed(any_url)
    kept = backups.make(url=any_url)
    tell_story(any_url, "web-later")
    with engine(any_url).begin() as connection:
        connection.execute(sa.text("DELETE FROM events"))
    assert restores.put_back(kept.file, url=any_url) == 0
    read = transcripts.read(1, url=any_url)
    assert read
    assert read.turns[0].text == STORY
    assert inbox.count(Wanted(), url=any_url) == 1
    [aside] = tmp_path.glob("*.before-restore")
    assert aside.stat().st_mode & 0o077 == 0
    assert restores.put_back(aside, url=any_url) == 0
    assert inbox.count(Wanted(), url=any_url) == 2
    assert [path for path in tmp_path.iterdir() if ".restoring" in path.name] == []


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

    def test_who_was_forgotten_since_is_forgotten_again(
        self, file_url: str, kept: backups.Backup, tmp_path: Path
    ) -> None:
        forgetting.forget(SENDER, by="ana", url=file_url)
        assert restores.put_back(kept.file, url=file_url) == 1
        kept.file.unlink()
        (tmp_path / "searched.sqlite3.before-restore").unlink()
        assert residue(file_url, tmp_path) == []

    def test_who_was_forgotten_through_another_process_is_forgotten_again_too(
        self, file_url: str, kept: backups.Backup, tmp_path: Path
    ) -> None:
        forgetting.forget(SENDER, by="ana", url=file_url)
        (tmp_path / "forgotten.jsonl").unlink()  # it stands in the folder of the other one
        assert restores.put_back(kept.file, url=file_url) == 1

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
            restores.put_back(file, url=file_url)
        assert transcripts.read(1, url=file_url) == before

    def test_a_file_that_is_there_is_not_written_over(self, file_url: str, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("precious")
        with pytest.raises(backups.BackupError, match="is there already"):
            backups.make(tmp_path / "mine", url=file_url)
        assert (tmp_path / "mine").read_text() == "precious"


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
    assert restores.put_back(made.file, url=file_url) == 0
    assert inbox.count(Wanted(), url=file_url) == 1


def test_a_restore_ends_all_sessions_and_is_in_the_log(file_url: str) -> None:
    ana = staff.add("ana", "admin", "a long enough password", url=file_url).member
    cookie = staff_sessions.begin(ana, url=file_url)
    made = backups.make(url=file_url)
    restores.put_back(made.file, url=file_url)
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
        restores.put_back(made.file, url=file_url)
    assert inbox.count(Wanted(), url=file_url) == 1


class TestOnPostgres:
    """The same holds of PostgreSQL, whose own programs make the copy."""

    @pytest.fixture
    def kept(self, postgres_url: str) -> backups.Backup:
        seed(postgres_url)
        return backups.make(url=postgres_url)

    def test_who_was_forgotten_since_is_forgotten_again(self, postgres_url: str, kept: backups.Backup) -> None:
        forgetting.forget(SENDER, by="ana", url=postgres_url)
        assert restores.put_back(kept.file, url=postgres_url) == 1

    def test_tables_that_a_later_version_made_do_not_stand_in_the_way(
        self, postgres_url: str, kept: backups.Backup
    ) -> None:
        with engine(postgres_url).begin() as connection:
            connection.execute(sa.text("CREATE TABLE later (id int PRIMARY KEY REFERENCES conversations (id))"))
            connection.execute(sa.text("CREATE FUNCTION later_one() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
        restores.put_back(kept.file, url=postgres_url)
        assert not sa.inspect(engine(postgres_url)).has_table("later")
        assert audit.verify(url=postgres_url).problem == ""

    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            ("changed", "its checksum is another"),
            ("cut", "pg_restore"),
            ("no database", "pg_restore"),
            ("newer", "newer version"),
            ("of another program", "not a database of this program"),
        ],
    )
    def test_what_is_no_backup_of_ours_leaves_all_as_it_is(
        self, postgres_url: str, kept: backups.Backup, tmp_path: Path, damage: str, told: str
    ) -> None:
        before = transcripts.read(1, url=postgres_url)
        file = tmp_path / "given"
        data = kept.file.read_bytes()
        file.write_bytes({"cut": data[: len(data) // 2], "no database": b"hello"}.get(damage, data))
        if damage == "changed":
            file = kept.file
            file.write_bytes(data + b"x")
        change = {
            "newer": "UPDATE alembic_version SET version_num = '9999'",
            "of another program": "ALTER TABLE alembic_version RENAME TO other",
        }.get(damage)
        if change:
            file.unlink()
            with engine(postgres_url).begin() as connection:
                connection.execute(sa.text(change))
            backups.make(file, url=postgres_url)
        with pytest.raises(backups.BackupError, match=told):
            restores.put_back(file, url=postgres_url)
        assert transcripts.read(1, url=postgres_url) == before

    def test_a_load_that_fails_half_way_leaves_all_as_it_is(
        self, postgres_url: str, kept: backups.Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tell_story(postgres_url, "web-later")
        run = postgres_dumps._run

        def run_and_spoil(command: list[str], url: sa.engine.URL) -> str:
            if command[0] == "psql":
                script = Path(command[-1].removeprefix("--file="))
                script.write_text(f"{script.read_text()}\nSELECT 1 / 0;\n")
            return run(command, url)

        monkeypatch.setattr(postgres_dumps, "_run", run_and_spoil)
        with pytest.raises(backups.BackupError, match="22012"):
            restores.put_back(kept.file, url=postgres_url)
        assert inbox.count(Wanted(), url=postgres_url) == 2
        assert not (tmp_path / restores.UNFINISHED).exists()

    def test_nothing_is_put_back_while_others_use_the_database(self, postgres_url: str, kept: backups.Backup) -> None:
        other = sa.create_engine(postgres_url, connect_args={"application_name": NAME})
        with other.connect(), pytest.raises(backups.BackupError, match="Other processes use the database"):
            restores.put_back(kept.file, url=postgres_url)
        other.dispose()

    def test_who_starts_meanwhile_waits(
        self, postgres_url: str, kept: backups.Backup, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load, order = postgres_dumps.load, []

        def load_slowly(*arguments: Any) -> None:
            starting.start()
            starting.join(0.5)
            order.append("loaded")
            load(*arguments)

        def start() -> None:
            schema.upgrade(postgres_url)
            order.append("started")

        starting = Thread(target=start)
        monkeypatch.setattr(postgres_dumps, "load", load_slowly)
        restores.put_back(kept.file, url=postgres_url)
        starting.join()
        assert order == ["loaded", "started"]


def test_who_was_forgotten_stays_so_through_a_backup_that_does_not_know_them(file_url: str, tmp_path: Path) -> None:
    old = backups.make(tmp_path / "old.sqlite3", url=file_url)
    seed(file_url)
    new = backups.make(tmp_path / "new.sqlite3", url=file_url)
    forgetting.forget(SENDER, by="ana", url=file_url)
    (tmp_path / "forgotten.jsonl").unlink()  # it was forgotten through another process
    assert restores.put_back(old.file, url=file_url) == 0
    assert restores.put_back(new.file, url=file_url) == 1
    assert inbox.count(Wanted(), url=file_url) == 0


def test_a_restore_that_is_ended_in_the_middle_is_finished_by_the_next_start(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(file_url)
    made = backups.make(url=file_url)
    forgetting.forget(SENDER, by="ana", url=file_url)

    def end(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restores, "finish", end)
        with pytest.raises(KeyboardInterrupt):
            restores.put_back(made.file, url=file_url)
    assert restores.finish(url=file_url) == 1
    assert restores.finish(url=file_url) == 0
    [line] = [one for one in audit.lines(9, url=file_url) if one.action == "restore"]
    assert (line.details["sha256"], line.details["ended_early"]) == (made.sha256, True)


def test_what_an_ended_restore_left_is_taken_away(file_url: str, tmp_path: Path) -> None:
    (tmp_path / "postgresql.restoring-x").mkdir()
    (tmp_path / "postgresql.restoring-x" / "script.sql").write_text(STORY)
    (tmp_path / "searched.sqlite3.restoring").write_text(STORY)
    backups.drop_old(BEGAN)
    assert residue(file_url, tmp_path) == []


def test_the_log_names_the_file_that_was_put_back_also_when_it_is_what_was_set_aside(
    file_url: str, tmp_path: Path
) -> None:
    seed(file_url)
    made = backups.make(url=file_url)
    restores.put_back(made.file, url=file_url)
    aside = tmp_path / "searched.sqlite3.before-restore"
    wanted = backups.sha256_of(aside)
    restores.put_back(aside, url=file_url)
    assert audit.lines(1, url=file_url)[0].details["sha256"] == wanted


def test_a_file_that_may_not_be_read_is_told_in_one_line(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(backups.BackupError, match="Permission denied"):
        restores.put_back(tmp_path / "elsewhere.sqlite3", url=file_url)
