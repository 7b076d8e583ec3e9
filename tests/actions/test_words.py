"""The words of the conversation are complete and say only what the vocabulary knows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from actions.asking import question
from actions.hearing import as_payload, read_choice
from actions.memory import Memory
from actions.words import phrase, words
from imr_logic import BadFact, law, parse_fact, vocabulary
from imr_logic.language import words as say_words

ASKED = [name for name, spec in vocabulary().items() if spec.asked and spec.decides]
ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = words()["questions"]
SAYABLE = [
    (name, value)
    for name, spec in vocabulary().items()
    if spec.kind in ("choice", "choices")
    for value in spec.values
]


@pytest.mark.parametrize("fact", ASKED)
def test_every_fact_that_can_be_asked_has_a_question_and_says_why_it_is_asked(fact: str) -> None:
    assert phrase("questions", fact, "text")
    assert phrase("questions", fact, "why")


@pytest.mark.parametrize("fact", [name for name in QUESTIONS if QUESTIONS[name].get("choices")])
def test_every_choice_settles_the_fact_that_is_asked_with_values_of_the_vocabulary(fact: str) -> None:
    for choice in QUESTIONS[fact]["choices"]:
        assert fact in choice["facts"]
        for name, value in choice["facts"].items():
            parse_fact(name, value)


@pytest.mark.parametrize("fact", [name for name in QUESTIONS if QUESTIONS[name].get("choices")])
def test_a_payload_is_read_back_as_the_facts_it_was_made_of(fact: str) -> None:
    for choice in QUESTIONS[fact]["choices"]:
        assert read_choice(as_payload(choice["facts"])) == choice["facts"]


@pytest.mark.parametrize("fact", ASKED)
def test_no_two_choices_of_a_question_look_the_same_when_they_are_pressed(fact: str) -> None:
    payloads = [button["payload"] for button in question(fact, Memory())["buttons"]]
    assert len(set(payloads)) == len(payloads)


def test_choices_that_mean_the_same_settle_the_same_facts() -> None:
    bought, through_work, *_ = (button["payload"] for button in question("plan_type", Memory())["buttons"])
    assert bought != through_work
    assert read_choice(bought) == read_choice(through_work) == {"plan_type": "commercial"}


@pytest.mark.parametrize("payload", ["", "=", "nonsense", "plan=x", "plan_type=x", "urgent=maybe", "a=b&c=d", "&&&"])
def test_a_payload_that_means_nothing_gives_no_usable_fact(payload: str) -> None:
    for name, value in read_choice(payload).items():
        with pytest.raises(BadFact):
            parse_fact(name, value)


@pytest.mark.parametrize(("fact", "value"), SAYABLE)
def test_every_value_can_be_said_back(fact: str, value: str) -> None:
    said = say_words("en", "saying").get(fact)
    assert said is None or said.get(value), f"{fact}={value} has no words"


def test_every_day_can_be_said_back() -> None:
    days = {name for name, spec in vocabulary().items() if spec.kind == "day"}
    assert set(say_words("en", "saying")["dates"]) == days


@pytest.mark.parametrize("key", sorted(words()["asides"]))
def test_every_aside_fills_in_its_figures(key: str) -> None:
    assert "{" not in phrase("asides", key, day="today", help_line="help", what="all")


@pytest.mark.parametrize("fact", ASKED)
def test_every_question_can_be_asked_in_other_words(fact: str) -> None:
    once = phrase("questions", fact, "text")
    assert phrase("questions", fact, "text", unlike=once) != once


@pytest.mark.parametrize("fact", ASKED)
def test_every_question_can_say_where_to_look_or_is_about_danger(fact: str) -> None:
    assert fact == "immediate_danger" or phrase("questions", fact, "where")


@pytest.mark.parametrize("fact", ASKED)
def test_every_fact_is_asked_because_of_a_rule(fact: str) -> None:
    because = vocabulary()[fact].because
    assert because
    assert law.rule(because).authority


def test_every_word_that_can_be_asked_about_is_explained() -> None:
    terms = yaml.safe_load((ROOT / "nlu" / "patterns" / "terms.yml").read_text(encoding="utf-8"))
    assert set(words()["terms"]) == set(terms)
    assert all(phrase("terms", term) for term in terms)


def test_of_several_ways_to_say_it_the_first_not_said_a_moment_ago_is_taken() -> None:
    assert phrase("asides", "thank") == "You are welcome. Take care."
    assert phrase("asides", "thank", unlike="... You are welcome. Take care. ...") == "Gladly."


def keys_written_twice(node: yaml.Node) -> list[str]:
    """The keys that stand twice in one mapping: the first of them would be lost without a word."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        return [key for key in keys if keys.count(key) > 1] + [
            twice for _, value in node.value for twice in keys_written_twice(value)
        ]
    return (
        [twice for one in node.value for twice in keys_written_twice(one)]
        if isinstance(node, yaml.SequenceNode)
        else []
    )


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/language/*.yml")) + sorted(ROOT.glob("*/texts/*.yml")))
def test_no_key_of_a_language_file_is_written_twice(path: Path) -> None:
    assert not keys_written_twice(yaml.compose(path.read_text(encoding="utf-8")))
