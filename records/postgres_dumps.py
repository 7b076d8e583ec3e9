"""A PostgreSQL database copied to a file and put back, by its own `pg_dump`, `pg_restore` and `psql`.

Passwords go through the environment, where no list of processes shows them; of what these programs complain about,
only words without data come through (psql tells of an error its SQLSTATE alone).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL

from records import schema

# What is there goes first, tables of a newer version among it: a dump alone drops only what it knows.
DROP_ALL = """
DO $$
DECLARE one text;
BEGIN
  FOR one IN SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE one; END LOOP;
  FOR one IN SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE one; END LOOP;
END $$
"""
VERSION_TABLE = "alembic_version"
PSQL = ("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate", "--single-transaction")


class DumpError(OSError):
    """A program of PostgreSQL failed or is not there, or a file is no dump of ours; the text is one line."""


def dump(url: URL, target: Path) -> None:
    """Copy the database into a file, while others write. Raises DumpError."""
    _run(["pg_dump", "--format=custom", f"--file={target}", _plain(url)], url)


def load(url: URL, file: Path, room: Path) -> None:
    """Put the file in place of all that is in the database, whole or not at all. What is written into `room`, a
    folder for nobody else, is all that is in the file. Raises DumpError."""
    script = room / "script.sql"
    _run(["pg_restore", "--no-owner", "--schema=public", f"--file={script}", str(file)], url)
    _require_ours(_run(["pg_restore", "--data-only", f"--table={VERSION_TABLE}", "--file=-", str(file)], url))
    _run([*PSQL, f"--dbname={_plain(url)}", f"--command={DROP_ALL}", f"--file={script}"], url)


def _require_ours(versions: str) -> None:
    """Raises DumpError unless the script that fills the table of versions names one that is known here."""
    rows = versions.partition(f"COPY public.{VERSION_TABLE} ")[2].splitlines()[1:2]
    if not rows:
        raise DumpError("not a database of this program")
    if not schema.is_known(rows[0].strip()):
        raise DumpError("made by a newer version of this program")


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(command: list[str], url: URL) -> str:
    """What the program prints."""
    surroundings = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, errors="replace")
    except FileNotFoundError as error:
        raise DumpError(f"{command[0]} is not installed") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
        named = [line for line in lines if "error" in line.lower()]
        raise DumpError(f"{command[0]}: {[*named, lines[0]][0]}")
    return done.stdout
