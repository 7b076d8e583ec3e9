"""What is good for trying only is refused where people are helped; secrets may be files."""

from __future__ import annotations

import errno
import secrets
from pathlib import Path

import pytest

import settings
from settings import SettingsError

GOOD = {"PRODUCTION": "true", "SECRET_KEY": secrets.token_hex(32), "PUBLIC_URL": "https://help.example.org"}
BAD = {
    "no key": ({"SECRET_KEY": ""}, "IMR_SECRET_KEY must be set"),
    "a key of one sign": ({"SECRET_KEY": "k" * 40}, "IMR_SECRET_KEY must be random"),
    "no address": ({"PUBLIC_URL": ""}, "IMR_PUBLIC_URL must begin with https://"),
    "an open address": ({"PUBLIC_URL": "http://help.example.org"}, "IMR_PUBLIC_URL must begin with https://"),
    "a fixed day": ({"TODAY": "2026-11-23"}, "IMR_TODAY must not be set"),
}


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> settings.Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"IMR_{name}", value)
    return settings.read_settings()


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **GOOD).production


@pytest.mark.parametrize(("change", "told"), BAD.values(), ids=BAD)
def test_what_is_good_for_trying_only_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        read(monkeypatch, **{**GOOD, **change})
    assert GOOD["SECRET_KEY"] not in str(raised.value)


def test_without_production_all_of_it_may_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch, TODAY="2026-11-23").production


def test_a_secret_may_be_a_file_and_a_variable_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "imr_secret_key").write_text("f" * 40 + "\n")
    (tmp_path / "imr_metrics_token").write_text("file-" * 5)
    found = read(monkeypatch, SECRETS_DIR=str(tmp_path), METRICS_TOKEN="variable-" * 3)
    assert found.secret_key is not None
    assert found.secret_key.get_secret_value() == "f" * 40
    assert found.metrics_token is not None
    assert found.metrics_token.get_secret_value() == "variable-" * 3


def test_a_folder_of_secrets_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="IMR_SECRETS_DIR must be the path of a folder"):
        read(monkeypatch, SECRETS_DIR=str(tmp_path / "nowhere"))


@pytest.mark.parametrize("value", ["nginx", "300.1.1.1", "10.0.0.0/99"])
def test_a_proxy_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with pytest.raises(SettingsError, match="IMR_PROXIES must be IP addresses or networks"):
        read(monkeypatch, PROXIES=value)


def test_proxies_are_kept_as_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, PROXIES="10.0.0.7, 172.28.0.0/16 ,::1").proxies == "10.0.0.7,172.28.0.0/16,::1/128"


@pytest.mark.parametrize("value", ["localhost:6379", "http://x", "redis://", "redis://host:port"])
def test_a_redis_that_is_none_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with pytest.raises(SettingsError, match="IMR_REDIS_URL must be a URL such as redis://"):
        read(monkeypatch, REDIS_URL=value)


@pytest.mark.parametrize("what", ["is_dir", "read_text"])
def test_secrets_that_may_not_be_read_are_told_in_one_line(
    what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    (tmp_path / "imr_secret_key").write_text("k" * 32)
    monkeypatch.setattr(Path, what, refuse)
    with pytest.raises(SettingsError, match=f"IMR_SECRETS_DIR must be readable by who runs this: {tmp_path}"):
        read(monkeypatch, SECRETS_DIR=str(tmp_path))
