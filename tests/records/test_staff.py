"""Accounts of staff: who gets in, who is shut out, and how long a session lives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from records import audit, staff, staff_sessions
from records.engine import engine
from records.staff import Added, Member, SignInError, StaffError

pytestmark = pytest.mark.usefixtures("key")
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
PASSWORD = "a long enough password"
HERE = "192.0.2.1"


@pytest.fixture
def ana(url: str) -> Added:
    return staff.add("ana", "admin", PASSWORD, url=url)


def code(added: Added, at: datetime = NOW) -> str:
    return pyotp.TOTP(added.secret).at(at)


def enter(url: str, added: Added, at: datetime = NOW, **changes: str) -> Member:
    told = {"name": "ana", "password": PASSWORD, "code": code(added, at), "address": HERE, **changes}
    return staff.sign_in(told["name"], told["password"], told["code"], told["address"], at=at, url=url)


def fail(url: str, times: int, at: datetime = NOW, name: str = "ana", address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(SignInError):
            staff.sign_in(name, "wrong wrong wrong", "000000", address, at=at, url=url)


def test_name_password_and_code_open_the_door(url: str, ana: Added) -> None:
    assert enter(url, ana).name == "ana"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "rui"},
        {"name": "ANA"},
        {"password": PASSWORD[:-1]},
        {"code": "000000"},
        {"code": ""},
        {"password": ""},
    ],
)
def test_one_thing_wrong_and_it_stays_shut(url: str, ana: Added, wrong: dict[str, str]) -> None:
    with pytest.raises(SignInError) as raised:
        enter(url, ana, **wrong)
    assert not raised.value.shut_out


def test_a_code_is_good_once(url: str, ana: Added) -> None:
    enter(url, ana)
    with pytest.raises(SignInError):
        enter(url, ana)


def test_a_code_used_twice_at_the_same_moment_lets_one_in(url: str, ana: Added) -> None:
    def attempt(_: int) -> bool:
        try:
            return bool(enter(url, ana))
        except SignInError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


@pytest.mark.parametrize(("seconds", "enters"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_be_half_a_minute_off(url: str, ana: Added, seconds: int, enters: bool) -> None:
    given = code(ana, NOW + timedelta(seconds=seconds))
    if enters:
        assert enter(url, ana, code=given)
    else:
        with pytest.raises(SignInError):
            enter(url, ana, code=given)


def test_an_older_code_is_none_after_a_newer_one(url: str, ana: Added) -> None:
    enter(url, ana, code=code(ana, NOW + timedelta(seconds=30)))
    with pytest.raises(SignInError):
        enter(url, ana, code=code(ana))


def test_five_failures_shut_the_name_out_there_for_a_quarter_of_an_hour(url: str, ana: Added) -> None:
    fail(url, 5)
    with pytest.raises(SignInError) as raised:
        enter(url, ana)
    assert raised.value.shut_out
    assert enter(url, ana, NOW + timedelta(minutes=16))


def test_nobody_can_shut_somebody_else_out(url: str, ana: Added) -> None:
    fail(url, 20, address="192.0.2.99")
    assert enter(url, ana)


def test_many_addresses_together_are_shut_out_too(url: str, ana: Added) -> None:
    for number in range(50):
        fail(url, 1, address=f"198.51.100.{number}")
    with pytest.raises(SignInError) as raised:
        enter(url, ana)
    assert raised.value.shut_out


def test_guesses_at_the_same_moment_are_counted(url: str, ana: Added) -> None:
    def guess(_: int) -> bool:
        with pytest.raises(SignInError) as raised:
            staff.sign_in("ana", "wrong wrong wrong", "000000", HERE, at=NOW, url=url)
        return not raised.value.shut_out

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(16))) == 5


def test_the_old_password_cannot_be_guessed_from_a_session(url: str, ana: Added) -> None:
    for _ in range(5):
        with pytest.raises(StaffError, match="wrong_password"):
            staff.change_password(ana.member.id, "wrong wrong wrong", "another long one", url=url)
    with pytest.raises(StaffError, match="too_many"):
        staff.change_password(ana.member.id, PASSWORD, "another long one", url=url)


def test_two_admins_cannot_close_each_other_at_the_same_moment(url: str, ana: Added) -> None:
    rui = staff.add("rui", "admin", PASSWORD, url=url)

    def close(who: int) -> bool:
        try:
            staff.end(who, by="x", url=url)
        except StaffError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(close, (ana.member.id, rui.member.id))) == 1


def test_a_name_that_is_not_there_is_shut_out_just_the_same(url: str) -> None:
    fail(url, 5, name="nobody")
    with pytest.raises(SignInError) as raised:
        staff.sign_in("nobody", "x", "1", HERE, at=NOW, url=url)
    assert raised.value.shut_out


def test_one_address_cannot_try_many_names(url: str, ana: Added) -> None:
    for number in range(20):
        fail(url, 1, name=f"name{number}")
    with pytest.raises(SignInError) as raised:
        enter(url, ana)
    assert raised.value.shut_out
    assert enter(url, ana, address="192.0.2.7")


def test_a_success_ends_the_count_of_failures(url: str, ana: Added) -> None:
    fail(url, 4)
    enter(url, ana)
    fail(url, 4)
    assert enter(url, ana, NOW + timedelta(minutes=1))


def test_failures_are_in_the_log_without_what_was_typed(url: str, ana: Added) -> None:
    fail(url, 1, name="my password by mistake")
    [line, *_] = audit.lines(1, url=url)
    assert (line.actor, line.action, line.details) == ("unknown", "sign_in.failed", {})


def test_no_secret_lies_open_in_the_database(url: str, ana: Added) -> None:
    with engine(url).connect() as connection:
        rows = str(connection.execute(sa.text("SELECT * FROM staff")).all())
    assert "$argon2id$" in rows
    assert PASSWORD not in rows
    assert ana.secret not in rows


@pytest.mark.parametrize(
    ("name", "role", "password", "problem"),
    [
        ("a", "admin", PASSWORD, "bad_name"),
        ("Ana", "admin", PASSWORD, "bad_name"),
        ("ana reyes", "admin", PASSWORD, "bad_name"),
        ("rui", "owner", PASSWORD, "bad_role"),
        ("rui", "admin", "short", "bad_password"),
        ("rui", "admin", "aaaaaaaaaaaaaaaa", "bad_password"),
        ("rui", "admin", "x" * 201, "bad_password"),
        ("ana", "admin", PASSWORD, "name_taken"),
    ],
)
def test_what_cannot_be_an_account(url: str, ana: Added, name: str, role: str, password: str, problem: str) -> None:
    with pytest.raises(StaffError) as raised:
        staff.add(name, role, password, url=url)
    assert raised.value.code == problem
    assert len(staff.members(url=url)) == 1


def test_a_made_password_must_be_changed(url: str) -> None:
    added = staff.add("rui", "reviewer", url=url)
    assert added.member.must_change
    staff.change_password(added.member.id, added.password, PASSWORD, url=url)
    assert not staff.named("rui", url=url).must_change  # type: ignore[union-attr]


def test_the_last_admin_stays(url: str, ana: Added) -> None:
    with pytest.raises(StaffError, match="last_admin"):
        staff.end(ana.member.id, by="ana", url=url)
    with pytest.raises(StaffError, match="last_admin"):
        staff.set_role(ana.member.id, "viewer", by="ana", url=url)
    other = staff.add("rui", "admin", PASSWORD, url=url)
    staff.end(other.member.id, by="ana", url=url)
    assert staff.named("rui", url=url).ended_at  # type: ignore[union-attr]


def test_who_left_does_not_get_in_and_new_secrets_open_again(url: str, ana: Added) -> None:
    rui = staff.add("rui", "admin", PASSWORD, url=url)
    staff.end(ana.member.id, by="rui", url=url)
    with pytest.raises(SignInError):
        enter(url, ana)
    again = staff.renew_secrets(ana.member.id, by=rui.member.name, url=url)
    assert enter(url, again, password=again.password).must_change


class TestSessions:
    """A session is good while it is used, at most for a working day, and under a new token now and then."""

    @pytest.fixture
    def cookie(self, url: str, ana: Added) -> str:
        return staff_sessions.begin(ana.member, at=NOW, url=url)

    def who(self, url: str, cookie: str | None, **later: float) -> str | None:
        opened = staff_sessions.open_session(cookie, at=NOW + timedelta(**later), url=url)
        return opened.member.name if opened else None

    def test_it_says_who_is_there(self, url: str, cookie: str) -> None:
        assert self.who(url, cookie) == "ana"

    @pytest.mark.parametrize("wrong", [None, "", "x", "made.up.token"])
    def test_what_we_did_not_sign_is_nobody(self, url: str, wrong: str | None) -> None:
        assert self.who(url, wrong) is None

    def test_it_ends_when_nothing_was_done(self, url: str, cookie: str) -> None:
        assert self.who(url, cookie, minutes=31) is None
        assert self.who(url, cookie, minutes=1) is None

    def test_it_goes_on_while_it_is_used_until_the_working_day_ends(self, url: str, cookie: str) -> None:
        for minutes in range(0, 12 * 60, 20):
            opened = staff_sessions.open_session(cookie, at=NOW + timedelta(minutes=minutes), url=url)
            assert opened
            cookie = opened.renewed or cookie
        assert self.who(url, cookie, hours=12, minutes=1) is None

    def test_the_token_is_renewed_and_the_old_one_ends_soon(self, url: str, cookie: str) -> None:
        opened = staff_sessions.open_session(cookie, at=NOW + timedelta(minutes=11), url=url)
        assert opened
        assert opened.renewed
        assert self.who(url, cookie, minutes=11, seconds=20) == "ana"
        assert self.who(url, cookie, minutes=12) is None
        assert self.who(url, opened.renewed, minutes=12) == "ana"

    def test_signing_out_ends_it(self, url: str, cookie: str) -> None:
        staff_sessions.close(cookie, url=url)
        assert self.who(url, cookie) is None

    @pytest.mark.parametrize("change", ["password", "secrets", "end"])
    def test_a_change_of_the_account_ends_it(self, url: str, ana: Added, cookie: str, change: str) -> None:
        staff.add("rui", "admin", PASSWORD, url=url)
        if change == "password":
            staff.change_password(ana.member.id, PASSWORD, "another long password", url=url)
        elif change == "secrets":
            staff.renew_secrets(ana.member.id, by="rui", url=url)
        else:
            staff.end(ana.member.id, by="rui", url=url)
        assert self.who(url, cookie) is None

    def test_another_role_holds_at_once(self, url: str, ana: Added, cookie: str) -> None:
        staff.add("rui", "admin", PASSWORD, url=url)
        staff.set_role(ana.member.id, "viewer", by="rui", url=url)
        opened = staff_sessions.open_session(cookie, at=NOW, url=url)
        assert opened
        assert not opened.member.may("reviewer")

    def test_no_token_lies_in_the_database(self, url: str, cookie: str) -> None:
        with engine(url).connect() as connection:
            rows = str(connection.execute(sa.text("SELECT * FROM staff_sessions")).all())
        assert cookie.split(".")[0].strip('"') not in rows
