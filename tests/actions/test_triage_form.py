"""The form and the rules agree on who answers what."""

from __future__ import annotations

from pathlib import Path

import yaml

from actions.triage_form import COURTESIES, FORM, INTERRUPTIONS

RULES = Path(__file__).resolve().parents[2] / "data" / "rules"


def interrupting_intents() -> set[str]:
    """The intents that have a rule for while the form is open."""
    rules = [rule for path in RULES.glob("*.yml") for rule in yaml.safe_load(path.read_text())["rules"]]
    open_form = {"active_loop": FORM}
    inside = [rule for rule in rules if open_form in rule.get("condition", [])]
    return {step["intent"] for rule in inside for step in rule["steps"] if "intent" in step}


def test_the_form_hands_over_exactly_what_a_rule_answers() -> None:
    assert interrupting_intents() == COURTESIES | INTERRUPTIONS
