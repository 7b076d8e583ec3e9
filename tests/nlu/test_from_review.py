"""What staff corrected and somebody committed is read as they said. Until the first change there is nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from nlu.facts import read
from settings import ROOT

FILE = ROOT / "tests" / "nlu" / "from_review.jsonl"
TOLD = {"text": "the letter is dated October 5, 2026", "today": "2026-11-23", "asked": None}


def lines() -> list[dict[str, Any]]:
    written = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return [json.loads(line) for line in written]


def misread(told: Iterable[dict[str, Any]]) -> list[str]:
    """The messages in which a fact is not read as staff said."""
    return [one["text"] for one in told if "fact" in one and value_in(one) != one["value"]]


def value_in(line: dict[str, Any]) -> Any:
    reading = read(line["text"], date.fromisoformat(line["today"]), line["asked"])
    return reading.facts.get(line["fact"])


def test_every_corrected_fact_is_read_as_staff_said() -> None:
    assert misread(lines()) == []


def test_lines_can_be_read() -> None:
    for line in lines():
        assert {"text", "today", "asked"} <= line.keys()
        assert line.keys() & {"fact", "mark"}


def test_what_is_read_otherwise_is_named() -> None:
    right = {**TOLD, "fact": "denial_letter_date", "value": "2026-10-05"}
    assert misread([right]) == []
    assert misread([{**right, "value": "2026-10-06"}]) == [TOLD["text"]]
    assert misread([{**TOLD, "fact": "product", "value": None}]) == []
