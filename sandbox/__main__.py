"""`python -m sandbox --port N`: the stand-in alone, on this machine, for the account of the IMR_TWILIO_ settings."""

from __future__ import annotations

import argparse

import uvicorn

import settings
from sandbox.app import create_app
from sandbox.twilio import Account


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="sandbox")
    parser.add_argument("--port", type=int, required=True)
    current = settings.settings()
    app = create_app(account_of(current))
    uvicorn.run(app, host=settings.LOOPBACK, port=parser.parse_args().port, log_level="warning", ws="none")


def account_of(current: settings.Settings) -> Account:
    """The account that the settings name; what comes in is posted to the web app on this machine."""
    token = current.twilio_auth_token
    assert current.twilio_account_sid
    assert current.public_url
    assert token
    here = f"http://{settings.LOOPBACK}:{current.port}"
    number = current.twilio_from or ""
    return Account(current.twilio_account_sid, token.get_secret_value(), number, current.public_url, here)


if __name__ == "__main__":
    main()
