"""The law of a denial, as a pure function: `assess(facts, today=...)` gives an `Assessment`.

No clock, no input or output, no chance: the same facts on the same day give the same answer for ever. Figures,
contacts and citations stand in `law/`, words in `language/`.
"""

from imr_logic.answer import Assessment, Deadline
from imr_logic.assessment import assess
from imr_logic.facts import BadFact, CaseFacts, FactSpec, Span, first_problem, parse_fact, vocabulary

__all__ = [
    "Assessment",
    "BadFact",
    "CaseFacts",
    "Deadline",
    "FactSpec",
    "Span",
    "assess",
    "first_problem",
    "parse_fact",
    "vocabulary",
]
