"""What a person wishes of the talk itself: why something is asked, where to look, more of an answer, the papers."""

from __future__ import annotations

from actions import answering, consulting
from actions.asking import Button, Message, message, wish_button
from actions.hearing import Heard
from actions.learning import BESIDE
from actions.memory import Memory
from actions.papers import paper_links
from actions.saying import topic_message
from actions.topics import ANSWER, CONTINUING, OPEN
from actions.words import phrase, words
from imr_logic import Assessment, CaseFacts, law, vocabulary
from imr_logic.guidance import law_of
from records import consultations

CONSULTATION = "consultation"
CHANGE = "change_contact"
UNCLEAR = "unclear"
CANCEL = "cancel_call"
CLINICIAN = "clinician"
LAW_OF_TERMS = {"parity": "parity_comparison"}
EXPLAIN = "explain "
# Wishes that are answered by a sentence.
SAID_OF = frozenset({"feeling", "loss", "spanish", "robot", "back", "privacy", "identifiers"})
# What people say of the help they got.
HELPED, NOT_HELPED = "helped", "not_helped"
# What can stand beside another wish.
BESIDE_ANOTHER = ("feeling", "spanish")
WANTS_MORE = ("ask_", "request_", "stop", "delete", "restart")
BEYOND_THE_END = 10**6


def explanation(wish: str | None, memory: Memory) -> str:
    """What is said before the open question is asked again: why it is asked, or where the answer stands."""
    fact = str(memory.asked)
    entry = words()["questions"].get(fact, {})
    if wish in ("where", UNCLEAR) and "where" in entry:
        return phrase("questions", fact, "where", unlike=memory.before)
    if wish in ("why", UNCLEAR) and "why" in entry:
        return _why(fact, memory)
    return ""


def _why(fact: str, memory: Memory) -> str:
    """Why a fact is asked, from the rule that asks for it."""
    because = vocabulary()[fact].because
    citations = law.rule(because).authority if because else ()
    return phrase("cited", text=phrase("questions", fact, "why", unlike=memory.before), law=", ".join(citations[:2]))


def fulfilled(heard: Heard, memory: Memory, found: Assessment, sender: str) -> Message | None:
    """The answer to a wish that is not about the open question; None for one that is none."""
    wish = heard.wish or ""
    if wish.startswith(EXPLAIN):
        return message(_explained(wish.removeprefix(EXPLAIN), memory.case_facts(), found))
    if wish in SAID_OF:
        return message(phrase(wish, unlike=memory.before))
    if wish == HELPED:
        return message(phrase(wish, unlike=memory.before))
    if wish == NOT_HELPED:
        return message(phrase(wish, unlike=memory.before), buttons=[consulting.button()])
    if wish == CANCEL:
        return message(phrase("contact", "cancelled" if consultations.erase(sender) else "nothing_to_cancel"))
    if wish == UNCLEAR:
        return message(phrase("asides", "help", unlike=memory.before))
    if wish == "first":
        return message(_what_to_do(memory, found))
    if wish == "goes_on":
        return topic_message(CONTINUING, memory, found)
    if wish == CHANGE:
        return message(phrase("contact", "change_hint"), buttons=[consulting.change_button()])
    if wish == "more":
        at = memory.more or {"topic": ANSWER, "page": BEYOND_THE_END}
        return topic_message(at["topic"], memory, found, page=at["page"])
    if wish == "papers":
        return _papers(memory, found, sender)
    if wish == "why":
        return message(answering.why(found) if memory.route else phrase("asides", "why_nothing_asked"))
    return None


def _explained(term: str, facts: CaseFacts, found: Assessment) -> str:
    """What a word means, with the law where it is one that holds for the plan."""
    if term == CLINICIAN and (told := answering.clinician(facts, found)):
        return told
    law_of_it = law_of("evidence", LAW_OF_TERMS[term], facts) if term in LAW_OF_TERMS else ()
    text = phrase("terms", term)
    return phrase("cited", text=text, law=", ".join(law_of_it)) if law_of_it else text


def ask_whether_it_helped(memory: Memory) -> list[Button]:
    """The choices for who says thanks or goodbye after an answer; none before there was one, and none to who was told
    to get help at once."""
    titles = words()["did_it_help"]
    has_answer = memory.route not in (None, "emergency")
    return [wish_button(titles[wish], wish) for wish in (HELPED, NOT_HELPED)] if has_answer else []


def stands_behind(heard: Heard) -> bool:
    """Whether a wish is less than what else the message wants: "I am so scared, what are her chances?"."""
    beside = heard.wish in BESIDE_ANOTHER
    return beside and bool(heard.facts.keys() - BESIDE or (heard.intent or "").startswith(WANTS_MORE))


def _what_to_do(memory: Memory, found: Assessment) -> str:
    """The first step, as soon as the path is known."""
    known = memory.route or found.route != OPEN
    if not known or not found.steps:
        return phrase("asides", "first_not_yet", unlike=memory.before)
    return phrase("first_again", unlike=memory.before, step=found.steps[0].text)


def is_beside_a_request(heard: Heard) -> bool:
    """Whether a wish is answered in the middle of a request for a call, which goes on."""
    return (heard.wish or "").startswith(EXPLAIN) or heard.wish in SAID_OF


def _papers(memory: Memory, found: Assessment, sender: str) -> Message:
    links = paper_links(sender, memory.case_facts(), found, every=True) if memory.route else []
    return message(phrase("papers" if links else "papers_later"), papers=links)
