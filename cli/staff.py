"""`./imr staff`: accounts of the console, from the server itself. The first admin is made here and nowhere else."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

import segno
from sqlalchemy.exc import SQLAlchemyError

import settings
from records import schema, staff
from records.staff import ROLES, Added, Member, StaffError
from web.staff.wording import problem


def add(name: str, role: str | None, password_from_input: bool) -> int:
    """Make an account and print what its owner needs. Returns the exit code: 2 for bad input."""

    def make(url: str) -> None:
        usual = "viewer" if staff.members(url=url) else "admin"
        _show(staff.add(name, role or usual, _password(password_from_input), url=url))

    return _done(make)


def show() -> int:
    """List the accounts."""
    return _done(lambda url: _list(staff.members(url=url)))


def end(name: str) -> int:
    """Close an account."""

    def close(url: str) -> None:
        staff.end(_named(name, url).id, by=staff.COMMAND_LINE, url=url)
        print(f"The account of {name} is closed; its sessions have ended.")

    return _done(close)


def renew(name: str) -> int:
    """New secrets for who lost theirs."""
    return _done(lambda url: _show(staff.renew_secrets(_named(name, url).id, by=staff.COMMAND_LINE, url=url)))


def _done(work: Callable[[str], None]) -> int:
    url = settings.settings().database_url
    try:
        schema.upgrade(url)
        work(url)
    except StaffError as error:
        print(problem(error.code, allowed=", ".join(ROLES)), file=sys.stderr)
        return 2
    except schema.SchemaError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        raise
    except (SQLAlchemyError, OSError) as error:  # its words would show what is in the database
        print(f"The records do not answer ({type(error).__name__}). Nothing was changed.", file=sys.stderr)
        return 1
    return 0


def _named(name: str, url: str) -> Member:
    found = staff.named(name, url=url)
    if found is None:
        raise StaffError("no_account")
    return found


def _password(from_input: bool) -> str | None:
    """One line of standard input, or what somebody types unseen; empty lets one be made."""
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        return None
    return getpass.getpass("Password (empty: one is made and must be changed at the first sign-in): ") or None


def _show(added: Added) -> None:
    print(f"Account: {added.member.name} ({added.member.role})")
    if added.member.must_change:
        print(f"Password: {added.password}   (to be changed at the first sign-in)")
    print(f"Key for the authenticator app: {added.secret}")
    print(f"Or scan this with it ({added.uri}):")
    segno.make(added.uri, error="l").terminal(compact=True)
    print("These are shown once. Sign in at /staff.")


def _list(members: list[Member]) -> None:
    for one in members:
        print(f"{one.name:32} {one.role:10} {'closed' if one.ended_at else 'open'}")
    if not members:
        print("No account yet: ./imr staff add NAME --role admin")
