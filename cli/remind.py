"""`./imr remind`: reminders by text message, for a timer of the machine instead of, or beside, `./imr serve`."""

from __future__ import annotations

import asyncio
import sys

import settings
from records import reminders, schema
from texting.rounds import remind_now


def run(due: bool) -> int:
    """The whole command. Returns the exit code: 1 when text messages are not set up."""
    current = settings.settings()
    if not current.takes_texts:
        print("Text messages are not set up: IMR_TWILIO_ACCOUNT_SID is not set.", file=sys.stderr)
        return 1
    schema.upgrade(current.database_url)
    if due:
        done, owed = asyncio.run(remind_now(current))
        print(f"Reminders sent: {done.sent}. Ended, as no date is left: {done.ended}. Messages still owed: {owed}.")
    print(f"People with reminders: {len(reminders.wanted(url=current.database_url))}.")
    return 0
