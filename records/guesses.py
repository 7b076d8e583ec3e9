"""Guesses of passwords, counted before anything is looked at, so that many at the same moment are counted too.

Known by marks that tell nothing of the name or the network address, whether or not there is such an account.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.console_models import SignInTry
from records.engine import transaction
from records.sealing import fingerprint
from records.writing import gone, one_at_a_time

TRIES = "imr-triage/sign-in/1"
MOST = 5  # of one name from one address, so that nobody can shut somebody else out
MOST_OF_NAME = 50
MOST_OF_ADDRESS = 20
SHUT_OUT = timedelta(minutes=15)
Marks = Mapping[str, int]


def of_sign_in(name: str, address: str) -> Marks:
    """What a sign-in is counted under, and how many failures there may be of each."""
    return {
        _mark(f"name {name} address {address}"): MOST,
        _mark(f"name {name}"): MOST_OF_NAME,
        _mark(f"address {address}"): MOST_OF_ADDRESS,
    }


def of_own_password(staff_id: int) -> Marks:
    """What is counted when somebody who is signed in tells their old password."""
    return {_mark(f"password of {staff_id}"): MOST}


def count(marks: Marks, moment: datetime, *, url: str | None = None) -> bool:
    """Counts one try, to be forgiven when it succeeds; false, and not counted, when there were too many of late."""
    with transaction(url) as session:
        for mark in sorted(marks):  # who counts the same waits: else each would count without the others
            one_at_a_time(session, mark)
        session.add_all(SignInTry(mark=mark, at=moment) for mark in marks)
        session.flush()
        recent = SignInTry.at > moment - SHUT_OUT
        for mark, most in marks.items():
            if session.scalar(select(func.count()).where(SignInTry.mark == mark, recent)) > most:
                session.rollback()
                return False
    return True


def forgive(session: Session, marks: Marks) -> None:
    """What was counted under these marks counts no more."""
    gone(session, SignInTry, SignInTry.mark.in_(marks))


def drop_old(moment: datetime, *, url: str | None = None) -> None:
    """Forget what shuts nobody out any more."""
    with transaction(url) as session:
        gone(session, SignInTry, SignInTry.at < moment - SHUT_OUT)


def _mark(text: str) -> str:
    return fingerprint(text, TRIES)
