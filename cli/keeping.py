"""Backups, forgetting and the log, from the server itself: `./imr backup`, `restore`, `purge`, `forget`, `audit`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import settings
from cli.in_use import InUseError, only_user
from records import audit, backups, forgetting, restores, schema
from records.backups import BackupError
from records.models import now
from records.staff import COMMAND_LINE
from settings import Settings
from web.staff.wording import texts


def backup(target: Path | None) -> int:
    """Make a backup while everything runs. Returns the exit code."""
    try:
        made = backups.make(target)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made.file} ({made.size:,} bytes, SHA-256 {made.sha256})")
    print("The signing key is not in it: keep IMR_SECRET_KEY, or secret.key in the var folder, in another place.")
    return 0


def restore(file: Path) -> int:
    """Put a backup back. Returns the exit code: 1 while the assistant runs."""
    current = settings.settings()
    try:
        with only_user(current.var_dir):
            again = restores.put_back(file)
    except (BackupError, InUseError, schema.SchemaError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{file} is put back. Forgotten once more: {again} conversations that were erased since.")
    print("Accounts are as they were then: ./imr staff list")
    return 0


def purge() -> int:
    """Erase what is older than IMR_RETENTION_DAYS."""

    def work(current: Settings) -> int:
        before = now() - timedelta(days=current.retention_days)
        done = forgetting.purge(before, by=COMMAND_LINE, url=current.database_url)
        print(f"Erased: {done} conversations in which nothing happened for {current.retention_days} days.")
        return 0

    return _with_records(work)


def forget(case: str | None, conversation: int | None, phone: str | None) -> int:
    """Erase one person's conversation and print the receipt. Returns the exit code: 2 for bad input, 1 when there is
    no such conversation."""
    if sum(one is not None for one in (case, conversation, phone)) != 1:
        print("Give one of --case, --conversation and --phone.", file=sys.stderr)
        return 2
    if phone is not None and _as_e164(phone) is None:
        print(f"{phone!r} is no phone number; allowed: one such as 415-555-0134.", file=sys.stderr)
        return 2
    return _with_records(lambda current: _forget(_senders(case, conversation, phone, current.database_url), current))


def verify(expected: str | None) -> int:
    """Check the chain of the log. Returns the exit code: 1 when it does not hold."""

    def work(current: Settings) -> int:
        checked = audit.verify(expected=expected, url=current.database_url)
        if checked.problem:
            said = texts()["log"]["broken"][checked.problem]
            print(said.format(lines=checked.lines, next=checked.lines + 1), file=sys.stderr)
            return 1
        print(f"{checked.lines} lines, all of them as they were written. Seal of the last: {checked.seal}")
        return 0

    return _with_records(work)


def _with_records(work: Callable[[Settings], int]) -> int:
    current = settings.settings()
    try:
        schema.upgrade(current.database_url)
    except schema.SchemaError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return work(current)
    except BrokenPipeError:
        raise
    except (SQLAlchemyError, OSError) as error:  # its words would show what is in the database
        print(f"The records do not answer ({type(error).__name__}). Nothing was changed.", file=sys.stderr)
        return 1


def _as_e164(phone: str) -> str | None:
    from texting.phones import as_e164  # here, because its library is large

    return as_e164(phone)


def _senders(case: str | None, conversation: int | None, phone: str | None, url: str) -> list[str]:
    if phone is not None:
        number = _as_e164(phone)
        return forgetting.of_phone(number, url=url) if number else []
    found = forgetting.by_case_number(case, url=url) if case else forgetting.of_number(conversation or 0, url=url)
    return [found] if found else []


def _forget(senders: list[str], current: Settings) -> int:
    receipts = [forgetting.forget(one, by=COMMAND_LINE, url=current.database_url) for one in senders]
    erased = {store: sum(receipt.erased[store] for receipt in receipts) for store in forgetting.STORES}
    for store, count in erased.items():
        print(f"{store:16} {count}")
    if not any(erased.values()):
        print("Nothing was there (any more).", file=sys.stderr)
        return 1
    print("Erased. A row without content stays for counting, and the log says that it was erased.")
    return 0
