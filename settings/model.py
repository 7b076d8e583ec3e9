"""The settings one by one: name, default, what each means and what it accepts, and the checks of single values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.checks import addresses, base_address, networks, one_line_of_text, origins, redis_address, web_address

PREFIX = "IMR_"
ROOT = Path(__file__).resolve().parents[1]


def _option(default: Any, description: str, allowed: str, **limits: Any) -> Any:
    """A field that can say in words what it accepts, for the error line and for the README table."""
    return Field(default, description=description, json_schema_extra={"allowed": allowed}, **limits)


PORT_WORDS = "a whole number from 1 to 65535"
SIZE_WORDS = "a whole number of 1 or more"
HOURS_WORDS = "a whole number from 1 to 720"
IDLE_WORDS = "a whole number from 5 to 240"
RETENTION_WORDS = "a whole number from 1 to 3650"
MOST_A_MINUTE = 100_000
FEWEST_SIGNS_OF_A_KEY = 10  # different ones; a random key of 32 characters has more
RATE_WORDS = f"a whole number from 0 to {MOST_A_MINUTE}"
LINE_WORDS = "one line of text of up to 300 characters, or nothing"
LINK_WORDS = "an address that begins with https:// or http://, or nothing"


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
        "one of in_process and server",
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
    secrets_dir: Path | None = _option(
        None,
        "A folder with secrets in files named like the variables in small letters, such as imr_secret_key.",
        "the path of a folder, or nothing",
    )
    log_format: Literal["text", "json"] = _option(
        "text", "How logs are written: lines for people, or one JSON object a line.", "one of text and json"
    )
    log_to: Literal["files", "stderr"] = _option(
        "files", "Where logs go: files in the var folder, or what started the program.", "one of files and stderr"
    )
    metrics_token: SecretStr | None = _option(
        None,
        "Who may read /metrics: `Authorization: Bearer` with this token; there is no such page when it is not set.",
        "16 characters or more, or nothing",
        min_length=16,
    )
    production: bool = _option(
        False,
        "Refuses to start with what is good for trying only: without IMR_SECRET_KEY and an https IMR_PUBLIC_URL, or "
        "with IMR_TODAY.",
        "one of true and false",
    )
    proxies: str = _option(
        "127.0.0.1",
        "The servers in front, whose X-Forwarded-For is believed.",
        "IP addresses or networks with commas between",
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

    @field_validator("smtp_security", "actions", "log_format", "log_to", mode="before")
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

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        return ",".join(networks(value))

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
            object.__setattr__(self, "database_url", default_database(self.var_dir))

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


def default_database(folder: Path) -> str:
    """Where conversations are kept when nothing else is set."""
    return f"sqlite:///{folder / 'imr.sqlite3'}"


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
