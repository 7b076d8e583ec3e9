"""Every text that may go out is cheap: plain signs, three segments at most; the documents tell the sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import ROOT, Settings
from texting.segments import plain_signs, size_of
from texting.wording import said, texts

WORDS = yaml.safe_load((ROOT / "actions" / "language" / "en.yml").read_text(encoding="utf-8"))
CODE = "123456"
LONGEST_DAY = "Wednesday, September 30, 2026"
SPANISH = ("spanish",)
DOC = (ROOT / "docs" / "texting.md").read_text(encoding="utf-8")


def templates() -> list[tuple[str, str]]:
    return [(section, key) for section in ("door", "reminder") for key in texts()[section]]


def phrases(found: Any = WORDS, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every sentence of the assistant with where it stands."""
    if isinstance(found, str):
        yield "/".join(path), found
    for key, one in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        yield from phrases(one, (*path, str(key)))


@pytest.mark.parametrize(("section", "key"), templates())
def test_a_message_of_ours_has_plain_signs_and_three_segments_at_most(
    section: str, key: str, current: Settings
) -> None:
    size = size_of(said(section, key, day=LONGEST_DAY, code=CODE))
    assert size.encoding == "GSM-7"
    assert size.segments <= 3


@pytest.mark.parametrize(("section", "key"), templates())
def test_the_documents_tell_the_size_of_each_message(section: str, key: str, current: Settings) -> None:
    size = size_of(said(section, key, day=LONGEST_DAY, code=CODE))
    assert f"| `{section}.{key}` | {size.encoding} | {size.length} | {size.segments} |" in DOC


@pytest.mark.parametrize(("where", "sentence"), list(phrases()))
def test_no_word_of_the_assistant_makes_a_message_dear(where: str, sentence: str) -> None:
    assert where.startswith(SPANISH) or size_of(plain_signs(re.sub(r"\{\w+\}", "", sentence))).encoding == "GSM-7"


@pytest.mark.parametrize(("where", "sentence"), list(phrases()))
def test_no_word_of_the_assistant_speaks_of_what_a_text_message_cannot_have(where: str, sentence: str) -> None:
    assert not re.search(r"\b(tap|click|press|button)\b", sentence, re.IGNORECASE)


def test_a_reminder_tells_nobody_what_it_is_about(current: Settings) -> None:
    told = said("reminder", "text", day=LONGEST_DAY, code=CODE).lower()
    told_too = said("reminder", "code", code=CODE).lower()
    for word in (
        "health",
        "plan",
        "denial",
        "insur",
        "doctor",
        "kaiser",
        "grievance",
        "appeal",
        "medi",
        "care of your",
    ):
        assert word not in told + told_too


def test_every_message_that_we_start_says_how_to_stop(current: Settings) -> None:
    for key in texts()["reminder"]:
        assert "STOP" in said("reminder", key, day=LONGEST_DAY, code=CODE)


def test_the_first_message_says_who_writes_that_it_is_not_encrypted_and_how_to_stop(current: Settings) -> None:
    told = said("door", "welcome")
    assert told.startswith("This is the health plan denial guide")
    assert "not encrypted" in told
    assert "STOP" in told
    assert "HELP" in told


def test_the_practice_is_named_where_there_is_one(current: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import settings

    monkeypatch.setenv("IMR_PRACTICE_NAME", "Lopez Law")
    settings.clear_settings()
    assert said("door", "stop").startswith("You will get no more texts from Lopez Law.")
    assert said("reminder", "text", day="x").startswith("Lopez Law: ")


def test_no_text_stands_in_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT / "texting").glob("*.py"))
    assert not re.findall(r'"[A-Z][a-z]+ [a-z]+ [a-z]+ [^"]*"', re.sub(r'"""[\s\S]*?"""', "", code))


@pytest.mark.parametrize("key", ["stop", "start", "help", "done"])
def test_a_keyword_in_spanish_is_answered_in_spanish_and_as_cheaply(key: str, current: Settings) -> None:
    told = said("door", key, language="es")
    assert "DMHC" in told or key == "done"
    size = size_of(told)
    assert (size.encoding, size.segments) <= ("GSM-7", 2)
