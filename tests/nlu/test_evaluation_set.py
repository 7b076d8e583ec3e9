"""The messages for measuring are what their README says: apart from the training data, labelled in the vocabulary."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.evaluate.crossval import training_examples
from cli.evaluate.messages import Case, load
from imr_logic import vocabulary

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "nlu_eval"
DEV, KEPT_BACK = load(FOLDER / "dev.jsonl"), load(FOLDER / "kept_back.jsonl")
CASES = [*DEV, *KEPT_BACK]
INTENTS = {name for one in yaml.safe_load((ROOT / "domain.yml").read_text())["intents"] for name in one}
DANGERS = {"medical_emergency": "medical_emergency", "crisis_self_harm": "self_harm"}


def evened(text: str) -> str:
    return " ".join(text.casefold().split())


def in_vocabulary(fact: str, value: Any) -> bool:
    """Whether a label is one that the law room knows."""
    spec = vocabulary()[fact]
    if spec.kind == "yes_no":
        return isinstance(value, bool)
    if spec.kind == "day":
        return isinstance(value, str) and len(value) == len("YYYY-MM-DD")
    return all(one in (*spec.values, "unknown") for one in (value if isinstance(value, list) else [value]))


def test_the_sets_are_large_enough() -> None:
    assert len(CASES) >= 400
    assert len(KEPT_BACK) >= 150


def test_no_message_stands_in_the_training_data() -> None:
    trained = {evened(text) for text, _ in training_examples(ROOT / "data" / "nlu")}
    trained |= {evened(line) for path in (ROOT / "data" / "danger").rglob("*.txt") for line in path.open()}
    assert [case.id for case in CASES if evened(case.text) in trained] == []


def test_no_message_stands_in_a_corpus_of_the_rules() -> None:
    rows = {
        evened(line.partition(" => ")[0])
        for folder in ("fact_corpus", "date_corpus")
        for path in (ROOT / "tests" / "nlu" / folder).glob("*.txt")
        for line in path.open(encoding="utf-8")
    }
    assert [case.id for case in CASES if len(case.text.split()) > 3 and evened(case.text) in rows] == []


def test_every_message_and_every_id_is_there_once() -> None:
    for times in (Counter(case.id for case in CASES), Counter(evened(case.text) for case in CASES)):
        assert [name for name, many in times.items() if many > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_message_is_labelled_in_the_vocabulary(case: Case) -> None:
    assert case.intent in INTENTS
    assert all(in_vocabulary(fact, value) for fact, value in case.facts.items())
    assert case.safety == DANGERS.get(case.intent)
    assert all(one["text"] in case.text and one["earliest"] <= one["latest"] for one in case.dates)


def test_the_readme_tells_how_many_there_are() -> None:
    said = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"`dev.jsonl`: {len(DEV)} messages" in said
    assert f"`kept_back.jsonl`: {len(KEPT_BACK)} messages" in said
