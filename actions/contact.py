"""Reading the parts of a request for a call: a name, a way to reach the person, a time, a yes or no."""

from __future__ import annotations

import re

from actions.hearing import Heard
from actions.words import words
from records.reach import as_reach

LONGEST_NAME = 60
NO_NAME = frozenset({"affirm", "deny", "thank", "dont_know", "abusive"})
MOST_WORDS_OF_NAME = 5
LONGEST_TIME = 120
# "my name is Maria", "it's Maria", "call me Maria": what stands before a name.
BEFORE_A_NAME = re.compile(
    r"^(?:hi|hello)?[ ,]*(?:my name is|name is|the name is|i am|i'm|im|it is|it's|this is|call me)\s+", re.I
)
# From the first digit or sign of an address on it is no name any more.
AFTER_A_NAME = re.compile(
    r"[,;]?\s*(?:and\s+)?(?:my\s+)?(?:\b(?:phone|cell|number|mail|e-mail|email)\b.*|\S*[\d@].*)$", re.I
)


def name_in(heard: Heard) -> str:
    """The name that a message tells; empty when it is no name: a question, a sentence, a number, a no."""
    said = AFTER_A_NAME.sub("", BEFORE_A_NAME.sub("", heard.text.strip())).strip(" .,!")
    is_name = any(sign.isalpha() for sign in said) and len(said) <= LONGEST_NAME
    parts = said.lower().split()
    is_sentence = len(parts) > MOST_WORDS_OF_NAME or any(part in words()["never_in_a_name"] for part in parts)
    is_question = "?" in heard.text or (heard.asks and not _is_written_as_name(said))  # Will and May are names, too
    is_answer = is_question or says_no(heard) or heard.intent in NO_NAME
    return said if is_name and not is_sentence and not is_answer else ""


def _is_written_as_name(text: str) -> bool:
    return all(part[0].isupper() and part != "I" for part in text.split())


def volunteered(heard: Heard) -> tuple[str, str]:
    """The name and the way to reach them that somebody tells who was only asked whether they want a call: that is a
    yes. A name must be written like one, for any few words could be one else."""
    name = name_in(heard)
    return name if len(name.split()) > 1 and _is_written_as_name(name) else "", reach_in(heard)


def reach_in(heard: Heard) -> str:
    """One phone number or e-mail; empty when there is none."""
    reach = as_reach(heard.text)
    return reach.value if reach else ""


def time_in(heard: Heard) -> str:
    """When the person wants to be called, in their own words; empty for a question or a bare yes or no."""
    if heard.chosen in words()["contact"]["times"]:
        return str(heard.chosen)
    if _asks_anywhere(heard.text) or heard.intent == "affirm" or heard.is_mere_ok or says_no(heard):
        return ""
    return heard.text.strip()[:LONGEST_TIME]


def _asks_anywhere(text: str) -> bool:
    """Whether any sentence of a message asks; "when I am home" and "May 5th" are times."""
    asking = set(words()["question_words"]) - set(words()["begin_a_time"])
    sentences = [part.strip().lower() for part in re.split(r"[.!,;]+", text) if part.strip()]
    return "?" in text or any(part.split()[0] in asking for part in sentences)


def says_no(heard: Heard) -> bool:
    """Whether a message says no and nothing else."""
    plain = heard.plain.replace(",", "").replace("'", "")
    return plain in words()["plain_no"] or plain.startswith(("no dont ", "no do not "))


def answers(heard: Heard) -> bool | None:
    """Yes, no, or neither."""
    if heard.chosen in ("yes", "no"):
        return heard.chosen == "yes"
    if says_no(heard) or heard.intent == "deny":
        return False
    return True if heard.intent == "affirm" or heard.is_mere_ok else None


def corrects(heard: Heard) -> bool:
    """Whether what was read back is said to be wrong: more than a bare no, or a name or number of its own."""
    spoken = heard.source != "chosen" and heard.intent != "affirm" and not says_no(heard)
    return spoken and any(word in heard.plain for word in words()["not_right"])
