"""Run by Alembic: with the connection that `records.schema` hands over, or offline to print the SQL."""

from __future__ import annotations

from alembic import context

import records.console_models
import records.text_models  # noqa: F401  # so that the tables of every file are known
from records.models import Base

connection = context.config.attributes.get("connection")
if context.is_offline_mode():
    context.configure(
        dialect_name=context.config.get_main_option("dialect"),
        target_metadata=Base.metadata,
        literal_binds=True,
    )
else:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)

with context.begin_transaction():
    context.run_migrations()
