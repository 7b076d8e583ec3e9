"""The log of who did what can be added to and never changed, and what was done to it is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from records import audit, staff
from records.engine import engine, transaction

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def log(url: str) -> str:
    for number in range(5):
        audit.note("ana", "conversation.view", f"conversation {number}", {"at": number}, url=url)
    return url


def found(url: str) -> tuple[str, int]:
    """What is wrong, and how many lines hold before it."""
    checked = audit.verify(url=url)
    return checked.problem, checked.lines


def without_guard(url: str, *statements: str) -> None:
    """What somebody could do who owns the database."""
    with engine(url).begin() as connection:
        if connection.dialect.name == "sqlite":
            for what in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_no_{what}"))
        else:
            connection.execute(sa.text("DROP TRIGGER IF EXISTS audit_no_change ON audit"))
        for statement in statements:
            connection.execute(sa.text(statement))


def test_lines_stand_in_their_order_and_hold(log: str) -> None:
    assert [line.subject for line in audit.lines(3, url=log)] == [f"conversation {number}" for number in (4, 3, 2)]
    assert (audit.verify(url=log).lines, audit.verify(url=log).problem) == (5, "")


def test_an_empty_log_holds(url: str) -> None:
    assert audit.verify(url=url).problem == ""


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'rui'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_a_line(log: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="added to"), engine(log).begin() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit SET actor = 'rui' WHERE id = 3", ("line_changed", 2)),
        ("UPDATE audit SET details = '{}' WHERE id = 1", ("line_changed", 0)),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE id = 5", ("line_changed", 4)),
        ("DELETE FROM audit WHERE id = 2", ("line_missing", 1)),
        ("DELETE FROM audit WHERE id > 3", ("end_missing", 3)),
        ("DELETE FROM audit", ("end_missing", 0)),
        ("UPDATE audit_head SET last = 4", ("end_missing", 4)),
    ],
)
def test_whatever_was_done_to_it_is_seen(log: str, statement: str, problem: tuple[str, int]) -> None:
    without_guard(log, statement)
    assert found(log) == problem


def value(url: str, wanted: str) -> str:
    with engine(url).connect() as connection:
        return str(connection.execute(sa.text(f"SELECT {wanted}")).scalar())


def test_a_log_cut_off_with_a_head_made_for_what_is_left_is_seen(log: str) -> None:
    third = value(log, "seal FROM audit WHERE id = 3")
    without_guard(log, "DELETE FROM audit WHERE id > 3", f"UPDATE audit_head SET last = 3, seal = '{third}'")
    assert found(log) == ("end_missing", 3)


def test_a_log_cut_off_with_its_own_head_of_then_is_seen_by_who_noted_the_seal(log: str) -> None:
    head = value(log, "seal FROM audit_head")
    audit.note("ana", "sign_in", "staff 1", url=log)
    noted = audit.verify(url=log).seal
    without_guard(log, "DELETE FROM audit WHERE id > 5", f"UPDATE audit_head SET last = 5, seal = '{head}'")
    assert audit.verify(url=log).problem == ""
    assert audit.verify(expected=noted, url=log).problem == "seal_unknown"


def test_a_log_emptied_with_its_head_is_seen_as_long_as_there_is_an_account(log: str) -> None:
    staff.add("ana", "admin", "a long enough password", url=log)
    without_guard(log, "DELETE FROM audit", f"UPDATE audit_head SET last = 0, seal = '{audit.SEAL_OF_NOTHING}'")
    assert found(log) == ("end_missing", 0)


def test_a_line_cannot_be_replaced(log: str) -> None:
    if log.startswith("sqlite"):
        with pytest.raises(DBAPIError, match="added to"), engine(log).begin() as connection:
            connection.execute(sa.text("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 3"))


def test_a_line_that_cannot_even_be_read_is_one_that_was_changed(log: str) -> None:
    if log.startswith("sqlite"):
        without_guard(log, "UPDATE audit SET at = 'garbage', details = 'no json' WHERE id = 2")
        assert found(log) == ("line_changed", 1)


def test_looking_while_others_write_raises_no_false_alarm(log: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(audit.note, "ana", "x", "y", url=log) for _ in range(60)]
        while not all(one.done() for one in writing):
            assert audit.verify(url=log).problem == ""


def test_a_noted_seal_is_found_again_when_lines_came_after_it(log: str) -> None:
    noted = audit.verify(url=log).seal
    audit.note("ana", "sign_in", "staff 1", url=log)
    assert audit.verify(expected=noted, url=log).problem == ""


def test_a_chain_made_without_the_key_does_not_hold(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.records.conftest import use_key

    use_key(monkeypatch, "x" * 32)
    assert found(log) == ("line_changed", 0)


def test_lines_written_at_the_same_moment_follow_each_other(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.note("ana", "x", f"conversation {number}", url=url), range(40)))
    assert (audit.verify(url=url).lines, audit.verify(url=url).problem) == (40, "")


def test_a_line_stands_only_when_what_it_tells_of_does(url: str) -> None:
    with pytest.raises(ZeroDivisionError):
        fails_after_a_line(url)
    assert audit.verify(url=url).lines == 0


def fails_after_a_line(url: str) -> None:
    with transaction(url) as session:
        audit.append(session, "ana", "forget", "conversation 1")
        raise ZeroDivisionError


def test_lines_can_be_looked_for(log: str) -> None:
    audit.note("rui", "sign_in", "staff 2", url=log)
    assert [line.id for line in audit.lines(9, actor="rui", url=log)] == [6]
    assert [line.id for line in audit.lines(9, subject="conversation 2", url=log)] == [3]
    assert [line.id for line in audit.lines(2, before=4, url=log)] == [3, 2]
