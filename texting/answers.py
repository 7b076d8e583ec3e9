"""The assistant's answers as text messages: the dates first, choices by number, at most three messages at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from texting.keywords import plainly
from texting.segments import parted, plain_signs
from texting.wording import said, texts

Reply = Mapping[str, Any]
MOST_MESSAGES = 3
PARAGRAPH = "\n\n"
MORE = "wish=more"
ASKS_FOR_A_REACH = "contact_reach"
MOST_LAWS = 2
NUMBER = re.compile(r"(?:(?:reply|option|number|choice|no|nr|answer) )?(\d{1,2})(?: please| thanks)?")
SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}


class Worded(NamedTuple):
    """An answer in messages; `rest` is what waits behind MORE."""

    messages: tuple[str, ...]
    rest: str = ""


def worded(replies: Sequence[Reply], link: Callable[[], str] | None = None) -> Worded:
    """What the assistant said in one turn, for a phone. `link` makes the address of the papers when there are any."""
    blocks = [block for reply in replies for block in _blocks(reply, link)]
    choices = choices_of(replies)
    more = said("answer", "more") if any(_is_more(button) for button in _buttons(replies)) else ""
    return in_messages(PARAGRAPH.join(part for part in (*blocks, _listed(choices), more) if part))


def in_messages(text: str) -> Worded:
    """A text in messages; what goes beyond MOST_MESSAGES waits behind MORE."""
    plain = plain_signs(text)
    whole = parted(plain)
    if len(whole) <= 1:
        return Worded(tuple(whole))
    hint = "\n" + said("answer", "more")
    mark = said("answer", "part", number=MOST_MESSAGES, count=MOST_MESSAGES)
    parts = parted(plain, beside=mark)
    if len(parts) > MOST_MESSAGES:
        parts = parted(plain.removesuffix(PARAGRAPH + said("answer", "more")), beside=mark + hint)
    shown, rest = parts[:MOST_MESSAGES], parts[MOST_MESSAGES:]
    count = len(shown)
    numbered = [said("answer", "part", number=at, count=count) + part for at, part in enumerate(shown, 1)]
    numbered[-1] += hint if rest else ""
    return Worded(tuple(numbered), PARAGRAPH.join(rest))


def choices_of(replies: Sequence[Reply]) -> list[Mapping[str, str]]:
    """The choices of a turn in the order of their numbers."""
    return [button for button in _buttons(replies) if not _is_more(button)]


def chosen(text: str, choices: Sequence[Mapping[str, str]]) -> str | None:
    """The payload of the choice that a message names by its number or its words; None for any other message."""
    plain = plainly(text)
    match = NUMBER.fullmatch(plain)
    number = int(match.group(1)) if match else SPELLED.get(plain, 0)
    if 0 < number <= len(choices):
        return choices[number - 1]["payload"]
    return next((button["payload"] for button in choices if plainly(button["title"]) == plain), None)


def is_own_number(text: str) -> bool:
    """Whether a message names the phone that it comes from: "this number"."""
    return plainly(text) in {plainly(way) for way in texts()["answer"]["own_number"]}


def _buttons(replies: Sequence[Reply]) -> Iterator[Mapping[str, str]]:
    for reply in replies:
        yield from reply["buttons"]


def _is_more(button: Mapping[str, str]) -> bool:
    return button["payload"] == MORE


def _listed(choices: Sequence[Mapping[str, str]]) -> str:
    if len(choices) == 1:
        return said("answer", "only_choice", number=1, title=choices[0]["title"])
    lines = [said("answer", "choice", number=at, title=one["title"]) for at, one in enumerate(choices, 1)]
    return "\n".join([said("answer", "choices"), *lines]) if lines else ""


def _blocks(reply: Reply, link: Callable[[], str] | None) -> Iterator[str]:
    card = reply.get("card") or {}
    if card.get("kind") == "answer":
        yield from _answer(card)
    else:
        yield reply["text"]
    if reply["input"] == "date":
        yield said("answer", "date")
    if reply["asks"] == ASKS_FOR_A_REACH:
        yield said("answer", "own_number_hint")
    if reply["papers"] and link:
        yield link()


def _answer(card: Mapping[str, Any]) -> Iterator[str]:
    """An answer: what was taken in, the dates, what to do first, where the case stands."""
    yield card["before"]
    lines = [_date(one) for one in card["dates"]["items"]]
    yield "\n".join([said("answer", "dates"), *lines]) if lines else ""
    yield card["beside"]
    yield said("answer", "first", text=card["first"]["text"]) if card["first"] else ""
    yield said("answer", "title", title=card["title"], summary=card["summary"]).strip()
    yield "" if lines else _law(card)
    yield card["after"]


def _date(one: Mapping[str, Any]) -> str:
    laws = str(one["law"]).rstrip(".").split(", ")[:MOST_LAWS]
    values = {
        "label": one["label"],
        "day": one["day"],
        "lead": one["lead"],
        "law": said("answer", "law", law=", ".join(laws)) if any(laws) else "",
        "left": said("answer", "left", left=one["left"]) if one["left"] else "",
    }
    key = "undated_line" if not one["day"] else "date_line" if one["lead"] else "day_line"
    return said("answer", key, **values)


def _law(card: Mapping[str, Any]) -> str:
    laws: list[str] = next((section["items"] for section in card["sections"] if section["key"] == "law"), [])
    return said("answer", "law_alone", law=", ".join(laws[:MOST_LAWS])) if laws else ""
