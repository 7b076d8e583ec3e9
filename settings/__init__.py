"""Everything that can be set from outside, in one place: the only code that reads IMR_ variables.

`settings()` gives the checked values of this process; `child_environment` hands the same values to the
processes that `./imr serve` starts, so that all of them agree. Library: pydantic-settings.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.checks import addresses, base_address, one_line_of_text, origins, redis_address, web_address

PREFIX = "IMR_"
ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
CALIFORNIA = ZoneInfo("America/Los_Angeles")


class SettingsError(ValueError):
    """A variable holds something that cannot be used; the text is one line a person can act on."""


def _option(default: Any, description: str, allowed: str, **limits: Any) -> Any:
    """A field that can say in words what it accepts, for the error line and for the README table."""
    return Field(default, description=description, json_schema_extra={"allowed": allowed}, **limits)


PORT_WORDS = "a whole number from 1 to 65535"
SIZE_WORDS = "a whole number of 1 or more"
HOURS_WORDS = "a whole number from 1 to 720"
IDLE_WORDS = "a whole number from 5 to 240"
RETENTION_WORDS = "a whole number from 1 to 3650"
MOST_A_MINUTE = 100_000
RATE_WORDS = f"a whole number from 0 to {MOST_A_MINUTE}"
LINE_WORDS = "one line of text of up to 300 characters, or nothing"
LINK_WORDS = "an address that begins with https:// or http://, or nothing"
PARTNERS = {
    "smtp_host": ("notify_from", "notify_to"),
    "notify_from": ("smtp_host",),
    "notify_to": ("smtp_host",),
    "smtp_user": ("smtp_password",),
    "smtp_password": ("smtp_user",),
    "twilio_account_sid": ("twilio_auth_token", "twilio_from", "public_url"),
    "twilio_auth_token": ("twilio_account_sid",),
    "twilio_from": ("twilio_account_sid",),
}
UNSHOWN = (
    "secret_key",
    "database_url",
    "redis_url",
    "smtp_password",
    "notify_webhook",
    "twilio_auth_token",
)  # never repeated in an error


class Settings(BaseSettings):
    """The settings of one process; each field is the variable IMR_<FIELD> in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    var_dir: Path = _option(
        ROOT / "var", "Folder for all that the program writes: database, key, logs.", "the path of a folder"
    )
    database_url: str = _option(
        "",
        "Where conversations and cases are kept; an SQLite file in the var folder when not set.",
        "an SQLAlchemy URL such as postgresql://user:password@host/name or sqlite:////path/file.sqlite3",
    )
    today: date | None = _option(
        None, "Fixes the day, for tests and demonstrations.", "a day written YYYY-MM-DD, or nothing"
    )
    host: str = _option("127.0.0.1", "Address that the web app listens on.", "an address of this machine")
    port: int = _option(8000, "The public port.", PORT_WORDS, ge=1, le=65535)
    rasa_port: int = _option(5005, "Port of Rasa, on loopback.", PORT_WORDS, ge=1, le=65535)
    action_port: int = _option(5055, "Port of the action server, on loopback.", PORT_WORDS, ge=1, le=65535)
    actions: Literal["in_process", "server"] = _option(
        "in_process",
        "Where the custom actions run: within Rasa's process, or in an action server of their own, over HTTP.",
        "in_process or server",
    )
    redis_url: SecretStr | None = _option(
        None,
        "Redis, where several Rasa processes share locks and rate limits; one process keeps them in its memory when "
        "not set.",
        "a URL such as redis://:password@host:6379/0, or nothing",
    )
    secret_key: SecretStr | None = _option(
        None,
        "Signs session tokens and links, seals contacts, phone numbers and texts, and stands behind who said STOP "
        "(another key opens and knows none of it); when not set, a random one is made once and kept in the "
        "var folder.",
        "32 characters or more, or nothing",
        min_length=32,
    )
    session_hours: int = _option(12, "How long a session token is good for, in hours.", HOURS_WORDS, ge=1, le=720)
    link_hours: int = _option(48, "How long the link to a paper is good for, in hours.", HOURS_WORDS, ge=1, le=720)
    staff_idle_minutes: int = _option(
        30, "Staff are signed out when they did nothing for so many minutes.", IDLE_WORDS, ge=5, le=240
    )
    retention_days: int = _option(
        90, "What people wrote is erased when nothing happened for so many days.", RETENTION_WORDS, ge=1, le=3650
    )
    message_limit: int = _option(4000, "Longest message that is passed on, in characters.", SIZE_WORDS, ge=1)
    body_limit: int = _option(16384, "Largest request body, in bytes.", SIZE_WORDS, ge=1)
    origins: str = _option(
        "",
        "Other sites whose pages may show the chat.",
        "origins such as https://www.example.org with commas between, or nothing",
    )
    rate_session: int = _option(
        30, "Requests a minute of one conversation; 0 is no limit.", RATE_WORDS, ge=0, le=MOST_A_MINUTE
    )
    rate_address: int = _option(
        300, "Requests a minute from one network address; 0 is no limit.", RATE_WORDS, ge=0, le=MOST_A_MINUTE
    )
    rate_mint: int = _option(
        60, "New conversations a minute from one network address; 0 is no limit.", RATE_WORDS, ge=0, le=MOST_A_MINUTE
    )
    log_level: Literal["INFO", "WARNING", "ERROR"] = _option(
        "INFO", "How much is written to the logs.", "INFO, WARNING or ERROR"
    )
    practice_name: str | None = _option(None, "Who calls back after a consultation request.", LINE_WORDS)
    practice_phone: str | None = _option(None, "Phone number of the practice, as people should read it.", LINE_WORDS)
    practice_hours: str | None = _option(None, "When the practice can be reached, in words.", LINE_WORDS)
    practice_prices: str | None = _option(None, "What a consultation costs, in words.", LINE_WORDS)
    booking_url: str | None = _option(None, "Where people can book a time themselves.", LINK_WORDS)
    smtp_host: str | None = _option(
        None,
        "Mail server that staff are told through of a new consultation request; no e-mail is sent when not set.",
        "the name of a mail server, or nothing; IMR_NOTIFY_FROM and IMR_NOTIFY_TO go with it",
    )
    smtp_port: int = _option(587, "Port of the mail server.", PORT_WORDS, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = _option(
        "starttls", "How the connection to the mail server is protected.", "one of none, starttls and tls"
    )
    smtp_user: str | None = _option(None, "Name to log in to the mail server with.", LINE_WORDS)
    smtp_password: SecretStr | None = _option(
        None, "Password to log in to the mail server with.", "any text; IMR_SMTP_USER goes with it"
    )
    notify_from: str | None = _option(
        None, "Sender of the e-mail to staff.", "one e-mail address, or nothing; IMR_SMTP_HOST goes with it"
    )
    notify_to: str | None = _option(
        None,
        "Who gets the e-mail to staff.",
        "one e-mail address or several with commas between, or nothing; IMR_SMTP_HOST goes with it",
    )
    notify_webhook: SecretStr | None = _option(
        None, "Address that is told by a POST of a new consultation request.", LINK_WORDS
    )
    public_url: str | None = _option(
        None,
        "Where people and Twilio reach the web app: text messages are signed for it, and their links begin with it.",
        "an address such as https://help.example.org without anything after it, or nothing",
    )
    twilio_account_sid: str | None = _option(
        None,
        "The account whose text messages are taken in and answered; there are none when it is not set.",
        "AC and 32 digits or letters a to f, or nothing; IMR_TWILIO_AUTH_TOKEN, IMR_TWILIO_FROM and IMR_PUBLIC_URL "
        "go with it",
        pattern=r"^AC[0-9a-f]{32}$",
    )
    twilio_auth_token: SecretStr | None = _option(
        None, "The account's token, which Twilio signs with.", "any text; IMR_TWILIO_ACCOUNT_SID goes with it"
    )
    twilio_from: str | None = _option(
        None,
        "Who text messages are from: a phone number of the account, or one of its messaging services.",
        "a number such as +14155550100, or MG and 32 digits or letters a to f; IMR_TWILIO_ACCOUNT_SID goes with it",
        pattern=r"^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$",
    )
    twilio_api_url: str = _option(
        "https://api.twilio.com",
        "Where text messages are handed over.",
        "an address that begins with https:// or http://",
    )

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(redis_address(value.get_secret_value())) if value else None

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("smtp_security", "actions", mode="before")
    @classmethod
    def _small_letters(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("practice_name", "practice_phone", "practice_hours", "practice_prices", "smtp_host", "smtp_user")
    @classmethod
    def _one_line_of_text(cls, value: str | None) -> str | None:
        return one_line_of_text(value) if value else None

    @field_validator("booking_url")
    @classmethod
    def _link(cls, value: str | None) -> str | None:
        return web_address(value) if value else None

    @field_validator("notify_webhook")
    @classmethod
    def _secret_link(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(web_address(value.get_secret_value())) if value else None

    @field_validator("public_url")
    @classmethod
    def _base(cls, value: str | None) -> str | None:
        return base_address(value) if value else None

    @field_validator("twilio_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        return base_address(value)

    @field_validator("origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        return ", ".join(origins(value))

    @field_validator("notify_from", "notify_to")
    @classmethod
    def _mail_addresses(cls, value: str | None, info: ValidationInfo) -> str | None:
        found = addresses(value or "", most=1 if info.field_name == "notify_from" else None)
        return ", ".join(found) or None

    @field_validator("var_dir")
    @classmethod
    def _absolute_folder(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("database_url")
    @classmethod
    def _absolute_database_url(cls, value: str) -> str:
        return _absolute_url(value) if value else value

    def model_post_init(self, _: Any) -> None:
        """Give the database its default place once the var folder is known."""
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.var_dir / 'imr.sqlite3'}")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The other sites whose pages may talk to the assistant."""
        return frozenset(origins(self.origins))

    @property
    def takes_texts(self) -> bool:
        """Whether text messages are set up."""
        return self.twilio_account_sid is not None

    @property
    def mail_receivers(self) -> tuple[str, ...]:
        """The addresses that are told of a consultation request."""
        return tuple(addresses(self.notify_to or ""))


def _absolute_url(value: str) -> str:
    """The URL, with an SQLite path that no longer depends on the folder a process was started in."""
    from sqlalchemy.engine import make_url  # here, because most commands need no database
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(value)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise ValueError("not a URL") from error
    if backend == "postgresql":
        return value
    if backend != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("neither PostgreSQL nor an SQLite file, which several processes can share")
    return url.set(database=str(Path(url.database).expanduser().resolve())).render_as_string(False)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises SettingsError with one line for a bad value."""
    return read_settings()


def clear_settings() -> None:
    """Forget the settings read so far, so that the next call reads the environment again."""
    settings.cache_clear()


def read_settings() -> Settings:
    """Read the environment now. Raises SettingsError naming the variable and what it allows."""
    try:
        current = Settings()
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None
    _check_partners(current)
    return current


def _check_partners(current: Settings) -> None:
    """Raises SettingsError for a setting that is of no use without another: an e-mail without a receiver would
    mean that nobody is ever told, and nobody would notice."""
    for name, partners in PARTNERS.items():
        lacking = [one for one in partners if getattr(current, name) and not getattr(current, one)]
        if lacking:
            variable, other = f"{PREFIX}{lacking[0].upper()}", f"{PREFIX}{name.upper()}"
            what = allowed(Settings.model_fields[lacking[0]])
            raise SettingsError(f"{variable} must be set too, because {other} is: {what}.")


def _one_line(error: ValidationError) -> str:
    """The first problem in words. A secret's or a database's value is never repeated."""
    name = str(error.errors()[0]["loc"][0])
    given = os.environ.get(f"{PREFIX}{name.upper()}", "")
    shown = "" if name in UNSHOWN else f", not {given!r}"
    return f"{PREFIX}{name.upper()} must be {allowed(Settings.model_fields[name])}{shown}."


def allowed(field: FieldInfo) -> str:
    """What a setting accepts, in words."""
    extra = field.json_schema_extra
    return str(extra["allowed"]) if isinstance(extra, dict) else "a valid value"


def california_today(current: Settings | None = None) -> date:
    """Today in California (or IMR_TODAY): the one day that every deadline is counted from."""
    current = current or settings()
    return current.today or datetime.now(CALIFORNIA).date()


def signing_key(current: Settings | None = None) -> str:
    """The key that all others are made from: IMR_SECRET_KEY, else a random one kept in the var folder (mode 0600)."""
    current = current or settings()
    if current.secret_key:
        return current.secret_key.get_secret_value()
    return _kept_key(current.var_dir / "secret.key")


def _kept_key(path: Path) -> str:
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Create the file whole or not at all; when another process was first, keep that one's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def child_environment(current: Settings, **changes: Any) -> Mapping[str, str]:
    """The IMR_ variables that make another process see these settings, with some of them changed."""
    values = current.model_copy(update=changes).model_dump(exclude_none=True)
    return {f"{PREFIX}{name.upper()}": _plain(value) for name, value in values.items()}


def export_environment(current: Settings | None = None) -> None:
    """Set the IMR_ variables of this process to its settings: Rasa's own files name some of them."""
    os.environ.update(child_environment(current or settings()))


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
