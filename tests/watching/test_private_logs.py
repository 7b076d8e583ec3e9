"""What is logged says where something happened, never what a person said or who it was."""

from __future__ import annotations

import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from actions import server_logs
from settings import ROOT, Settings
from watching.logs import PrivateFormatter, hide_senders

SENDER = "web-0123456789abcdef0123456789abcdef"


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    shown = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("room", logging.ERROR, "file.py", 1, message, (), shown)


def failure() -> Exception:
    try:
        try:
            raise KeyError("my cancer is back")
        except KeyError as cause:
            raise ValueError("she said: my cancer is back") from cause
    except ValueError as error:
        return error


def test_an_exception_is_logged_by_kind_and_place_without_its_words() -> None:
    line = PrivateFormatter().format(record("a turn failed", failure()))
    assert "cancer" not in line
    assert "builtins.ValueError" in line
    assert "builtins.KeyError" in line
    assert f"{Path(__file__).name}:" in line


def test_words_another_handler_has_prepared_are_not_used() -> None:
    entry = record("a turn failed", failure())
    logging.Formatter().format(entry)
    assert "cancer" not in PrivateFormatter().format(entry)


def test_a_conversation_id_is_hidden() -> None:
    assert SENDER not in PrivateFormatter().format(record(f"lock of {SENDER} lost"))


def test_only_ids_are_hidden() -> None:
    assert hide_senders(f"web app, {SENDER}, web-1") == "web app, web-(hidden), web-1"


def test_a_warning_and_an_uncaught_error_of_a_process_keep_their_words_to_themselves() -> None:
    program = """
import warnings
from watching import logs
logs.configure("INFO")
warnings.warn("slot value: my cancer is back")
raise ValueError("my cancer is back")
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "cancer" not in done.stderr + done.stdout
    assert "UserWarning" in done.stderr
    assert "builtins.ValueError" in done.stderr


def test_the_action_servers_logging_file_uses_the_private_formatter() -> None:
    config = yaml.safe_load((ROOT / "actions" / "server_logging.yml").read_text())
    made = logging.config.DictConfigurator(config).configure_formatter(config["formatters"]["private"])
    assert isinstance(made, PrivateFormatter)
    assert config["root"]["handlers"] == ["stderr"]


@pytest.mark.parametrize(("form", "begins"), [("json", '{"at"'), ("text", "20")])
def test_the_action_server_writes_in_the_form_that_is_set(
    form: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_logs, "settings", lambda: Settings(log_format=form))
    assert server_logs.formatter().format(record("an action failed")).startswith(begins)


def test_the_library_that_hands_text_messages_over_writes_no_address() -> None:
    """Its lines at INFO have the whole address, with the phone number in it."""
    program = """
import httpx
from watching import logs
logs.configure("INFO")
try:
    httpx.get("http://127.0.0.1:9/Messages.json?To=%2B14155550134")
except httpx.HTTPError:
    pass
httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))).get("http://x/?To=%2B14155550134")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "4155550134" not in done.stdout + done.stderr
