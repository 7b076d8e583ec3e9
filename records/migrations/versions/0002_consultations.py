"""Consultation requests; and how often each date of a case has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create consultations, add the revisions of dates to cases."""
    _consultations()
    op.add_column("cases", sa.Column("revisions", sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take both back; the requests are gone with their table."""
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("revisions")
    op.drop_table("consultations")


def _consultations() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Integer,
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("state", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Text) for name in ("name", "reach", "best_time")),
        sa.Column("reason", sa.String(64)),
        sa.Column("consent_at", sa.DateTime),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("told_email_at", sa.DateTime),
        sa.Column("told_webhook_at", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime),
    )
    draft = sa.text("state = 'draft'")
    op.create_index("ix_consultations_conversation_id", "consultations", ["conversation_id"])
    op.create_index("ix_consultations_state_next_attempt_at", "consultations", ["state", "next_attempt_at"])
    op.create_index(
        "uq_consultations_one_draft",
        "consultations",
        ["conversation_id"],
        unique=True,
        sqlite_where=draft,
        postgresql_where=draft,
    )
