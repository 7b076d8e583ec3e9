"""The staff console: what conversations are sorted by, accounts, notes, corrections, search words, the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
FLAGS = ("crisis", "fell_back", "not_understood", "asked_for_call", "contradicted", "thumbs_down")
TABLES = (
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
)
SEAL_OF_NOTHING = "0" * 64
UNCHANGEABLE = "the log can only be added to"


def upgrade() -> None:
    """Create the tables; route and next date move from the case to its conversation."""
    _conversations()
    _move_routes()
    op.add_column("consultations", sa.Column("booked_for", sa.DateTime))
    _accounts()
    _work()
    _search()
    _log()


def downgrade() -> None:
    """Take all of it back."""
    _let_the_log_change()
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("consultations", "booked_for")
    op.add_column("cases", sa.Column("route", sa.String(64)))
    op.add_column("cases", sa.Column("next_date", sa.Date))
    for name in ("route", "next_date"):
        op.execute(f"UPDATE cases SET {name} = (SELECT {name} FROM conversations WHERE id = conversation_id)")
        op.create_index(f"ix_cases_{name}", "cases", [name])
    for index in ("next_date_id", "status_next_date_id", "created_at_channel_messages"):
        op.drop_index(f"ix_conversations_{index}", "conversations")
    for name in ("route", "next_date", "messages", "questions", "answered_at", "preview", *FLAGS):
        op.drop_column("conversations", name)
    for name in ("status", "assigned_to", "purged_at"):
        op.drop_column("conversations", name)


def _conversations() -> None:
    count = {"nullable": False, "server_default": "0"}
    op.add_column("conversations", sa.Column("route", sa.String(64)))
    op.add_column("conversations", sa.Column("next_date", sa.Date))
    op.add_column("conversations", sa.Column("messages", sa.Integer, **count))
    op.add_column("conversations", sa.Column("questions", sa.Integer, **count))
    op.add_column("conversations", sa.Column("answered_at", sa.DateTime))
    op.add_column("conversations", sa.Column("preview", sa.String(160)))
    for flag in FLAGS:
        op.add_column("conversations", sa.Column(flag, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("conversations", sa.Column("status", sa.String(16), nullable=False, server_default="new"))
    op.add_column("conversations", sa.Column("assigned_to", sa.Integer))
    op.add_column("conversations", sa.Column("purged_at", sa.DateTime))
    op.create_index("ix_conversations_next_date_id", "conversations", ["next_date", "id"])
    op.create_index("ix_conversations_status_next_date_id", "conversations", ["status", "next_date", "id"])
    counted = ["created_at", "channel", "messages"]  # by week, without a look at the rows themselves
    op.create_index("ix_conversations_created_at_channel_messages", "conversations", counted)


def _move_routes() -> None:
    for name in ("route", "next_date"):
        op.execute(f"UPDATE conversations SET {name} = (SELECT {name} FROM cases WHERE conversation_id = id)")
        op.drop_index(f"ix_cases_{name}", "cases")
        op.drop_column("cases", name)


def _accounts() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("totp", sa.Text, nullable=False),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("mark_before", sa.String(64)),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("renewed_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("mark", name="uq_staff_sessions_mark"),
        _of("staff_sessions", "staff", "CASCADE"),
    )
    op.create_index("ix_staff_sessions_mark_before", "staff_sessions", ["mark_before"])
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_sign_in_tries_mark_at", "sign_in_tries", ["mark", "at"])
    op.create_table(
        "forgotten",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "practice",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _of(table: str, other: str, on_delete: str | None = None, column: str = "") -> sa.ForeignKeyConstraint:
    column = column or {"staff": "staff_id", "conversations": "conversation_id"}.get(other, "consultation_id")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete=on_delete)


def _work() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Integer, nullable=False),
        sa.Column("consultation_id", sa.Integer),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        _of("notes", "conversations", "CASCADE"),
        _of("notes", "consultations", "CASCADE"),
        _of("notes", "staff"),
    )
    op.create_index("ix_notes_conversation_id", "notes", ["conversation_id"])
    op.create_index("ix_notes_consultation_id", "notes", ["consultation_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("fact", sa.String(64)),
        sa.Column("was", sa.JSON),
        sa.Column("right", sa.JSON),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("expecting", sa.String(64)),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.Integer),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        _of("corrections", "conversations", "CASCADE"),
        _of("corrections", "staff", column="author_id"),
        _of("corrections", "staff", column="decided_by"),
    )
    op.create_index("ix_corrections_conversation_id", "corrections", ["conversation_id"])
    op.create_index("ix_corrections_state_id", "corrections", ["state", "id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.UniqueConstraint("staff_id", "name", name="uq_saved_views_staff_id_name"),
        _of("saved_views", "staff", "CASCADE"),
    )


def _search() -> None:
    op.create_table(
        "conversation_words",
        sa.Column("conversation_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(40), primary_key=True),
        _of("conversation_words", "conversations", "CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_words_word_conversation_id", "conversation_words", ["word", "conversation_id"])


def _log() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.UniqueConstraint("seal", name="uq_audit_seal"),
    )
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "last": 0, "seal": SEAL_OF_NOTHING}])
    _keep_the_log()


def _keep_the_log() -> None:
    """The database itself refuses to change or delete a line of the log."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_no_{what} BEFORE {what.upper()} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{UNCHANGEABLE}'); END"
            )
        op.execute(  # INSERT OR REPLACE deletes without asking the trigger above
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id OR seal = NEW.seal) "
            f"BEGIN SELECT RAISE(ABORT, '{UNCHANGEABLE}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_unchangeable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{UNCHANGEABLE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_unchangeable()"
    )


def _let_the_log_change() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER audit_no_{what}")
        return
    op.execute("DROP TRIGGER audit_no_change ON audit")
    op.execute("DROP FUNCTION audit_unchangeable")
