"""Rasa's process: `python -m channels.server --model FILE`. Only our channels are to be reached on it."""

from __future__ import annotations

import sys

import settings
from channels.lean import leave_training_out
from watching import logs


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit code: 1 when the assistant cannot be loaded."""
    current = settings.settings()
    logs.configure(current.log_level, current.log_format)  # first: what is imported next warns of itself
    leave_training_out()
    from channels.serving import serve  # only now: it imports Rasa

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main())
