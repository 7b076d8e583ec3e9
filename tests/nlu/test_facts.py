"""What messages state, row by row: the corpora are written as people write and read by the rules alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic import vocabulary
from nlu.facts import read

TODAY = date(2026, 11, 23)
CORPUS = Path(__file__).parent / "fact_corpus"
HARD = "hard.txt"  # what is not read rightly yet: known, written down, and not counted as right
YES_NO = {"yes": True, "no": False, "true": True, "false": False}


def labelled(words: str) -> dict[str, Any]:
    """The facts of a row: `fact=value fact=value`, reasons joined by `+`."""
    facts: dict[str, Any] = {}
    for word in words.split():
        fact, _, value = word.partition("=")
        kind = vocabulary()[fact].kind
        facts[fact] = {"choices": sorted(value.split("+")), "yes_no": YES_NO.get(value)}.get(kind, value)
    return facts


def rows() -> Iterator[Any]:
    """Every row of the corpora: the fact asked for (or None), the text, the facts."""
    for path in sorted(CORPUS.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if path.name == HARD or not line.strip() or line.startswith("#"):
                continue
            text, _, facts = line.rpartition("=>")
            asked, text = text.strip()[1:].split("] ", 1) if text.startswith("[") else (None, text.strip())
            yield pytest.param(asked, text, labelled(facts), id=f"{path.stem}-{number}")


@pytest.mark.parametrize(("asked", "text", "facts"), rows())
def test_a_message_states_just_these_facts(asked: str | None, text: str, facts: dict[str, Any]) -> None:
    found = read(text, TODAY, asked).facts
    plain = {name: sorted(value) if isinstance(value, list) else value for name, value in found.items()}
    assert {name: value for name, value in plain.items() if vocabulary()[name].kind != "day"} == facts


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_and_every_span_lies_inside(text: str) -> None:
    reading = read(text, TODAY)
    for found in reading.evidence:
        assert 0 <= found.start <= found.end <= len(text)
        assert found.text == text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😭😭😭",
        "8675309 4111 1111 22 33 44 555",
        "<b>onclick=alert(1)</b>",
        "مرحبا كيف حالك",
        "QUJDREVGR0g=" * 40,
    ],
)
def test_what_says_nothing_gives_no_fact(text: str) -> None:
    assert read(text, TODAY).facts == {}
