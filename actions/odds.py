"""How often people win, from what the DMHC published: the operator's newer counts when there are any."""

from __future__ import annotations

from imr_logic import Assessment, CaseFacts
from imr_logic.outcomes import FILE_NAME, current_table, say_outcomes
from settings import settings


def odds(facts: CaseFacts, found: Assessment) -> str:
    """The rates worth showing for a case, each with its N and its years."""
    table = current_table(settings().var_dir / FILE_NAME)
    return say_outcomes(facts, found.route, found.also, table)
