"""Which request a draft changes; and when a case began, as a link to papers leads to no case that began after it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
CHANGES = "fk_consultations_changes_id"


def upgrade() -> None:
    """Add both columns; what was there before changes nothing and has no known beginning."""
    with op.batch_alter_table("consultations") as table:
        table.add_column(sa.Column("changes_id", sa.Integer))
        table.create_foreign_key(CHANGES, "consultations", ["changes_id"], ["id"], ondelete="CASCADE")
    op.add_column("cases", sa.Column("begun_at", sa.DateTime))


def downgrade() -> None:
    """Take both back; a change that was not agreed to goes with the column."""
    op.execute("DELETE FROM consultations WHERE changes_id IS NOT NULL")
    with op.batch_alter_table("cases") as table:
        table.drop_column("begun_at")
    with op.batch_alter_table("consultations") as table:
        table.drop_constraint(CHANGES, type_="foreignkey")
        table.drop_column("changes_id")
