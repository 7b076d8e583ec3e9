"""Guidance has something to say in every case, and its data and words fit together."""

from __future__ import annotations

import re
from typing import Any

import pytest
import textstat
import yaml
from hypothesis import given, settings

from imr_logic import CaseFacts, assess, vocabulary
from imr_logic.guidance import tell
from imr_logic.language import FOLDER
from imr_logic.law import load
from tests.imr_logic.strategies import any_facts
from tests.imr_logic.told import (
    ALWAYS_TOLD,
    PENDING,
    TOPICS,
    UPHELD,
    facts_of,
)

# Any case.


@settings(max_examples=80)
@given(any_facts())
def test_any_facts_at_all_are_told_something_on_every_topic(facts: dict[str, Any]) -> None:
    case = CaseFacts.model_validate(facts)
    found = assess(case, look_ahead=False)
    for topic in TOPICS:
        points = tell(topic, case, found)
        assert points or topic not in ALWAYS_TOLD
        assert len({point.text for point in points}) == len(points)


@pytest.mark.parametrize("plan", vocabulary()["plan_type"].values)
@pytest.mark.parametrize("status", [{}, PENDING, UPHELD, {"grievance_status": "overturned"}])
@pytest.mark.parametrize(
    "more", [{}, {"urgent": True}, {"denial_reasons": ["billing"]}, {"imr_decision": "overturned"}]
)
@pytest.mark.parametrize("hearing", ["none", "requested", "held"])
def test_every_plan_is_told_something_on_every_topic(
    plan: str, status: dict[str, Any], more: dict[str, Any], hearing: str
) -> None:
    facts = facts_of(**{"plan_type": plan, "state_hearing": hearing, **status, **more})
    found = assess(facts, look_ahead=False)
    assert [topic for topic in ALWAYS_TOLD if not tell(topic, facts, found)] == []


# Data and words.


def sentences() -> dict[str, str]:
    said: dict[str, str] = yaml.safe_load((FOLDER / "guidance.en.yml").read_text(encoding="utf-8"))["points"]
    return said


def listed() -> set[str]:
    law = load("guidance")
    of_families = [names for topic in law["topics"].values() for names in topic.values()]
    return {name for names in (*of_families, *law["instead"].values()) for name in names}


def test_every_point_is_told_somewhere_and_has_words() -> None:
    assert listed() == set(load("guidance")["points"]) == set(sentences())


def test_every_family_is_told_something_on_every_topic() -> None:
    law = load("guidance")
    maps = ("by_rule", "by_route", "by_plan_type", "by_route_at_last")
    families = {family for name in maps for family in law["families"][name].values()} | {"unknown"}
    for topic in set(ALWAYS_TOLD) - {"advice"}:
        assert set(law["topics"][topic]) == families


def test_conditions_name_rules_and_steps_that_exist() -> None:
    law = load("guidance")
    rules = {*law["no_grievance_first"], *law["families"]["by_rule"]}
    assert rules <= set(load("rules"))
    steps = {step for name, route in load("routes").items() if "steps" in route for step in route["steps"]}
    sets = [one for point in law["points"].values() for key in ("when", "unless") for one in as_sets(point.get(key))]
    assert {step for one in sets for step in one.get("first", ())} <= steps | set(STEPS_OF_RULES)


STEPS_OF_RULES = (
    "confirm_in_writing",
    "rehearing_advice",
    "after_a_lost_review",
    "cancellation_now",
    "check_the_dates",
    "after_a_won_review",
    "call_qio",
    "medi_cal_expedited",
)


def as_sets(when: Any) -> list[dict[str, Any]]:
    return when if isinstance(when, list) else [when] if when else []


LEGAL = re.compile(
    r"Independent Medical Review|Evidence of Coverage|Office of Personnel Management|Notice of Action|"
    r"Health Consumer Alliance|Authorized Assistant Form|Department of \w+|State Hearings? ?\w*|expedited|\"[^\"]*\"|"
    r"redetermination|reconsider|experimental|Ombudsman|Evidence|Medicare|Medi-Cal|grievance|\{\w+\}"
)


@pytest.mark.parametrize("name", sorted(sentences()))
def test_every_sentence_can_be_read_in_eighth_grade(name: str) -> None:
    text = LEGAL.sub("it", sentences()[name])
    for one in re.split(r"(?<=[.!?]) ", text):
        if one.count(" ") > 3:
            assert textstat.flesch_kincaid_grade(one) <= 8.9, one
