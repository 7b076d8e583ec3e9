"""What guidance tells an ordinary member of an HMO, with some facts changed."""

from __future__ import annotations

from typing import Any, get_args

from imr_logic import CaseFacts, assess
from imr_logic.guidance import Topic, tell

TOPICS = get_args(Topic)
ALWAYS_TOLD: tuple[Topic, ...] = ("filing", "timeline", "after", "cost", "regulator", "advice")
UPHELD = {"grievance_status": "upheld", "grievance_filed_date": "2026-10-12", "grievance_decision_date": "2026-11-02"}
PENDING = {"grievance_status": "pending", "grievance_filed_date": "2026-11-10"}
HMO = {
    "today": "2026-11-23",
    "plan_type": "commercial",
    "product": "hmo",
    "denial_reasons": ["medical_necessity"],
    "care_status": "future",
    "provider_support": "in_plan_recommended",
    "denial_letter_date": "2026-10-05",
    "grievance_status": "not_filed",
    "immediate_danger": False,
    "urgent": False,
}
CDI = {"product": "ppo", "regulator": "cdi"}
PPO = {"product": "ppo"}
SEVERE = {"denial_reasons": ["experimental"], "condition_severity": "life_threatening"}
COHS = {"plan_type": "medi_cal_cohs"}
MEDI_CAL = {"plan_type": "medi_cal_managed_care"}
ERISA = {"plan_type": "self_funded_employer"}


def facts_of(**changes: Any) -> CaseFacts:
    return CaseFacts.model_validate({**HMO, **changes})


def told(topic: Topic, **changes: Any) -> dict[str, str]:
    """What an ordinary case with some facts changed is told on a topic: sentences by id, in order."""
    facts = facts_of(**changes)
    return {point.id: point.text for point in tell(topic, facts, assess(facts))}


def everything(**changes: Any) -> str:
    """All sentences of all topics with their law, in one line."""
    facts = facts_of(**changes)
    points = [point for topic in TOPICS for point in tell(topic, facts, assess(facts))]
    return " ".join(" ".join((point.text, *point.citations)) for point in points)
