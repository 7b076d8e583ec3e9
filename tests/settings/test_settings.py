"""Settings come from IMR_ variables; a bad one is answered with one clear line."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

import settings
from settings import Settings, SettingsError
from tests.databases import sqlite_only

DEFAULTS = {
    "host": "127.0.0.1",
    "port": 8000,
    "rasa_port": 5005,
    "action_port": 5055,
    "session_hours": 12,
    "message_limit": 4000,
    "body_limit": 16384,
    "origins": "",
    "rate_session": 30,
    "rate_address": 300,
    "rate_mint": 60,
    "log_level": "INFO",
    "today": None,
    "secret_key": None,
    "link_hours": 48,
    "practice_name": None,
    "practice_phone": None,
    "practice_hours": None,
    "practice_prices": None,
    "booking_url": None,
    "smtp_host": None,
    "smtp_port": 587,
    "smtp_security": "starttls",
    "smtp_user": None,
    "smtp_password": None,
    "notify_from": None,
    "notify_to": None,
    "notify_webhook": None,
}
BAD_VALUES = [
    ("IMR_PORT", "eighty", "a whole number from 1 to 65535"),
    ("IMR_PORT", "0", "a whole number from 1 to 65535"),
    ("IMR_RASA_PORT", "70000", "a whole number from 1 to 65535"),
    ("IMR_ACTION_PORT", "-1", "a whole number from 1 to 65535"),
    ("IMR_TODAY", "tomorrow", "YYYY-MM-DD"),
    ("IMR_TODAY", "2026-02-30", "YYYY-MM-DD"),
    ("IMR_SECRET_KEY", "short", "32 characters or more"),
    ("IMR_SESSION_HOURS", "0", "from 1 to 720"),
    ("IMR_MESSAGE_LIMIT", "none", "1 or more"),
    ("IMR_BODY_LIMIT", "0", "1 or more"),
    ("IMR_RATE_SESSION", "-1", "from 0 to 100000"),
    ("IMR_RATE_ADDRESS", "many", "from 0 to 100000"),
    ("IMR_RATE_MINT", "1.5", "from 0 to 100000"),
    ("IMR_ORIGINS", "*", "origins such as"),
    ("IMR_ORIGINS", "https://a.example/chat", "origins such as"),
    ("IMR_ORIGINS", "a.example", "origins such as"),
    ("IMR_ORIGINS", "https://somebody@a.example", "origins such as"),
    ("IMR_ORIGINS", "https://a.example?b=c", "origins such as"),
    ("IMR_ORIGINS", "https://a.example#b", "origins such as"),
    ("IMR_ORIGINS", "https://*.example", "origins such as"),
    ("IMR_LOG_LEVEL", "DEBUG", "INFO, WARNING or ERROR"),
    ("IMR_DATABASE_URL", "somewhere", "an SQLAlchemy URL"),
    ("IMR_DATABASE_URL", "mysql://a/b", "an SQLAlchemy URL"),
    ("IMR_DATABASE_URL", "sqlite://", "an SQLAlchemy URL"),
    ("IMR_DATABASE_URL", "sqlite:///:memory:", "an SQLAlchemy URL"),
    ("IMR_DATABASE_URL", "postgresql://a:b@h:port/x", "an SQLAlchemy URL"),
    ("IMR_LINK_HOURS", "0", "from 1 to 720"),
    ("IMR_PRACTICE_NAME", "two\nlines", "one line of text"),
    ("IMR_PRACTICE_PRICES", "a" * 301, "up to 300 characters"),
    ("IMR_BOOKING_URL", "example.com/book", "https:// or http://"),
    ("IMR_BOOKING_URL", "javascript:alert(1)", "https:// or http://"),
    ("IMR_BOOKING_URL", "https://", "https:// or http://"),
    ("IMR_BOOKING_URL", "https://example.com/a b", "https:// or http://"),
    ("IMR_BOOKING_URL", "https://example.com:port/", "https:// or http://"),
    ("IMR_SMTP_PORT", "0", "a whole number from 1 to 65535"),
    ("IMR_SMTP_SECURITY", "ssl", "one of none, starttls and tls"),
    ("IMR_NOTIFY_FROM", "a@example.com, b@example.com", "one e-mail address"),
    ("IMR_NOTIFY_FROM", "Practice <a@example.com>", "one e-mail address"),
    ("IMR_NOTIFY_TO", "a@example.com; b@example.com", "with commas between"),
    ("IMR_NOTIFY_TO", "somebody", "one e-mail address or several"),
    ("IMR_NOTIFY_WEBHOOK", "hooks.example.com/secret", "https:// or http://"),
]
MAIL = {"smtp_host": "mail.example.com", "notify_from": "a@example.com", "notify_to": "b@example.com"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"IMR_{name.upper()}", raising=False)
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    settings.clear_settings()


@pytest.mark.parametrize(("name", "value"), DEFAULTS.items())
def test_without_variables_the_defaults_hold(name: str, value: object) -> None:
    assert getattr(settings.settings(), name) == value


@sqlite_only
def test_the_database_is_a_file_in_the_var_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert settings.settings().database_url == f"sqlite:///{tmp_path / 'imr.sqlite3'}"


def test_an_empty_variable_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_PORT", "")
    assert settings.settings().port == 8000


@pytest.mark.parametrize(("variable", "value", "allowed"), BAD_VALUES)
def test_a_bad_value_gives_one_line_naming_the_variable_and_what_is_allowed(
    variable: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        settings.settings()
    line = str(caught.value)
    assert line.startswith(f"{variable} must be ")
    assert allowed in line
    assert "\n" not in line


@pytest.mark.parametrize("variable", ["IMR_SECRET_KEY", "IMR_DATABASE_URL", "IMR_NOTIFY_WEBHOOK"])
def test_a_secret_is_never_repeated_in_the_error(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "my-password")
    with pytest.raises(SettingsError) as caught:
        settings.settings()
    assert "my-password" not in str(caught.value)


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"IMR_{name.upper()}", value)


@pytest.mark.parametrize(
    ("missing", "because"),
    [
        ("smtp_host", "IMR_NOTIFY_FROM"),
        ("notify_from", "IMR_SMTP_HOST"),
        ("notify_to", "IMR_SMTP_HOST"),
    ],
)
def test_an_e_mail_without_one_of_its_parts_is_refused_because_nobody_would_be_told(
    missing: str, because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, {name: value for name, value in MAIL.items() if name != missing})
    with pytest.raises(SettingsError, match=f"^IMR_{missing.upper()} must be set too, because {because} is: "):
        settings.settings()


@pytest.mark.parametrize(("given", "lacking"), [("smtp_user", "SMTP_PASSWORD"), ("smtp_password", "SMTP_USER")])
def test_a_name_and_its_password_go_together(given: str, lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {given: "my-password"})
    with pytest.raises(SettingsError, match=f"^IMR_{lacking} must be set too") as caught:
        settings.settings()
    assert "my-password" not in str(caught.value)


def test_several_people_may_get_the_e_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**MAIL, "notify_to": " a@example.com ,b.c+d@mail.example.org"})
    assert settings.settings().mail_receivers == ("a@example.com", "b.c+d@mail.example.org")


@pytest.mark.parametrize("name", ["smtp_password", "notify_webhook"])
def test_what_only_the_operator_should_know_is_not_shown_when_settings_are_printed(name: str) -> None:
    current = Settings.model_validate({name: "https://hooks.example.com/my-secret"})
    assert "my-secret" not in repr(current)


def test_a_child_process_sees_the_way_to_tell_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    current = Settings(**MAIL, smtp_user="u", smtp_password="p w", notify_webhook="https://hooks.example.com/x")
    set_all(monkeypatch, {name[4:]: value for name, value in settings.child_environment(current).items()})
    assert settings.read_settings() == current


def test_settings_are_read_once_until_they_are_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.settings().port == 8000
    monkeypatch.setenv("IMR_PORT", "9000")
    assert settings.settings().port == 8000
    settings.clear_settings()
    assert settings.settings().port == 9000


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=Settings.model_fields)
def test_every_setting_says_what_it_is_for_and_what_it_allows(field: settings.FieldInfo) -> None:
    assert field.description.endswith(".")
    assert settings.allowed(field) != "a valid value"


def test_a_relative_database_file_means_the_same_in_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_DATABASE_URL", "sqlite:///here.sqlite3")
    assert settings.settings().database_url == f"sqlite:///{Path.cwd() / 'here.sqlite3'}"


def test_a_database_password_survives_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://someone:p%40ss@db.example:5432/imr"
    monkeypatch.setenv("IMR_DATABASE_URL", url)
    assert settings.settings().database_url == url


def test_today_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_TODAY", "2026-11-23")
    assert settings.california_today() == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23T07:59:00Z", date(2026, 11, 22)),
        ("2026-11-23T08:00:00Z", date(2026, 11, 23)),
        ("2026-07-01T06:59:00Z", date(2026, 6, 30)),
        ("2026-07-01T07:00:00Z", date(2026, 7, 1)),
    ],
)
def test_today_is_the_day_in_california_in_winter_and_summer(moment: str, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert settings.california_today() == day


def test_a_given_key_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMR_SECRET_KEY", "k" * 32)
    assert settings.signing_key() == "k" * 32
    assert not (tmp_path / "secret.key").exists()


def test_without_a_key_a_random_one_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    key = settings.signing_key()
    assert len(key) >= 43
    assert settings.signing_key() == key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_the_key() -> None:
    command = [sys.executable, "-c", "import settings; print(settings.signing_key())"]
    started = [subprocess.Popen(command, cwd=settings.ROOT, stdout=subprocess.PIPE) for _ in range(3)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_the_key_is_not_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_SECRET_KEY", "k" * 32)
    assert "k" * 32 not in repr(settings.settings())


@given(
    port=st.integers(1, 65535),
    today=st.none() | st.dates(),
    key=st.none() | st.text("abc123", min_size=32, max_size=40),
)
def test_a_child_process_sees_the_same_settings(port: int, today: date | None, key: str | None) -> None:
    current = Settings(port=port, today=today, secret_key=key)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.child_environment(current).items():
            patch.setenv(name, value)
        assert settings.read_settings() == current


def test_a_child_process_can_be_given_other_ports() -> None:
    assert settings.child_environment(Settings(), rasa_port=6000)["IMR_RASA_PORT"] == "6000"


def test_only_this_room_reads_the_variables() -> None:
    reads = re.compile(r"(environ|getenv).*[\"']IMR_")
    rooms = [path for path in settings.ROOT.glob("[a-z]*/**/*.py") if path.parts[-2] != "settings"]
    product = [path for path in rooms if "tests" not in path.relative_to(settings.ROOT).parts]
    assert [path for path in product if reads.search(path.read_text(encoding="utf-8"))] == []


def test_origins_are_understood_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_ORIGINS", "https://A.example/, https://b.example:443,http://c.example:8080")
    allowed = {"https://a.example", "https://b.example", "http://c.example:8080"}
    assert settings.settings().allowed_origins == allowed
