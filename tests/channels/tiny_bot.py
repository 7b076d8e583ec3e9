"""A real but very small Rasa assistant, trained in a temporary folder, with its own action server.

It understands a few words, so that a test can ask for every kind of answer that a channel has to carry.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx

from cli import talking
from cli.serve import free_port
from nlu.model_file import seal
from sandbox.running import standing_in
from sandbox.twilio import Account
from settings import model
from tests.texting.people import ACCOUNT

ROOT = Path(__file__).resolve().parents[2]
ALLOWED_SITE = "https://clinic.example"
MOST_A_MINUTE = 40  # of one conversation
CONFIG = """
recipe: default.v1
assistant_id: tiny
language: en
pipeline:
- {name: WhitespaceTokenizer}
- {name: KeywordIntentClassifier, case_sensitive: false}
- {name: FallbackClassifier, threshold: 0.5}
policies: [{name: RulePolicy}]
"""
DOMAIN = """
version: "3.1"
intents: [greet, give_details, endless, hostile, ask_status, call_me, assess_me, explode, half, slow, silent]
entities: [choice]
slots:
  choice: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: choice}]}
responses:
  utter_greet: [{text: "Hello. This is a test."}]
  utter_after: [{text: "And on we go."}]
actions: [action_echo, action_ask, action_ask_name, action_choice, action_assess, action_hostile, action_explode,
          action_slow, action_silent]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""
RULES = {
    "nlu_fallback": ["action_echo"],
    "greet": ["utter_greet"],
    "give_details": ["action_choice"],
    "ask_status": ["action_ask"],
    "call_me": ["action_ask_name"],
    "assess_me": ["action_assess"],
    "explode": ["action_explode"],
    "half": ["utter_after", "action_explode"],
    "slow": ["action_slow"],
    "silent": ["action_silent"],
    "hostile": ["action_hostile"],
    "endless": ["utter_after"] * 12,
}
KEYWORDS = {
    "greet": ["good morning"],
    "give_details": ["my details"],
    "ask_status": ["status"],
    "call_me": ["call me"],
    "assess_me": ["assess"],
    "explode": ["explode"],
    "half": ["half"],
    "slow": ["slow"],
    "silent": ["silent"],
    "hostile": ["hostile"],
    "endless": ["endless"],
}
ACTIONS = """
import asyncio
import time
from rasa_sdk import Action

spans = []

class Said(Action):
    def name(self):
        return "action_echo"
    def run(self, dispatcher, tracker, domain):
        private = bool(tracker.latest_message["metadata"].get("private"))
        custom = {"json_message": {"private": True}} if private else {}
        dispatcher.utter_message(text="You said: " + repr(tracker.latest_message["text"]), **custom)
        return []

class Ask(Action):
    def name(self):
        return "action_ask"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(
            text="Did you file a grievance?\\n\\nIt matters.",
            buttons=[{"title": "Not yet", "payload": "grievance_status=not_filed"},
                     {"title": "I'm not sure", "payload": "grievance_status=null"}],
            json_message={"asks": "grievance_status", "input": "choice"},
        )
        return []

class AskName(Action):
    def name(self):
        return "action_ask_name"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="What is your name?", json_message={"asks": "contact_name"})
        return []

class Choice(Action):
    def name(self):
        return "action_choice"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="You chose: " + str(tracker.get_slot("choice")),
                                 json_message={"asks": "denial_letter_date", "input": "date"})
        return []

class Hostile(Action):
    def name(self):
        return "action_hostile"
    def run(self, dispatcher, tracker, domain):
        text = "<img src=x onerror=alert(1)> <script>alert(2)</script> \\u202eevil " + "W" * 400
        dispatcher.utter_message(
            text=text, buttons=[{"title": "<b>bold</b>", "payload": "a=b"}],
            json_message={"card": {
                "kind": "answer", "before": text, "after": "", "title": text, "summary": text,
                "first": {"title": text, "text": "javascript:alert(1) https://example.com/<b>"},
                "dates": {"title": text, "items": []}, "beside": "", "papers_title": text,
                "sections": [{"title": text, "items": [text]}]}},
        )
        return []

class Assess(Action):
    def name(self):
        return "action_assess"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Here it is.", json_message={"assessment": {"route": "plan_grievance"}})
        return []

class Explode(Action):
    def name(self):
        return "action_explode"
    def run(self, dispatcher, tracker, domain):
        raise ValueError("it said " + tracker.latest_message["text"])

class Slow(Action):
    def name(self):
        return "action_slow"
    async def run(self, dispatcher, tracker, domain):
        begun = time.monotonic()
        await asyncio.sleep(0.5)
        spans.append((begun, time.monotonic()))
        overlap = any(a < begun < b for a, b in spans[:-1])
        dispatcher.utter_message(text="at the same time" if overlap else "one after the other")
        return []

class Silent(Action):
    def name(self):
        return "action_silent"
    def run(self, dispatcher, tracker, domain):
        return []
"""


