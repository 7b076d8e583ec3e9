"""The tables are made by migrations, from the first one on, whoever comes first."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from records import cases, consultations, conversations, event_log, schema
from records.engine import engine, forget_engine, new_engine, transaction
from records.models import Base, Consultation
from settings import ROOT

TABLES = {"alembic_version", "conversations", "cases", "consultations", "events"} | {
    "texters",
    "texts_in",
    "texts_out",
    "reminders",
    "reminders_sent",
    "short_links",
    "staff",
    "staff_sessions",
    "sign_in_tries",
    "notes",
    "corrections",
    "saved_views",
    "conversation_words",
    "audit",
    "audit_head",
    "practice",
    "forgotten",
}
AT = datetime(2026, 11, 23, 12)
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


def tables(url: str) -> set[str]:
    return set(sa.inspect(engine(url)).get_table_names())


def test_one_call_makes_every_table(empty_url: str) -> None:
    schema.upgrade(empty_url)
    assert tables(empty_url) == TABLES


def test_calling_twice_changes_nothing(url: str) -> None:
    schema.upgrade(url)
    assert tables(url) == TABLES


def test_processes_that_upgrade_at_the_same_time_all_succeed(empty_url: str) -> None:
    program = f"from records import schema; schema.upgrade({empty_url!r})"
    started = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert tables(empty_url) == TABLES


def test_the_migrations_make_what_the_models_describe(url: str) -> None:
    with engine(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_case_of_before_the_revisions_has_none_yet(empty_url: str) -> None:
    with engine(empty_url).connect() as connection, connection.begin():
        command.upgrade(schema.config(connection), "0001")
    with engine(empty_url).begin() as connection:
        connection.execute(
            sa.text("INSERT INTO conversations VALUES (1, 'web-1', 'web', 'en', :at, :at)"), {"at": AT}
        )
        connection.execute(sa.text("INSERT INTO cases VALUES (1, '{}', '{}', NULL, NULL, :at)"), {"at": AT})
    schema.upgrade(empty_url)
    assert cases.load("web-1", url=empty_url) == cases.SavedCase({}, {}, None, None, {})


def test_messages_of_before_they_were_kept_once_have_their_numbers(empty_url: str) -> None:
    with engine(empty_url).connect() as connection, connection.begin():
        command.upgrade(schema.config(connection), "0005")
    kept = [("web-1", "7"), ("web-1", "7"), ("web-1", None), ("web-2", "7")]
    row = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:sender, 'user', 1, :data)"
    with engine(empty_url).begin() as connection:
        for sender, number in kept:
            event = {"event": "user", "text": "hello", "metadata": {"client_id": number} if number else {}}
            connection.execute(sa.text(row), {"sender": sender, "data": json.dumps(event)})
    schema.upgrade(empty_url)
    with engine(empty_url).connect() as connection:
        numbers = connection.execute(sa.text("SELECT sender_id, message_id FROM events ORDER BY id")).all()
    assert [tuple(one) for one in numbers] == [("web-1", "7"), ("web-1", None), ("web-1", None), ("web-2", "7")]


def test_something_can_be_written_or_that_is_said(url: str) -> None:
    assert schema.takes_writes(url)
    assert not schema.takes_writes("postgresql://nobody@127.0.0.1:9/nowhere")


def test_a_database_that_only_reads_is_not_taken_for_a_whole_one(url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("what managed PostgreSQL servers do when their disk is full")
    name = sa.engine.make_url(url).database
    with engine(url).connect() as connection, connection.begin():
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    forget_engine()
    try:
        assert not schema.takes_writes(url)
        assert schema.is_current(url)
    finally:
        with engine(url).connect() as connection, connection.begin():
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
            connection.exec_driver_sql(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        forget_engine()


def test_a_request_of_before_changes_were_kept_apart_is_still_there(empty_url: str) -> None:
    with engine(empty_url).connect() as connection, connection.begin():
        command.upgrade(schema.config(connection), "0002")
    columns = "id, conversation_id, state, created_at, updated_at, attempts"
    with engine(empty_url).begin() as connection:
        connection.execute(
            sa.text("INSERT INTO conversations VALUES (1, 'web-1', 'web', 'en', :at, :at)"), {"at": AT}
        )
        connection.execute(
            sa.text(f"INSERT INTO consultations ({columns}) VALUES (7, 1, 'new', :at, :at, 0)"), {"at": AT}
        )
    schema.upgrade(empty_url)
    kept = consultations.standing("web-1", url=empty_url)
    assert kept is not None
    assert (kept.id, kept.state) == (7, "new")
    assert consultations.begin_change("web-1", url=empty_url)


def test_every_step_can_be_taken_back(url: str) -> None:
    with engine(url).connect() as connection, connection.begin():
        command.downgrade(schema.config(connection), "base")
    assert tables(url) == {"alembic_version"}


def test_the_sql_for_postgresql_can_be_printed_without_one() -> None:
    config = schema.config()
    config.output_buffer = io.StringIO()
    config.set_main_option("dialect", "postgresql")
    command.upgrade(config, "head", sql=True)
    assert "CREATE INDEX ix_events_sender_id_id" in config.output_buffer.getvalue()


def test_a_fresh_database_is_current_only_after_the_upgrade(empty_url: str) -> None:
    assert not schema.is_current(empty_url)
    schema.upgrade(empty_url)
    assert schema.is_current(empty_url)


def test_an_older_or_newer_database_is_not_current(url: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'other'"))
    assert not schema.is_current(url)


def test_a_database_of_a_newer_version_is_refused_in_one_line(url: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.SchemaError, match="newer version"):
        schema.upgrade(url)


def test_a_database_that_does_not_answer_is_not_current() -> None:
    assert not schema.is_current(NOBODY)


@pytest.mark.parametrize("url", [NOBODY, "sqlite:////proc/no/such/place.sqlite3"])
def test_a_database_that_cannot_be_reached_is_one_line(url: str) -> None:
    with pytest.raises(schema.SchemaError, match=r"does not answer \(\w+\)\.$"):
        schema.upgrade(url)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("This is a letter and no database at all. " * 200)
    with pytest.raises(schema.SchemaError):
        schema.upgrade(f"sqlite:///{tmp_path / 'letter.txt'}")


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000)])
def test_an_sqlite_file_is_set_up_for_several_processes(pragma: str, value: object, tmp_path: Path) -> None:
    with new_engine(f"sqlite:///{tmp_path / 'a' / 'new.sqlite3'}").connect() as connection:
        assert connection.execute(sa.text(f"PRAGMA {pragma}")).scalar() == value


QUESTIONS_OF_A_TURN = {
    "events": event_log.EVENTS,
    "the message with a number": event_log.MESSAGE,
    "the message after it": event_log.NEXT_MESSAGE,
    "what was said lately": event_log.SAID,
    "where the last turns begin": event_log.BEGINNING,
    "what still stands": event_log._what_stands(("case", "requested_slot"), ("triage_form",)),
    "the last number": event_log.LAST_ID,
}


@pytest.mark.parametrize("asked", QUESTIONS_OF_A_TURN.values(), ids=QUESTIONS_OF_A_TURN)
def test_the_questions_of_every_turn_are_answered_from_an_index(asked: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plan.sqlite3'}"
    schema.upgrade(url)
    question = asked.compile(dialect=sqlite.dialect(paramstyle="named"))
    with engine(url).connect() as connection:
        values = {name: value if value is not None else 1 for name, value in question.params.items()}
        plan = connection.execute(sa.text(f"EXPLAIN QUERY PLAN {question}"), values).all()
    steps = [step for (*_, step) in plan if "events" in step]
    assert steps
    assert all(("USING" in step and "INDEX" in step) or "PRIMARY KEY" in step for step in steps)


def test_there_is_still_one_draft_at_a_time_after_every_migration(url: str) -> None:
    (one_draft,) = [one for one in sa.inspect(engine(url)).get_indexes("consultations") if one["unique"]]
    assert one_draft["name"] == "uq_consultations_one_draft"
    conversation_id = conversations.start("web-1", "web", url=url)
    for state in ("new", "new", "draft"):
        with transaction(url) as session:
            session.add(Consultation(conversation_id=conversation_id, state=state))
    with pytest.raises(IntegrityError), transaction(url) as session:
        session.add(Consultation(conversation_id=conversation_id, state="draft"))
