"""Backups of the database, taken while everything runs, and put back whole or not at all.

SQLite: its online backup. PostgreSQL: its own programs (`postgres_dumps`). A backup holds what the database holds and
is for the account that runs this alone; the signing key is not in it and must be kept apart. The list of backups
(`backups.jsonl`) names files, sizes and checksums, and nothing of what is in them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

import settings
from records import audit, forgetting, postgres_dumps, schema
from records.console_models import StaffSession
from records.engine import NAME, forget_engine, transaction
from records.models import now
from records.writing import gone

FOLDER = "backups"
INDEX = "backups.jsonl"
PAGES_AT_ONCE = 1000
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"
)
OWNER_ONLY = 0o600
ASIDE = ".before-restore"


class BackupError(RuntimeError):
    """A backup cannot be made or put back; the text is one line a person can act on."""


class Backup(NamedTuple):
    """One backup: its file, size in bytes and SHA-256."""

    file: Path
    size: int
    sha256: str


def make(target: Path | None = None, *, url: str | None = None) -> Backup:
    """Copy the database into a file (by default one named after this moment in var/backups), while others write.
    Raises BackupError."""
    current = _url(url)
    path = target or _folder() / f"{now():%Y-%m-%dT%H%M%SZ}.{'sqlite3' if _is_sqlite(current) else 'dump'}"
    if path.exists():
        raise BackupError(f"{path} is there already; name another file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=OWNER_ONLY)
        _copy_sqlite(Path(str(current.database)), path) if _is_sqlite(current) else postgres_dumps.dump(current, path)
    except (OSError, sqlite3.Error) as error:
        path.unlink(missing_ok=True)
        raise BackupError(f"The backup could not be made ({error}).") from error
    found = Backup(path, path.stat().st_size, _sha256(path))
    _note(found)
    return found


def put_back(file: Path, *, url: str | None = None) -> int:
    """Replace the database by a backup, then bring its tables up to date and forget again what was forgotten since.
    The database that was there is kept beside it. Nothing may be running. Returns how many conversations were
    forgotten again. Raises BackupError, and then the database is as it was."""
    current = _url(url)
    if not file.is_file():
        raise BackupError(f"{file} is no file.")
    _check_noted(file)
    rendered = current.render_as_string(hide_password=False)
    before, marks = _log_of(rendered), _marks_of(rendered)
    _require_alone(current)
    try:
        _replace_sqlite(file, current) if _is_sqlite(current) else _replace_postgres(file, current)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup could not be put back ({error}).") from error
    forget_engine()
    schema.upgrade(rendered)
    with transaction(rendered) as session:
        gone(session, StaffSession)  # whoever was signed in then, an account closed since among them
        audit.append(session, "restore", "restore", "database", {"sha256": _sha256(file), **before})
    return forgetting.forget_again(marks, url=rendered)


def _marks_of(url: str) -> dict[str, datetime]:
    """Who was forgotten by now, through whichever process: the backup does not know it."""
    try:
        return forgetting.marks(url)
    except SQLAlchemyError:  # there is no database yet, or one that cannot be read any more
        return {}


def _require_alone(url: URL) -> None:
    """Raises BackupError while other processes of this program, perhaps on other machines, use the server."""
    if _is_sqlite(url):
        return
    forget_engine()
    server = create_engine(url, poolclass=NullPool)
    try:
        with server.connect() as connection:
            others = connection.execute(OTHERS, {"name": NAME}).scalar_one()
    except SQLAlchemyError:
        return  # what follows says why it cannot be reached
    if others:
        raise BackupError("Other processes use the database: stop every ./imr serve first.")


def _log_of(url: str) -> dict[str, object]:
    """How far the log went that a restore takes back: later lines are only in what is set aside."""
    try:
        checked = audit.verify(url=url)
    except SQLAlchemyError:  # there is no database yet, or one that cannot be read any more
        return {}
    return {"lines_before": checked.lines, "seal_before": checked.seal}


def drop_old(before: datetime) -> int:
    """Delete the backups of before, and what a restore set aside then: they hold what was forgotten since. Returns
    how many files."""
    kept, gone_now = [], 0
    for one in listed():
        path = _folder() / str(one["file"])
        if datetime.fromisoformat(str(one["at"])) >= before:
            kept.append(one)
        elif path.exists():
            path.unlink()
            gone_now += 1
    if len(kept) != len(listed()):
        _write_index(kept)
    for aside in settings.settings().var_dir.glob(f"*{ASIDE}"):
        if datetime.fromtimestamp(aside.stat().st_mtime, UTC) < before:
            aside.unlink()
            gone_now += 1
    return gone_now


def listed() -> list[dict[str, object]]:
    """What the list of backups says, the oldest first."""
    path = _folder() / INDEX
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _url(url: str | None) -> URL:
    return make_url(url or settings.settings().database_url)


def _folder() -> Path:
    return settings.settings().var_dir / FOLDER


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise FileNotFoundError(source.name)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there, pages=PAGES_AT_ONCE)
        _check_whole(there)


def _check_whole(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError for a file that is damaged or none of ours."""
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("damaged")
    if not connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        raise sqlite3.DatabaseError("not a database of this program")
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version and not schema.is_known(str(version[0])):
        raise sqlite3.DatabaseError("made by a newer version of this program")


def _replace_sqlite(file: Path, url: URL) -> None:
    """The copy is checked before it takes the place of the database, in one step."""
    database = Path(str(url.database))
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{database.name}.restoring")
    draft.unlink(missing_ok=True)
    draft.touch(mode=OWNER_ONLY)
    try:
        _copy_sqlite(file, draft)
        if database.exists():
            _set_aside(database)
            _give_to_owner_of(database, draft)
        os.replace(draft, database)
    finally:
        draft.unlink(missing_ok=True)


def _give_to_owner_of(database: Path, draft: Path) -> None:
    """Whoever put it back (root, perhaps), the one who runs the assistant must be able to open it."""
    there = database.stat()
    if (there.st_uid, there.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(draft, there.st_uid, there.st_gid)


def _set_aside(database: Path) -> None:
    """Keeps what was there whole, with what still lay in its write-ahead log."""
    aside = database.with_name(f"{database.name}{ASIDE}")
    aside.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as here:
        here.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside.touch(mode=OWNER_ONLY)
    shutil.copyfile(database, aside)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _replace_postgres(file: Path, url: URL) -> None:
    aside = settings.settings().var_dir / f"postgresql.dump{ASIDE}"
    draft = aside.with_name(f"{aside.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=OWNER_ONLY)
    try:
        postgres_dumps.dump(url, draft)
        postgres_dumps.load(url, file, aside.parent)
        draft.replace(aside)  # not before: `file` may be what was set aside the last time
    finally:
        draft.unlink(missing_ok=True)


def _check_noted(file: Path) -> None:
    """A file of the list must still be the one that was made."""
    noted = [one for one in listed() if one["file"] == file.name]
    if noted and noted[-1]["sha256"] != _sha256(file):
        raise BackupError(f"{file} is not as it was made: its checksum is another.")


def _note(made: Backup) -> None:
    line = json.dumps({"file": made.file.name, "at": datetime.now(UTC).isoformat(), **_facts(made)})
    _write_index([*listed(), json.loads(line)])


def _write_index(lines: list[dict[str, object]]) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{INDEX}.new"
    draft.touch(mode=OWNER_ONLY)
    draft.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    draft.replace(folder / INDEX)


def _facts(made: Backup) -> dict[str, object]:
    return {"bytes": made.size, "sha256": made.sha256}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
