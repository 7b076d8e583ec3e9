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
from typing import Any, cast
from zoneinfo import ZoneInfo

import pydantic_settings
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from settings.model import FEWEST_SIGNS_OF_A_KEY, PORT_WORDS, PREFIX, ROOT, Settings

__all__ = ["PORT_WORDS", "PREFIX", "ROOT", "Settings", "settings"]
LOOPBACK = "127.0.0.1"
CALIFORNIA = ZoneInfo("America/Los_Angeles")


class SettingsError(ValueError):
    """A variable holds something that cannot be used; the text is one line a person can act on."""


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
    "metrics_token",
    "smtp_password",
    "notify_webhook",
    "twilio_auth_token",
)  # never repeated in an error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises SettingsError with one line for a bad value."""
    return read_settings()


def clear_settings() -> None:
    """Forget the settings read so far, so that the next call reads the environment again."""
    settings.cache_clear()


def read_settings() -> Settings:
    """Read the environment now. Raises SettingsError naming the variable and what it allows."""
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR") or None
    try:
        if folder and not Path(folder).is_dir():
            raise SettingsError(f"{PREFIX}SECRETS_DIR must be the path of a folder that is there, not {folder!r}.")
        current: Settings = cast(Any, Settings)(_secrets_dir=folder)
    except (PermissionError, pydantic_settings.SettingsError) as error:
        file = getattr(error.__cause__ or error, "filename", folder)
        raise SettingsError(f"{PREFIX}SECRETS_DIR must be readable by who runs this: {file} is not.") from None
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None
    _check_partners(current)
    _check_production(current)
    return current


def _check_production(current: Settings) -> None:
    """Raises SettingsError for what would be dangerous where people are helped."""
    if not current.production:
        return
    if current.secret_key is None:
        raise SettingsError(f"{PREFIX}SECRET_KEY must be set, because {PREFIX}PRODUCTION is: 32 characters or more.")
    if len(set(current.secret_key.get_secret_value())) < FEWEST_SIGNS_OF_A_KEY:
        raise SettingsError(f"{PREFIX}SECRET_KEY must be random, because {PREFIX}PRODUCTION is set.")
    if not (current.public_url or "").startswith("https://"):
        raise SettingsError(f"{PREFIX}PUBLIC_URL must begin with https://, because {PREFIX}PRODUCTION is set.")
    if current.today is not None:
        raise SettingsError(f"{PREFIX}TODAY must not be set, because {PREFIX}PRODUCTION is.")


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
