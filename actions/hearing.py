"""What the last message tells: facts from the entities that understanding found, or from a button pressed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rasa_sdk import Tracker

from actions.memory import Memory
from actions.words import words
from imr_logic import FactSpec, vocabulary

CHOICE = "choice"
WISH = "wish"
SKIP = "skip"
ANSWER = "answer"
DANGER = "immediate_danger"
BARE = "/answer/"
# What people say of the help they got.
OF_THE_HELP = ("helped", "not_helped")
# "A regular one, not urgent", said of the grievance, is not said of the care.
OWN_WORDS = {"grievance_expedited": ("grievance_expedited", "urgent")}


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").strip(" .,!?")


class Day(NamedTuple):
    """A day in a message, as an interval of ISO days, and where it begins in the text."""

    earliest: str
    latest: str
    start: int


@dataclass
class Heard:
    """`facts` stated, `implied` facts, days that do not exist; what the person wishes of the talk itself, such as
    more of an answer; and `chosen`, what a button answers to a question that is not about a fact. `unsure`: the
    person does not know what was asked. `perhaps_danger`: a yes that may mean danger.
    `bare`: facts read from a bare answer to the open question. `days`: every day that is named, whatever it is of.
    `text` is the message as it was written."""

    intent: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    implied: dict[str, Any] = field(default_factory=dict)
    impossible: list[str] = field(default_factory=list)
    source: str = "said"
    wish: str | None = None
    chosen: str | None = None
    unsure: bool = False
    perhaps_danger: bool = False
    bare: set[str] = field(default_factory=set)
    days: list[Day] = field(default_factory=list)
    text: str = ""

    @property
    def plain(self) -> str:
        """The message in small letters, without the signs around it."""
        return _plain(self.text)

    @property
    def is_mere_ok(self) -> bool:
        """Whether it only says that it was read: that is no yes to anything."""
        return self.plain in words()["mere_ok"]

    @property
    def asks(self) -> bool:
        """Whether it is a question by its form."""
        return "?" in self.text or self.plain.split(" ")[0].replace("'", "") in words()["question_words"]

    @property
    def anything(self) -> bool:
        """Whether the message told any fact."""
        return bool(self.facts or self.implied)


def hear(tracker: Tracker, memory: Memory) -> Heard:
    """What the last message tells, in the light of the open question."""
    message = tracker.latest_message or {}
    intent = (message.get("intent") or {}).get("name")
    source = "corrected" if intent == "correct_fact" else "said"
    heard = Heard(intent, source=source, text=str(message.get("text") or ""))
    typed = _typed_choice(heard, memory.asked)
    if typed is not None:
        return Heard("give_details", facts=dict(typed), source="chosen", text=heard.text)
    for entity in message.get("entities") or []:
        _take_entity(heard, entity)
    if heard.wish == "spanish" and heard.intent == "request_human":
        heard.intent = None  # an interpreter is meant, not a call
    if heard.wish in OF_THE_HELP:
        _drop_bare(heard)  # "this did not help" answers no question
    elif heard.plain.startswith(tuple(words()["takes_back"])) and heard.facts.keys() - heard.bare:
        _drop_bare(heard)
    else:
        _take_bare_answer(heard, memory.asked, memory.values())
    return heard


def _typed_choice(heard: Heard, asked: str | None) -> Mapping[str, Any] | None:
    """The facts of the choice whose words were typed in place of pressing it."""
    choices = words()["questions"].get(str(asked), {}).get("choices", [])
    typed = (choice["facts"] for choice in choices if _plain(choice["title"]) == heard.plain)
    return next(typed, None)


def _drop_bare(heard: Heard) -> None:
    """ "No wait, the letter was Nov 16" takes something back and answers nothing."""
    for fact in heard.bare:
        heard.facts.pop(fact, None)


def _take_entity(heard: Heard, entity: Mapping[str, Any]) -> None:
    name, value = str(entity.get("entity")), entity.get("value")
    if isinstance(value, Mapping) and value.get("earliest") and value.get("latest"):
        heard.days.append(Day(str(value["earliest"]), str(value["latest"]), int(entity.get("start") or 0)))
    if name == CHOICE:
        _take_choice(heard, str(value))
    elif name == WISH:
        heard.wish = str(value)
    elif name in vocabulary():
        _take_fact(heard, vocabulary()[name], entity)
    elif isinstance(value, Mapping) and value.get("precision") == "impossible":
        heard.impossible.append(str(entity.get("text", "")))


def _take_fact(heard: Heard, spec: FactSpec, entity: Mapping[str, Any]) -> None:
    value = entity.get("value")
    if BARE in str(entity.get("rule")):
        heard.bare.add(spec.name)
    if spec.kind == "day":
        _take_day(heard, spec.name, entity)
    elif entity.get("role") == "implied":
        heard.implied[spec.name] = value
    elif spec.kind == "choices":
        kept = heard.facts.setdefault(spec.name, [])
        kept += [value] if value not in kept else []
    else:
        heard.facts[spec.name] = value


def _take_choice(heard: Heard, payload: str) -> None:
    """A button settles facts, wishes something of the talk, or answers what is not a fact."""
    heard.source = "chosen"
    name, _, said = payload.partition("=")
    if name == WISH:
        heard.wish = said
    elif name == ANSWER:
        heard.chosen = said
    else:
        heard.facts.update(read_choice(payload))


def _take_day(heard: Heard, fact: str, entity: Mapping[str, Any]) -> None:
    value = entity.get("value") or {}
    if value.get("precision") == "impossible":
        heard.impossible.append(str(entity.get("text", "")))
    elif value.get("earliest") and value.get("latest"):
        heard.facts[fact] = {"earliest": value["earliest"], "latest": value["latest"]}


def _take_bare_answer(heard: Heard, asked: str | None, known: Mapping[str, Any]) -> None:
    """ "Yes", "no", "I don't know" and "skip" answer the open question."""
    if asked not in vocabulary() or heard.wish not in (None, SKIP):
        return
    question = words()["questions"].get(asked, {})
    if (heard.intent == "dont_know" or heard.wish == SKIP) and asked not in heard.facts:
        heard.unsure = not heard.anything
        heard.facts.update(question.get("not_sure", {asked: None}))
        return
    if heard.is_mere_ok:
        heard.facts.pop(str(asked), None)
        return
    if asked == DANGER and known.get("urgent") is True and heard.facts.get("urgent") is False:
        del heard.facts["urgent"]  # "no emergency" answers what was asked, and takes back nothing else
    if asked == DANGER and "urgent" not in known and _is_yes_to_either(heard):
        heard.facts.pop(DANGER, None)
        heard.facts["urgent"] = heard.perhaps_danger = True
        return
    own, read_as = OWN_WORDS.get(str(asked), ("", ""))
    if own and read_as in heard.facts and own not in heard.facts:
        heard.facts[own] = heard.facts.pop(read_as)
    meaning = _meaning(heard, str(asked))
    if meaning in question and (not heard.facts or heard.facts.items() <= question[meaning].items()):
        # A short word never takes back what was told of anything but the question itself.
        heard.facts.update(
            {one: value for one, value in question[meaning].items() if one == asked or one not in known}
        )
    elif not heard.anything and vocabulary()[asked].kind == "yes_no" and heard.intent in ("affirm", "deny"):
        heard.facts[asked] = heard.intent == "affirm"


def _meaning(heard: Heard, asked: str) -> str:
    """Whether a message says yes or no to the whole question. To the question of danger only a bare no does: "not
    right now" says nothing of waiting, and to take it for more could cost somebody the fast path."""
    if asked != DANGER:
        return {"affirm": "yes", "deny": "no"}.get(heard.intent or "", "")
    if heard.plain.replace(",", "").replace("'", "") in words()["plain_no"] or _is_no_danger(heard):
        return "no"
    return "yes" if heard.intent == "affirm" else ""


def _is_yes_to_either(heard: Heard) -> bool:
    """A bare yes to "is anyone in danger, or is it dangerous to wait?" says at least that it is dangerous to wait."""
    told = heard.facts.get(DANGER) is True and DANGER in heard.bare
    return told or (heard.intent == "affirm" and not heard.anything)


def _is_no_danger(heard: Heard) -> bool:
    """ "It can wait", said to the question of danger, says that there is none."""
    return heard.facts == {"urgent": False}


def as_payload(facts: Mapping[str, Any]) -> str:
    """The payload of a button that settles some facts: "grievance_status=not_filed", several joined by "&"."""
    return "&".join(f"{fact}={json.dumps(value).strip(chr(34))}" for fact, value in facts.items())


def read_choice(payload: str) -> dict[str, Any]:
    """The facts that a button's payload settles; what the vocabulary does not know is left out."""
    facts: dict[str, Any] = {}
    for part in payload.split("&"):
        fact, _, said = part.partition("=")
        if fact in vocabulary():
            facts[fact] = _read_value(said)
    return facts


def _read_value(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        return said
