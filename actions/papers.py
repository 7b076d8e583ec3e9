"""The links to the papers of a case, good for a while and for this conversation only."""

from __future__ import annotations

from actions.asking import Button
from documents import papers_for
from imr_logic import Assessment, CaseFacts
from records import links


def paper_links(sender: str, facts: CaseFacts, found: Assessment) -> list[Button]:
    """One link a paper that fits the case; none in an emergency."""
    kinds = papers_for(facts, found)
    token = links.mint(sender) if kinds else ""
    return [{"title": kind.title(), "url": links.path(token, kind.file)} for kind in kinds]
