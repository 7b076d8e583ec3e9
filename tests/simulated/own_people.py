"""The made-up people of people.yml."""

from __future__ import annotations

from pathlib import Path

from cli.simulated import load

PEOPLE = load(Path(__file__).parent / "people.yml")
