"""What the assistant says in one turn, kept together message by message.

A custom action answers with one `dispatcher.utter_message(text, buttons, json_message)`; Rasa's own output
channels would take it apart into several messages, and split a text at its blank lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

Reply = dict[str, Any]
INPUTS = ("text", "choice", "date")
RECENT_TURNS = 10
PRIVATE_QUESTIONS = "contact_"  # contact_name, contact_reach, contact_time


class TurnReplies(OutputChannel):
    """Collects the messages of one turn in the order they were said."""

    def __init__(self) -> None:
        self.messages: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name: responses of the domain may be written for it."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response whole; one that says nothing at all is left out."""
        reply = as_reply(message)
        if reply["text"] or reply["buttons"] or reply["assessment"]:
            self.messages.append(reply)


def as_reply(message: dict[str, Any]) -> Reply:
    """A Rasa response as the client gets it: text, buttons, asks, input, assessment, card, papers, and
    whether the conversation begins anew with it."""
    custom = message.get("custom")
    extra = custom if isinstance(custom, dict) else {}
    return {
        "text": message.get("text") or "",
        "buttons": [_button(button) for button in message.get("buttons") or ()],
        "asks": extra.get("asks"),
        "input": extra["input"] if extra.get("input") in INPUTS else "text",
        "assessment": extra.get("assessment"),
        "card": extra.get("card"),
        "papers": [_paper(paper) for paper in extra.get("papers") or ()],
        "anew": extra.get("anew") is True,
    }


def plain_reply(text: str) -> Reply:
    """A message of the channel's own."""
    return as_reply({"text": text})


def offered(said: Iterable[BotUttered]) -> set[str]:
    """The payloads of every button offered in what the assistant said."""
    return {_button(button)["payload"] for event in said for button in event.data.get("buttons") or ()}


def last_asked(tracker: DialogueStateTracker | None) -> str | None:
    """The fact that the last message of the assistant asked for, None when it asked for none."""
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            custom = event.data.get("custom")
            return custom.get("asks") if isinstance(custom, dict) else None
    return None


def is_private(asked: str | None) -> bool:
    """Whether the answer to a question is a contact, whose words must not be kept with the conversation."""
    return (asked or "").startswith(PRIVATE_QUESTIONS)


def _button(button: dict[str, Any]) -> dict[str, str]:
    return {"title": str(button.get("title", "")), "payload": str(button.get("payload", ""))}


def _paper(paper: dict[str, Any]) -> dict[str, str]:
    """A link to a paper: its title and its address on this site."""
    return {"title": str(paper.get("title", "")), "url": str(paper.get("url", ""))}
