"""Events are found by what they are, and a message with a number of the client's own is kept once."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
FOUND_BY = {
    "ix_events_sender_id_id": ["sender_id", "id"],
    "ix_events_sender_id_type_name_action_name_id": ["sender_id", "type_name", "action_name", "id"],
}
ONCE = "uq_events_sender_id_message_id"
NUMBER = "client_id"  # in the metadata of a message


def upgrade() -> None:
    """Add the number of a message, taken from what is stored, and the indexes."""
    op.add_column("events", sa.Column("message_id", sa.String(64)))
    _take_numbers()
    op.create_index(ONCE, "events", ["sender_id", "message_id"], unique=True)
    for name, columns in FOUND_BY.items():
        op.create_index(name, "events", columns)
    op.drop_index("ix_events_sender_id_timestamp", "events")


def downgrade() -> None:
    """Take all of it back."""
    op.create_index("ix_events_sender_id_timestamp", "events", ["sender_id", "timestamp"])
    for name in (ONCE, *FOUND_BY):
        op.drop_index(name, "events")
    op.drop_column("events", "message_id")


def _take_numbers() -> None:
    """The first message with each number; what is written as SQL only has no messages."""
    if op.get_context().as_sql:
        return
    events = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "type_name", "data", "message_id")))
    asked = sa.select(events.c.id, events.c.sender_id, events.c.data).where(
        events.c.type_name == "user", events.c.data.like(f'%"{NUMBER}"%')
    )
    connection, taken = op.get_bind(), set()
    for row in connection.execute(asked.order_by(events.c.id)).all():
        number = _number(row.data)
        if number and (row.sender_id, number) not in taken:
            taken.add((row.sender_id, number))
            connection.execute(sa.update(events).where(events.c.id == row.id).values(message_id=number))


def _number(data: str) -> str | None:
    """The number in a message; None in one without, and in what cannot be read."""
    try:
        found = json.loads(data)["metadata"][NUMBER]
    except (ValueError, KeyError, TypeError):
        return None
    return found[:64] if isinstance(found, str) else None
