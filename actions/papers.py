"""The links to the papers of a case, good for a while and for this conversation only."""

from __future__ import annotations

from actions.asking import Button
from documents import papers_for
from imr_logic import Assessment, CaseFacts
from records import cases, links

# Beside an answer each paper stands once; who asks for the papers gets every form of them.
OTHER_FORMS = frozenset({"case_summary_page", "letter_to_plan_text", "statement_text"})


def paper_links(sender: str, facts: CaseFacts, found: Assessment, every: bool = False) -> list[Button]:
    """One link a paper that fits the case, with `every` form of it; none in an emergency."""
    saved = cases.load(sender)
    kinds = papers_for(facts, found, saved.revisions if saved else None)
    kinds = tuple(kind for kind in kinds if every or kind.id not in OTHER_FORMS)
    token = links.mint(sender) if kinds else ""
    return [{"title": kind.title(), "url": links.path(token, kind.file)} for kind in kinds]
