"""How often people win, from what the DMHC published."""

from __future__ import annotations

from imr_logic import Assessment, CaseFacts


def odds_blocks(facts: CaseFacts, found: Assessment) -> list[str]:
    """The rates worth showing for a case."""
    return []
