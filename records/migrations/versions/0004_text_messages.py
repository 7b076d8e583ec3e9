"""Text messages: who texts, what came in, what is to go out, reminders, and short links to papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
TABLES = ("texters", "texts_in", "texts_out", "reminders", "reminders_sent", "short_links")


def upgrade() -> None:
    """Create the tables."""
    _people()
    _messages()
    _reminders()


def downgrade() -> None:
    """Take them back; who said STOP is forgotten with them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "texters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("texter_id", sa.String(64), nullable=False),
        sa.Column("greeted_at", sa.DateTime),
        sa.Column("stopped_at", sa.DateTime),
        sa.Column("rest", sa.Text),
        sa.UniqueConstraint("texter_id", name="uq_texters_texter_id"),
    )
    op.create_table(
        "short_links",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("code", name="uq_short_links_code"),
    )
    op.create_index("ix_short_links_sender_id", "short_links", ["sender_id"])


def _messages() -> None:
    op.create_table(
        "texts_in",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sid_mark", sa.String(64), nullable=False),
        sa.Column("texter_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("came_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("sid_mark", name="uq_texts_in_sid_mark"),
    )
    op.create_table(
        "texts_out",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("texter_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("tried_at", sa.DateTime),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("sid_mark", sa.String(64)),
        sa.Column("status", sa.String(16)),
        sa.Column("error", sa.Integer),
    )
    op.create_index("ix_texts_in_state_texter_id", "texts_in", ["state", "texter_id"])
    op.create_index("ix_texts_in_texter_id_came_at", "texts_in", ["texter_id", "came_at"])
    op.create_index("ix_texts_out_state_texter_id", "texts_out", ["state", "texter_id"])
    op.create_index("ix_texts_out_texter_id_kind_made_at", "texts_out", ["texter_id", "kind", "made_at"])
    op.create_index("ix_texts_out_sid_mark", "texts_out", ["sid_mark"])


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("texter_id", sa.String(64)),
        sa.Column("sealed", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("code_tries", sa.Integer, nullable=False),
        sa.Column("code_at", sa.DateTime),
        sa.Column("since", sa.Date),
        sa.Column("day", sa.Date),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("sender_id", name="uq_reminders_sender_id"),
    )
    op.create_index("ix_reminders_texter_id", "reminders", ["texter_id"])
    op.create_table(
        "reminders_sent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reminder_id", sa.Integer, sa.ForeignKey("reminders.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("days_before", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "reminder_id", "day", "days_before", name="uq_reminders_sent_reminder_id_day_days_before"
        ),
    )
