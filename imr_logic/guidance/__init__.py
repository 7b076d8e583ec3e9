"""Beside the route and the dates: what people ask on the way, what to gather, what a doctor's letter has to hold.

Answered from the facts of a case and the law: `law/guidance.yml` for questions, `law/gathering.yml` and
`law/evidence.yml` for papers, words in `language/`.
"""

from imr_logic.guidance.evidence import EvidenceItem, evidence_checklist
from imr_logic.guidance.letter import LetterOutline, LetterSection, doctor_letter, is_clinical
from imr_logic.guidance.points import Point, Topic, tell
from imr_logic.guidance.situation import Situation, situation_of
from imr_logic.guidance.whose_law import CALIFORNIA, LawEntryName, law_of, may_be_california, whose_law

__all__ = [
    "CALIFORNIA",
    "EvidenceItem",
    "LawEntryName",
    "LetterOutline",
    "LetterSection",
    "Point",
    "Situation",
    "Topic",
    "doctor_letter",
    "evidence_checklist",
    "is_clinical",
    "law_of",
    "may_be_california",
    "situation_of",
    "tell",
    "whose_law",
]
