"""`./imr serve --sms-sandbox`: a stand-in for Twilio beside the assistant, with a phone in the browser."""

from __future__ import annotations

import os
import secrets

from pydantic import SecretStr

from cli.child import Child
from settings import LOOPBACK, Settings, child_environment

PHONE = "Text with it here: http://localhost:{port} (a phone that exists on this machine only)"
# The ways in which staff would be told.
UNTOLD = ("smtp_host", "notify_from", "notify_to", "smtp_user", "smtp_password", "notify_webhook")
NUMBER = "+14155550100"  # of the numbers that are for stories, and nobody's


def settings_for(current: Settings, port: int) -> Settings:
    """The settings with the stand-in on a port of this machine, and an account that exists only there: no real text
    message can go out. What is written lies apart, so that nothing that is owed to real people is taken for sent, and
    nobody is told of a request."""
    folder = current.var_dir / "sandbox"
    account = {
        **dict.fromkeys(UNTOLD),
        "var_dir": folder,
        "database_url": f"sqlite:///{folder / 'imr.sqlite3'}",
        "twilio_account_sid": f"AC{secrets.token_hex(16)}",
        "twilio_auth_token": SecretStr(secrets.token_hex(16)),
        "twilio_from": NUMBER,
        "twilio_api_url": f"http://{LOOPBACK}:{port}",
        "public_url": f"http://localhost:{current.port}",
    }
    return current.model_copy(update=account)


def process(current: Settings, port: int) -> Child:
    """The process of the stand-in."""
    environment = {**os.environ, **child_environment(current)}
    log = current.var_dir / "log" / "sandbox.log"
    return Child("The stand-in for Twilio", ["-m", "sandbox", "--port", str(port)], environment, log)
