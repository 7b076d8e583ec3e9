"""When a case began: a link to papers leads to no case that began after it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment to cases; those of before have none."""
    op.add_column("cases", sa.Column("begun_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("begun_at")
