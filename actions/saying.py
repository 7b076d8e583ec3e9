"""Saying something: never the same message twice in a row, and long answers page by page."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions import answering
from actions.asking import Button, Message, message
from actions.cards import answer_card
from actions.memory import Memory
from actions.paging import LONGEST, LONGEST_ANSWER, LONGEST_PAGE, PARAGRAPH, pages
from actions.topics import ANSWER, Asked, blocks_of
from actions.words import phrase
from imr_logic import Assessment

# What comes after an answer is left out when no more than this would be left for what comes before it.
SHORTEST_LEAD = 100


def say(dispatcher: CollectingDispatcher, memory: Memory, said: Message) -> None:
    """Says one message; in place of one that was said word for word a moment ago, that it was said."""
    if said["text"] and said["text"] in memory.before:
        said = {**said, "text": _said_already(memory), "json_message": {**said["json_message"], "card": None}}
    dispatcher.utter_message(**said)


def _said_already(memory: Memory) -> str:
    return phrase("asides", "said_already", unlike=memory.before, help_line=phrase("help_line"))


def topic_message(
    topic: str,
    memory: Memory,
    found: Assessment,
    *,
    page: int = 0,
    before: Sequence[str] = (),
    after: str = "",
    assessment: Assessment | None = None,
    buttons: Sequence[Button] = (),
    papers: Sequence[Button] = (),
    text: str = "",
) -> Message:
    """A page of what there is to say on a topic, with what is said `before` and `after` it; the memory keeps where
    "tell me more" goes on."""
    asked = Asked(memory.case_facts(), found, memory.before, text)
    packed = pages(blocks_of(topic, asked), LONGEST_ANSWER if topic == ANSWER else LONGEST_PAGE)
    if page >= len(packed):
        memory.more = None
        return message(phrase("nothing_more", unlike=memory.before))
    is_last = page + 1 >= len(packed)
    memory.more = None if is_last else {"topic": topic, "page": page + 1}
    after = after if len(packed[page]) + len(after) + SHORTEST_LEAD < LONGEST else ""
    text = PARAGRAPH.join(part for part in (_fitting(before, packed[page], after), packed[page], after) if part)
    more = [] if is_last else [answering.more_button()]
    card = answer_card(asked.facts, found, " ".join(before), after) if assessment and page == 0 else None
    return message(text, buttons=[*more, *buttons], assessment=assessment, papers=papers, card=card)


def _fitting(before: Sequence[str], *rest: str) -> str:
    """What is said first, sentence for sentence, as far as the rest leaves room for it."""
    room = LONGEST - sum(len(PARAGRAPH) + len(part) for part in rest)
    said = ""
    for part in before:
        longer = f"{said} {part}".strip()
        said = longer if len(longer) <= room else said
    return said
