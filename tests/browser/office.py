"""Staff of a practice in a browser: accounts from the command line, signing in as people do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import NamedTuple

import httpx
import pyotp
from playwright.sync_api import Page, expect

from cli.talking import Assistant
from settings import ROOT

PASSWORD = "a long enough password"
STEP_SECONDS = 30


class Member(NamedTuple):
    """A member of staff and the key of their authenticator app."""

    name: str
    secret: str


def imr(assistant: Assistant, *words: str, said: str = "") -> str:
    """A command of `./imr` beside the running assistant. Returns what it printed."""
    surroundings = {**os.environ, "IMR_VAR_DIR": str(assistant.folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "cli", *words]
    done = subprocess.run(command, env=surroundings, input=said, text=True, capture_output=True, check=True)
    return done.stdout


def add(assistant: Assistant, role: str) -> Member:
    """An account, made on the server."""
    name = f"{role}{time.time_ns()}"
    printed = imr(assistant, "staff", "add", name, "--role", role, "--password-stdin", said=f"{PASSWORD}\n")
    return Member(name, printed.split("authenticator app: ")[1].split()[0])


def sign_in(page: Page, assistant: Assistant, member: Member) -> None:
    """By the form, with a code of this moment."""
    page.goto(f"{assistant.url}/staff")
    page.get_by_label("Name").fill(member.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Six-digit code").fill(fresh_code(member))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def fresh_code(member: Member) -> str:
    """A code that is good for some seconds more."""
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    return pyotp.TOTP(member.secret).at(time.time() + (STEP_SECONDS if left < 3 else 0))


def talk(assistant: Assistant, *says: str) -> None:
    """A conversation with the running assistant, as the web page has it; "!" presses a button."""
    with httpx.Client(base_url=f"{assistant.url}/webhooks/web/", timeout=60, trust_env=False) as client:
        session = client.post("session").json()["session"]
        for said in says:
            body = {"payload": said[1:]} if said.startswith("!") else {"text": said}
            client.post("messages", json=body, headers={"Authorization": f"Bearer {session}"}).raise_for_status()
