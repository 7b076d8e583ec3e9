"""The commands of who runs the practice: accounts, the log, backups, forgetting; each says what it did or why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import settings
from cli.app import app
from cli.in_use import shared_use
from records import audit, consultations, schema, staff
from records.links import case_id
from records.staff import SignInError
from records.texters import texter_id
from tests.records.told import SENDER, STORY, tell_story

PHONE = "+14155550134"


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in {"VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 32}.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    settings.clear_settings()
    schema.upgrade(settings.settings().database_url)
    return settings.settings().database_url


def imr(*words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=said)


def test_the_first_admin_is_made_here_with_password_and_key(url: str) -> None:
    done = imr("staff", "add", "ana", "--role", "admin", "--password-stdin", said="a good long password\n")
    assert done.exit_code == 0
    secret = done.stdout.split("authenticator app: ")[1].split()[0]
    assert "otpauth://totp/" in done.stdout
    assert "a good long password" not in done.stdout
    import pyotp

    assert staff.sign_in("ana", "a good long password", pyotp.TOTP(secret).now(), "", url=url).role == "admin"


def test_without_a_password_one_is_made_that_must_be_changed(url: str) -> None:
    assert "to be changed" in imr("staff", "add", "rui").stdout
    assert staff.named("rui", url=url).must_change  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "said", "problem"),
    [
        (("staff", "add", "Ana"), None, "small letters"),
        (("staff", "add", "ana", "--role", "king"), None, "viewer, reviewer, admin"),
        (("staff", "add", "ana", "--password-stdin"), "short\n", "12 to 200"),
        (("staff", "end", "nobody"), None, "no account of that name"),
        (("staff", "renew", "nobody"), None, "no account of that name"),
        (("forget", "--phone", "hello"), None, "no phone number"),
        (("forget",), None, "one of --case, --conversation and --phone"),
        (("forget", "--case", "x", "--conversation", "1"), None, "one of --case, --conversation and --phone"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: tuple[str, ...], said: str | None, problem: str) -> None:
    done = imr(*words, said=said)
    assert done.exit_code == 2
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1


def test_accounts_are_listed_renewed_and_closed(url: str) -> None:
    assert "No account yet" in imr("staff", "list").stdout
    imr("staff", "add", "ana")
    imr("staff", "add", "rui")
    assert "Key for the authenticator app" in imr("staff", "renew", "rui").stdout
    imr("staff", "end", "rui")
    assert imr("staff", "list").stdout.split() == ["ana", "admin", "open", "rui", "viewer", "closed"]
    assert "last admin" in imr("staff", "end", "ana").stderr
    with pytest.raises(SignInError):
        staff.sign_in("rui", "x", "1", "", url=url)


def test_the_log_is_verified_against_a_seal_that_was_noted(url: str) -> None:
    imr("staff", "add", "ana")
    seal = imr("audit", "verify").stdout.split("Seal of the last: ")[1].strip()
    assert imr("audit", "verify", "--expect", seal).exit_code == 0
    wrong = imr("audit", "verify", "--expect", "0" * 64)
    assert (wrong.exit_code, "not among theirs" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("by", ["case", "conversation", "phone"])
def test_somebody_is_forgotten_by_what_they_can_name(url: str, by: str) -> None:
    sender = texter_id(PHONE) if by == "phone" else SENDER
    number = tell_story(url, sender)
    value = {"case": case_id(sender), "conversation": str(number), "phone": "(415) 555-0134"}[by]
    receipt = imr("forget", f"--{by}", value)
    assert (receipt.exit_code, "messages         4" in receipt.stdout) == (0, True)
    again = imr("forget", f"--{by}", value)
    assert (again.exit_code, "Nothing was there" in again.stderr) == (1, True)


def test_a_number_told_for_a_call_leads_to_its_conversation(url: str) -> None:
    tell_story(url)
    consultations.keep_part(SENDER, "web", "reach", "(415) 555-0134", url=url)
    assert "consultations    1" in imr("forget", "--phone", "415.555.0134").stdout


def test_a_bad_setting_is_named_in_one_line() -> None:
    surroundings = {**os.environ, "IMR_RETENTION_DAYS": "0", "PYTHONPATH": str(settings.ROOT)}
    done = subprocess.run([sys.executable, "-m", "cli", "purge"], env=surroundings, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "IMR_RETENTION_DAYS must be a whole number from 1 to 3650, not '0'.\n"


def test_what_is_old_is_purged(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_story(url)
    assert "Erased: 0 conversations" in imr("purge").stdout
    monkeypatch.setenv("IMR_RETENTION_DAYS", "1")
    settings.clear_settings()
    assert "Erased: 1 conversations" in imr("purge").stdout


def test_a_backup_is_made_and_put_back(url: str, tmp_path: Path) -> None:
    tell_story(url)
    made = imr("backup", str(tmp_path / "one.sqlite3"))
    assert "SHA-256" in made.stdout
    imr("forget", "--case", case_id(SENDER))
    tell_story(url, "web-later")
    done = imr("restore", str(tmp_path / "one.sqlite3"))
    assert (done.exit_code, "Forgotten once more: 1" in done.stdout) == (0, True)
    assert audit.verify(url=url).problem == ""


def test_nothing_is_put_back_while_the_assistant_runs(tmp_path: Path) -> None:
    imr("backup", str(tmp_path / "one.sqlite3"))
    with shared_use(tmp_path):
        done = imr("restore", str(tmp_path / "one.sqlite3"))
    assert (done.exit_code, "stop ./imr serve first" in done.stderr) == (1, True)


@pytest.mark.parametrize("file", ["nothing.sqlite3", "text"])
def test_what_is_no_backup_is_said_so(tmp_path: Path, file: str) -> None:
    (tmp_path / "text").write_text("hello")
    done = imr("restore", str(tmp_path / file))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1


def test_no_word_of_anybody_is_printed_when_the_records_fail(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    from records import forgetting

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {"sender": SENDER}, Exception(STORY))

    tell_story(url)
    monkeypatch.setattr(forgetting, "forget", fail)
    done = imr("forget", "--case", case_id(SENDER))
    assert (done.exit_code, done.stderr) == (
        1,
        "The records do not answer (OperationalError). Nothing was changed.\n",
    )
