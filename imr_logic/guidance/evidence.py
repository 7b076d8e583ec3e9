"""The evidence checklist: what to gather, by route, reason for the denial and kind of care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from imr_logic.answer import Assessment
from imr_logic.facts import CaseFacts
from imr_logic.guidance.whose_law import law_of, may_be_california, whose_law
from imr_logic.language import DEFAULT, words
from imr_logic.language.saying import say_value
from imr_logic.law import load


class EvidenceItem(NamedTuple):
    """One thing to gather: what, why it helps, the law that makes it count (empty where California's does not
    reach), and `about`: the heading it stands under."""

    id: str
    text: str
    why: str
    citations: tuple[str, ...]
    about: str


def evidence_checklist(facts: CaseFacts, found: Assessment, language: str = DEFAULT) -> tuple[EvidenceItem, ...]:
    """What to gather for a case: the route's own documents first, then what urgency, the reasons and the kind
    of care add, each thing once. Empty in an emergency: paper can wait."""
    if found.route == "emergency":
        return ()
    first: dict[str, str] = {}
    for name, about in _listed(facts, found, language):
        first.setdefault(name, about)
    return tuple(_item(name, about, facts, language) for name, about in first.items())


def _listed(facts: CaseFacts, found: Assessment, language: str) -> Iterator[tuple[str, str]]:
    """Each thing to gather with its heading; things may come more than once."""
    table = load("gathering")
    about = words(language, "gathering")["about"]
    yield from ((document.id, about["route"]) for document in found.documents)
    if facts.cannot_wait:
        yield from ((name, about["urgent"]) for name in table["urgent"])
    for reason in facts.get("denial_reasons") or ("unknown",):
        said = say_value("denial_reasons", [reason], language)
        heading = about["reason_unknown" if reason == "unknown" else "reason"].format(said=said)
        elsewhere = {} if may_be_california(facts) else table["elsewhere"]
        yield from ((name, heading) for name in elsewhere.get(reason, table["reasons"][reason]))
    service = facts.get("service_category")
    if service:
        heading = about["service"].format(said=say_value("service_category", service, language))
        yield from ((name, heading) for name in table["services"][service])
    if facts.get("care_status") == "received":
        yield from ((name, about["received"]) for name in table["received"])
    yield from ((name, about["always"]) for name in table["always"])


def _item(name: str, about: str, facts: CaseFacts, language: str) -> EvidenceItem:
    law = law_of("evidence", name, facts)
    own = words(language, "gathering")["evidence"].get(name)
    if own is None:
        text, why = words(language)["documents"][name], words(language, "gathering")["documents_why"][name]
    else:
        text, why = own["text"], _why(own, bool(law), facts)
    return EvidenceItem(name, text, why, law, about)


def _why(own: dict[str, str], has_law: bool, facts: CaseFacts) -> str:
    """Why it helps: what California's law asks is said where it holds, and what other law asks under its name."""
    if has_law and whose_law(facts) == "erisa" and "erisa" in own:
        return own["erisa"]
    return own["why"] if has_law else own.get("elsewhere", own["why"])
