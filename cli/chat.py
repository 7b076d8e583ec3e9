"""`./imr chat`: the assistant in a terminal. It runs the real thing and talks to it over HTTP."""

from __future__ import annotations

import sys
from datetime import date

import httpx

from cli.talking import Conversation, Message, NotReady, running

LEAVE = frozenset({"/quit", "/exit"})


def run(today: date | None) -> int:
    """The whole command. Ends at the end of input, at /quit, or on Ctrl-C."""
    print("Starting the assistant (about 15 seconds) ...", file=sys.stderr)
    try:
        with running(today) as assistant:
            talk(Conversation(assistant.url))
        return 0
    except NotReady as problem:
        print(f"{problem} Run ./imr serve to see why.", file=sys.stderr)
        return 1
    except httpx.HTTPError as problem:
        print(f"The assistant did not answer ({type(problem).__name__}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 0


def talk(conversation: Conversation) -> None:
    """Reads lines and shows answers until the end of input."""
    show(conversation.messages)
    while (line := _next_line()) is not None:
        payload = chosen(line, conversation.messages)
        show(conversation.choose(payload) if payload else conversation.say(line))
    conversation.close()


def _next_line() -> str | None:
    try:
        line = input("> ")
    except EOFError:
        return None
    return None if line.strip() in LEAVE else line


def chosen(line: str, messages: list[Message]) -> str | None:
    """The payload of the choice whose number was typed, None when it was something else."""
    buttons = [button for message in messages for button in message["buttons"]]
    number = int(line) if line.strip().isdecimal() else 0
    return str(buttons[number - 1]["payload"]) if 1 <= number <= len(buttons) else None


def show(messages: list[Message]) -> None:
    """Prints messages, choices numbered through."""
    number = 0
    for message in messages:
        print(f"\n{message['text']}")
        for button in message["buttons"]:
            number += 1
            print(f"  {number}) {button['title']}")
    print(flush=True)