def write(folder: Path) -> None:
    """Write the assistant's files."""
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, *({"action": name} for name in actions)]}
        for intent, actions in RULES.items()
    ]
    examples = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {word}\n" for word in words)
        for intent, words in KEYWORDS.items()
    )
    (folder / "config.yml").write_text(CONFIG)
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "data.yml").write_text(f'version: "3.1"\nrules: {rules}\nnlu:\n{examples}')
    (folder / "tiny_actions.py").write_text(ACTIONS)


def train(folder: Path) -> Path:
    """Train the assistant; returns its model."""
    write(folder)
    command = [sys.executable, "-m", "rasa", "train", "--quiet", "--data", "data.yml"]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([*command, "--fixed-model-name", "tiny", "--out", "."], cwd=folder, check=True, env=environment)
    seal(folder / "tiny.tar.gz")
    return folder / "tiny.tar.gz"


class Assistant:
    """A running assistant, each of whose processes a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = train(folder)
        self.ports = {name: free_port() for name in ("PORT", "RASA_PORT", "ACTION_PORT", "SITE_PORT", "PHONE_PORT")}
        self.other_site = f"http://localhost:{self.ports.pop('SITE_PORT')}"
        self.phone_port = self.ports.pop("PHONE_PORT")
        self.web = f"http://127.0.0.1:{self.ports['PORT']}"
        self.rasa = f"http://127.0.0.1:{self.ports['RASA_PORT']}"
        self.database = model.default_database(folder / "var")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._around = contextlib.ExitStack()
        self.environment = {
            **os.environ,
            **{f"IMR_{name}": str(port) for name, port in self.ports.items()},
            "IMR_VAR_DIR": str(folder / "var"),
            "IMR_DATABASE_URL": self.database,
            **{f"IMR_{name.upper()}": value for name, value in talking.shared_services().items()},
            "IMR_ACTIONS": "server",
            "IMR_ORIGINS": f"{ALLOWED_SITE}, {self.other_site}",
            **{f"IMR_{name}": value for name, value in ACCOUNT.items()},
            "IMR_TWILIO_API_URL": f"http://127.0.0.1:{self.phone_port}",
            "IMR_RATE_SESSION": str(MOST_A_MINUTE),
            "IMR_RATE_ADDRESS": "0",
            "IMR_RATE_MINT": "0",
            "PYTHONPATH": str(folder),
            "SANIC_HOST": "127.0.0.1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }

    def __enter__(self) -> Self:
        self.run("-c", "from records import schema; schema.upgrade()").check_returncode()
        self.phone = self._around.enter_context(standing_in(self._account(), self.phone_port))
        for name in ("actions", "rasa", "web"):
            self.start(name)
        self.wait_until_well()
        return self

    def _account(self) -> Account:
        names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL")
        return Account(*(ACCOUNT[name] for name in names), posts_to=self.web)

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.stop(name)
        self._around.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command in the assistant's environment, to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def start(self, name: str) -> None:
        """Start one of the processes, its output added to its log."""
        with self.log(name).open("ab") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *self.command(name)],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def stop(self, name: str) -> None:
        """Stop one of the processes."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(20)

    def kill(self, name: str) -> None:
        """End one of the processes as a crash does."""
        process = self.processes.pop(name)
        process.kill()
        process.wait(20)

    def command(self, name: str) -> list[str]:
        """What starts a process, after the name of the interpreter."""
        port = str(self.ports["ACTION_PORT"])
        logging = ["--logging-config_file", "actions/server_logging.yml"]
        return {
            "actions": ["-m", "rasa_sdk", "--actions", "tiny_actions", "--port", port, *logging],
            "rasa": ["-m", "channels.server", "--model", str(self.model)],
            "web": ["-m", "web"],
        }[name]

    def log(self, name: str) -> Path:
        """Where a process writes its log."""
        return self.folder / f"{name}.log"

    def wait_until_well(self, seconds: float = 90) -> None:
        """Wait until health says 200. Raises AssertionError when it does not, or a process ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ended = [name for name, process in self.processes.items() if process.poll() is not None]
            assert not ended, f"{ended} ended, see {self.folder}"
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.web}/healthz", timeout=20).status_code == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"not well in time, see {self.folder}")
