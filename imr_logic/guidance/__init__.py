"""Beside the route and the dates: what people ask on the way, answered from the facts of their case and the law."""

from imr_logic.guidance.points import Point, Topic, tell
from imr_logic.guidance.situation import Situation, situation_of

__all__ = ["Point", "Situation", "Topic", "situation_of", "tell"]
