"""The assistant's answers as text messages: the dates first, choices by number, at most three messages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from texting.keywords import number_in, plainly
from texting.segments import parted, plain_signs
from texting.wording import said

Reply = Mapping[str, Any]
MOST_MESSAGES = 3
PARAGRAPH = "\n\n"
MORE = "wish=more"
ASKS_FOR_A_REACH = "contact_reach"
MOST_LAWS = 2


class Worded(NamedTuple):
    """An answer in messages; `rest` is what waits behind MORE, None when what waited before still does. `greets`:
    who writes is told, too."""

    messages: tuple[str, ...]
    rest: str | None = ""
    greets: bool = False


def worded(replies: Sequence[Reply], link: Callable[[], str] | None = None, most: int = MOST_MESSAGES) -> Worded:
    """What the assistant said in one turn, for a phone, in `most` messages. `link` makes the address of the papers
    when there are any."""
    blocks = [block for reply in replies for block in _blocks(reply, link)]
    choices = choices_of(replies)
    more = said("answer", "more") if any(_is_more(button) for button in _buttons(replies)) else ""
    return in_messages(PARAGRAPH.join(part for part in (*blocks, _listed(choices), more) if part), most)


def in_messages(text: str, most: int = MOST_MESSAGES) -> Worded:
    """A text in messages; what goes beyond `most` waits behind MORE."""
    plain = plain_signs(text)
    whole = parted(plain)
    if len(whole) <= 1:
        return Worded(tuple(whole))
    hint = "\n" + said("answer", "more")
    mark = said("answer", "part", number=MOST_MESSAGES, count=MOST_MESSAGES)
    parts = parted(plain, beside=mark)
    if len(parts) > most:
        parts = parted(plain.removesuffix(PARAGRAPH + said("answer", "more")), beside=mark + hint)
    shown, rest = parts[:most], parts[most:]
    count = len(shown)
    numbered = [said("answer", "part", number=at, count=count) + part for at, part in enumerate(shown, 1)]
    numbered[-1] += hint if rest else ""
    return Worded(tuple(numbered), PARAGRAPH.join(rest))


def choices_of(replies: Sequence[Reply]) -> list[Mapping[str, str]]:
    """The choices of a turn in the order of their numbers."""
    return [button for button in _buttons(replies) if not _is_more(button)]


def chosen(text: str, choices: Sequence[Mapping[str, str]]) -> str | None:
    """The payload of the choice that a message names by its number or its words; None for any other message."""
    by_words = (button["payload"] for button in choices if plainly(button["title"]) == plainly(text))
    number = number_in(text) or 0
    return choices[number - 1]["payload"] if 0 < number <= len(choices) else next(by_words, None)


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
