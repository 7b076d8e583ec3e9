"""Bring the tables up to date (Alembic), and tell whether they are.

Two processes may start at once: the first takes a lock in the database, the second waits and then finds
nothing left to do.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from records.engine import engine

MIGRATIONS = Path(__file__).parent / "migrations"
TRIAL = "UPDATE alembic_version SET version_num = version_num"
UPGRADE_LOCK = 0x1A2B3C4D  # any number, as long as it stays the same: PostgreSQL locks by number


class SchemaError(RuntimeError):
    """The tables cannot be brought up to date; the text is one line a person can act on."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; there is no alembic.ini, the address of the database is a setting."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def upgrade(url: str | None = None) -> None:
    """Create or update every table. Safe to call twice, and from two processes at once.

    Raises SchemaError when the database cannot be reached or was written by a newer version.
    """
    try:
        with engine(url).connect() as connection, connection.begin():
            wait_for_turn(connection)
            command.upgrade(config(connection), "head")
    except CommandError as error:
        raise SchemaError("The database was made by a newer version of this program.") from error
    except (SQLAlchemyError, OSError) as error:
        raise SchemaError(f"The database does not answer ({type(error).__name__}).") from error


def is_current(url: str | None = None) -> bool:
    """Whether the database answers and has every table of this version."""
    try:
        with engine(url).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head()
    except (SQLAlchemyError, OSError):
        return False


def takes_writes(url: str | None = None) -> bool:
    """Whether something can be written now: not on a full disk, nor to a server that only reads."""
    try:
        with engine(url).connect() as connection:
            is_file = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("PRAGMA user_version = 1" if is_file else TRIAL)
            connection.commit() if is_file else connection.rollback()
        return True
    except (SQLAlchemyError, OSError):
        return False


def is_known(revision: str) -> bool:
    """Whether a migration is one of this version of the program."""
    return revision in {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}


@lru_cache(maxsize=1)
def head() -> str | None:
    """The newest migration of this version of the program."""
    return ScriptDirectory.from_config(config()).get_current_head()


def wait_for_turn(connection: Connection) -> None:
    """Take the lock that the end of the transaction gives back."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        for limit in ("lock_timeout", "statement_timeout"):  # whoever is first may take its time
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
