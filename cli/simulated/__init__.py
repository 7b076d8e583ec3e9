"""Simulated people who talk with the running assistant, each with the facts of one decided case.

A person knows the facts of a scenario and nothing else, tells them in words written by hand, and sees only what the
web channel shows anyone: text, buttons, `asks`, `assessment`.
"""

from cli.simulated.driver import Talk, Turn, talk
from cli.simulated.judging import Judged, judge
from cli.simulated.person import Person, Utterance
from cli.simulated.scenarios import BadScenario, Scenario, load

__all__ = ["BadScenario", "Judged", "Person", "Scenario", "Talk", "Turn", "Utterance", "judge", "load", "talk"]
