"""Taking in what was told: what is new, what it replaced, and what should not be replaced without asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actions.hearing import Heard
from actions.memory import Memory
from imr_logic import vocabulary

FILED = "grievance_filed_date"
DANGER = "immediate_danger"
# Things that go on by themselves: later is no contradiction.
COURSE = {
    "grievance_status": ("not_filed", "pending", "upheld", "overturned"),
    "state_hearing": ("none", "requested", "held"),
}
# Values that wait to be told more exactly: the exact one takes nothing back.
VAGUE = frozenset({"employer_funding_unknown", "unknown", "other"})
# An infusion for a cancer is a drug, too: one word for a care does not speak against another of its kind.
SAME_CARE = (
    frozenset({"medication", "medication_infused", "cancer", "genetic_therapy", "clinical_trial"}),
    frozenset({"surgery", "orthopedic", "reconstructive_surgery", "oral_surgery", "transplant"}),
    frozenset({"specialist", "specialist_referral", "primary_care"}),
    frozenset({"hospital", "skilled_nursing"}),
)
# Told beside something else these are side remarks, read from the words around it.
BESIDE = frozenset({"decision", "care_status", "decided_by"})
# Of no weight for the path: the first word on it stays.
NEVER_ASKED = frozenset({"decision", "decided_by"})
# A bill for a surgery is about the surgery.
ABOUT_MONEY = ("billing", "hospital_bill", "quality", "cancellation", "other")
# Danger is believed at once.
BELIEVED = {"immediate_danger": True, "urgent": True, "doctor_certifies_urgency": True}


@dataclass
class Learned:
    """`new` facts, `changed` ones (told before, otherwise), and `doubted` ones, which stay as they were until the
    person says which is right. `is_first`: nothing was known before."""

    new: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    doubted: dict[str, Any] = field(default_factory=dict)
    is_first: bool = False

    def __contains__(self, fact: str) -> bool:
        return fact in self.new or fact in self.changed

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.doubted)


def take_in(memory: Memory, heard: Heard) -> Learned:
    """Puts what was told into memory."""
    learned = Learned(is_first=not memory.facts)
    known = dict(memory.values())
    for fact, value in heard.facts.items():
        if heard.source == "said" and _is_the_same_care(fact, known.get(fact), value) and fact != memory.asked:
            continue  # the first word for it stays
        if _is_doubtful(fact, value, heard, memory):
            if _is_worth_asking(fact, value, heard, memory):
                learned.doubted[fact] = value
        elif memory.learn(fact, value, heard.source):
            replaced = known.get(fact) is not None
            (learned.changed if replaced else learned.new)[fact] = value
    for fact, value in heard.implied.items():
        memory.learn(fact, value, "implied")
    _settle_the_grievance(memory, learned)
    memory.paused = memory.paused and not learned
    return learned


def _is_doubtful(fact: str, value: Any, heard: Heard, memory: Memory) -> bool:
    """Whether a fact told before would be replaced by a remark: not by a button, not by the answer to its own
    question, not by a correction that is about it, and not by what comes later in the course of things. A day is
    in doubt only when the person has put it right before."""
    known = memory.values().get(fact)
    if known is None or value in (None, known) or fact in (memory.asked, DANGER) or heard.source == "chosen":
        return False
    if vocabulary()[fact].kind == "day":
        return heard.source == "said" and memory.facts[fact]["source"] == "corrected"
    if BELIEVED.get(fact) == value or _goes_on(fact, known, value):
        return False
    if _is_vague(known) or _is_the_same_care(fact, known, value):
        return False
    return heard.source != "corrected" or (fact in BESIDE and _tells_a_day(heard))


def _is_worth_asking(fact: str, value: Any, heard: Heard, memory: Memory) -> bool:
    """Whether to ask which is right: not what stands beside a day, not what a bill is for, and never twice."""
    if fact in NEVER_ASKED or (fact in BESIDE and _tells_a_day(heard)) or value in ABOUT_MONEY:
        return False
    return f"{fact}={value}" not in memory.refused


def _tells_a_day(heard: Heard) -> bool:
    return any(vocabulary()[fact].kind == "day" for fact in heard.facts)


def _is_vague(known: Any) -> bool:
    return all(one in VAGUE for one in (known if isinstance(known, list) else [known]))


def _is_the_same_care(fact: str, known: Any, value: Any) -> bool:
    return fact == "service_category" and any({known, value} <= kind for kind in SAME_CARE)


def _goes_on(fact: str, known: Any, value: Any) -> bool:
    course = COURSE.get(fact, ())
    return known in course and value in course and course.index(known) < course.index(value)


def _settle_the_grievance(memory: Memory, learned: Learned) -> None:
    """No grievance was filed after all: its dates go too. A day of filing says that something was filed."""
    status = memory.values().get("grievance_status")
    if "grievance_status" in learned and status == "not_filed":
        for fact in [name for name in memory.facts if name.startswith("grievance_") and name.endswith("_date")]:
            del memory.facts[fact]
    elif FILED in learned and status == "not_filed":
        del memory.facts["grievance_status"]  # what came of it is asked
