"""Rasa's process: `python -m channels.server --model FILE`. Only our channels are to be reached on it."""

from __future__ import annotations

import sys

from channels.lean import leave_training_out


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit code: 1 when the assistant cannot be loaded."""
    leave_training_out()
    from channels.serving import serve  # only now: it imports Rasa

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main())
