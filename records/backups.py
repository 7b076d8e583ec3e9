"""Backups of the database, taken while everything runs (`restores` puts them back).

SQLite: its online backup. PostgreSQL: its own programs (`postgres_dumps`). A backup holds what the database holds and
is for the account that runs this alone; the signing key is not in it and must be kept apart. The list of backups
(`backups.jsonl`) names files, sizes and checksums, and nothing of what is in them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL, make_url

import settings
from records import postgres_dumps, schema
from records.models import now

FOLDER = "backups"
INDEX = "backups.jsonl"
PAGES_AT_ONCE = 1000
OWNER_ONLY = 0o600
ASIDE = ".before-restore"
DRAFT = ".restoring"  # in the name of whatever is to be gone when a restore is over


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
    current = url_of(url)
    path = target or _folder() / f"{now():%Y-%m-%dT%H%M%SZ}.{'sqlite3' if is_sqlite(current) else 'dump'}"
    if path.exists():
        raise BackupError(f"{path} is there already; name another file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=OWNER_ONLY)
        copy_sqlite(Path(str(current.database)), path) if is_sqlite(current) else postgres_dumps.dump(current, path)
    except (OSError, sqlite3.Error) as error:
        path.unlink(missing_ok=True)
        raise BackupError(f"The backup could not be made ({error}).") from error
    found = Backup(path, path.stat().st_size, sha256_of(path))
    _note(found)
    return found


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
    sweep(settings.settings().var_dir)
    return gone_now


def sweep(folder: Path) -> None:
    """Take away what a restore left that was ended in the middle: it holds what people said."""
    for left in folder.glob(f"*{DRAFT}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def listed() -> list[dict[str, object]]:
    """What the list of backups says, the oldest first."""
    path = _folder() / INDEX
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def url_of(url: str | None) -> URL:
    """The URL of a database; that of the settings when none is given."""
    return make_url(url or settings.settings().database_url)


def _folder() -> Path:
    return settings.settings().var_dir / FOLDER


def is_sqlite(url: URL) -> bool:
    """Whether the database is a file."""
    return url.get_backend_name() == "sqlite"


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database of ours while others write, and check the copy. Raises OSError and sqlite3.Error."""
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


def check_noted(file: Path) -> None:
    """A file of the list must still be the one that was made. Raises BackupError."""
    noted = [one for one in listed() if one["file"] == file.name]
    if noted and noted[-1]["sha256"] != sha256_of(file):
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


def sha256_of(path: Path) -> str:
    """The hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
