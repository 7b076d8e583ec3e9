"""A backup put back in place of the database, whole or not at all; who was forgotten since is forgotten again.

The database that was there is kept in the var folder. Who was forgotten is written down before anything is replaced,
so that a restore that is ended in the middle, by whatever, can be done again, and forgets the same people.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

import settings
from records import audit, forgetting, postgres_dumps, schema
from records.backups import (
    ASIDE,
    DRAFT,
    OWNER_ONLY,
    BackupError,
    check_noted,
    copy_sqlite,
    is_sqlite,
    sha256_of,
    sweep,
    url_of,
)
from records.console_models import StaffSession
from records.engine import NAME, forget_engine, transaction
from records.models import now
from records.writing import gone

UNFINISHED = "restore-unfinished.json"
OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"
)


def put_back(file: Path, *, url: str | None = None) -> int:
    """Replace the database by a backup, then bring its tables up to date and forget again what was forgotten since.
    Nothing may be running. Returns how many conversations were forgotten again. Raises BackupError, and then the
    database is as it was."""
    current = url_of(url)
    rendered = current.render_as_string(hide_password=False)
    try:
        if not file.is_file():
            raise BackupError(f"{file} is no file.")
        check_noted(file)
        told = {"sha256": sha256_of(file)}
        sweep(settings.settings().var_dir)
        with _alone(current):
            forgetting.remember(_marks_of(rendered))
            _note_unfinished({**told, **_log_of(rendered)})
            _replace_sqlite(file, current) if is_sqlite(current) else _replace_postgres(file, current)
    except (OSError, sqlite3.Error) as error:
        _unfinished().unlink(missing_ok=True)
        raise BackupError(f"The backup could not be put back ({error}).") from error
    return finish(url=rendered, later=False)


def finish(*, url: str | None = None, later: bool = True) -> int:
    """What is to be done once a backup is in place; by the next start (`later`) where a restore was ended in the
    middle, perhaps before it had replaced anything; nothing without one. Returns how many conversations were
    forgotten again."""
    path = _unfinished()
    if not path.exists():
        return 0
    rendered = url_of(url).render_as_string(hide_password=False)
    forget_engine()
    schema.upgrade(rendered)
    again = forgetting.forget_again(url=rendered)
    told = json.loads(path.read_text(encoding="utf-8"))
    with transaction(rendered) as session:
        gone(session, StaffSession)  # whoever was signed in then, an account closed since among them
        audit.append(session, "restore", "restore", "database", {**told, **({"ended_early": True} if later else {})})
    path.unlink()
    return again


def _unfinished() -> Path:
    return settings.settings().var_dir / UNFINISHED


def _note_unfinished(told: dict[str, object]) -> None:
    path = _unfinished()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=OWNER_ONLY)
    path.write_text(json.dumps(told), encoding="utf-8")


def _marks_of(url: str) -> dict[str, datetime]:
    """Who was forgotten by now, through whichever process: the backup does not know it."""
    try:
        return forgetting.marks(url)
    except SQLAlchemyError:  # there is no database yet, or one that cannot be read any more
        return {}


def _log_of(url: str) -> dict[str, object]:
    """How far the log went that a restore takes back: later lines are only in what is set aside."""
    try:
        checked = audit.verify(url=url)
    except SQLAlchemyError:  # there is no database yet, or one that cannot be read any more
        return {}
    return {"lines_before": checked.lines, "seal_before": checked.seal}


@contextmanager
def _alone(url: URL) -> Iterator[None]:
    """As long as nobody else may use the database. Raises BackupError while other processes of this program, perhaps
    on other machines, do; one that starts meanwhile waits where it looks at the tables."""
    if is_sqlite(url):
        yield
        return
    forget_engine()
    # No transaction of its own may stay open under what is replaced.
    server = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = server.connect()
    except SQLAlchemyError as error:
        raise BackupError(f"The database does not answer ({type(error).__name__}).") from error
    with closing(connection):
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": schema.UPGRADE_LOCK})
        if connection.execute(OTHERS, {"name": NAME}).scalar_one():
            raise BackupError("Other processes use the database: stop every ./imr serve first.")
        yield
        forget_engine()


def _replace_sqlite(file: Path, url: URL) -> None:
    """The copy is checked before it takes the place of the database, in one step."""
    database = Path(str(url.database))
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f"{database.name}{DRAFT}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=OWNER_ONLY)
    try:
        copy_sqlite(file, draft)
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
    var = settings.settings().var_dir
    aside = var / f"postgresql-{now():%Y-%m-%dT%H%M%S.%fZ}.dump{ASIDE}"
    aside.touch(mode=OWNER_ONLY)
    postgres_dumps.dump(url, aside)
    with TemporaryDirectory(dir=var, prefix=f"postgresql{DRAFT}-") as room:
        postgres_dumps.load(url, file, Path(room))
