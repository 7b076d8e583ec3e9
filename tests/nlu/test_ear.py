"""The learned ear: it hears danger in words that no rule knows, and stays still in ordinary talk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message

from nlu.components.danger_ear import DangerEar
from nlu.components.featurizer import featurize
from nlu.ear import Ear, Heard
from nlu.ear.training import MAX_FALSE, lines, measured
from nlu.intents import ModelFilesError
from nlu.intents.examples import Examples, TrainingDataError
from tests.nlu import tiny

RESOURCE = Resource("train_DangerEar2")
DATA = Path(__file__).parents[2] / "data" / "danger"


def heard(text: str) -> Heard | None:
    return tiny.ear().hear(text, tiny.encoder().features([text])[0])


def message(text: str) -> Message:
    """A message as the featurizer leaves it."""
    made = Message({"text": text})
    featurize([made], tiny.encoder(), "tests")
    return made


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    (tmp_path / "store").mkdir()
    return LocalModelStorage(tmp_path / "store")


@pytest.fixture
def listener(storage: LocalModelStorage) -> DangerEar:
    """The component with a very small ear in it."""
    return DangerEar({}, storage, RESOURCE, tiny.ear())


@pytest.mark.parametrize("text", [*tiny.EMERGENCIES[:3], *tiny.FAREWELLS[:3]])
def test_danger_is_heard_with_its_kind(text: str) -> None:
    found = heard(text)
    assert found is not None
    assert found.kind == ("medical_emergency" if text in tiny.EMERGENCIES else "self_harm")
    assert tiny.ear().model.threshold <= found.confidence <= 1


@pytest.mark.parametrize("text", [*tiny.LOOKALIKES, "hello", "how long do I have to appeal"])
def test_nothing_is_heard_in_ordinary_talk(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize("text", ["", "   ", "?!", "\U0001f62d"])
def test_nothing_is_heard_where_there_are_no_words(text: str) -> None:
    assert heard(text) is None


def test_nothing_is_heard_in_numbers_that_are_none() -> None:
    assert tiny.ear().hear("I want to die", np.full(1152, np.nan, np.float32)) is None


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_the_ear(text: str) -> None:
    found = heard(text)
    assert found is None or 0 <= found.confidence <= 1


def test_a_stored_ear_hears_the_same(tmp_path: Path) -> None:
    tiny.ear().save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"ear.npz", "ear.json"}
    row = tiny.encoder().features([tiny.FAREWELLS[0]])[0]
    assert Ear.load(tmp_path).hear(tiny.FAREWELLS[0], row) == tiny.ear().hear(tiny.FAREWELLS[0], row)


def test_a_missing_ear_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="ear"):
        Ear.load(tmp_path)


# ---- what it learns from


def test_each_text_counts_once_by_its_first_label(tmp_path: Path) -> None:
    tiny.danger_files(tmp_path)
    talk = [("The baby turned BLUE", "ask_cost"), ("I want to go", "crisis_self_harm"), ("hi", "greet")]
    found = {line.text: (line.label, line.hard) for line in lines(tmp_path, talk)}
    assert found["the baby turned blue"] == ("medical_emergency", True)
    assert "The baby turned BLUE" not in found
    assert (found["I want to go"], found["hi"]) == (("self_harm", False), ("none", False))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    tiny.danger_files(tmp_path)
    (tmp_path / "by_ear" / "lookalikes.txt").unlink()
    with pytest.raises(TrainingDataError, match=r"lookalikes\.txt is missing"):
        lines(tmp_path)


def test_the_lines_for_rules_and_for_the_ear_are_different_ones() -> None:
    told = [line for path in sorted(DATA.rglob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({line.casefold() for line in told}) == len(told)


def test_the_threshold_lets_few_lookalikes_fire() -> None:
    random = np.random.default_rng(5)
    labels = ("medical_emergency", "none", "self_harm")
    targets = np.repeat([1, 0, 2], [600, 100, 100])
    danger = np.where(targets == 1, random.uniform(0, 0.8, 800), random.uniform(0.5, 1, 800))
    examples = Examples(("",) * 800, np.zeros((800, 1)), labels, targets, {})
    threshold, caught, fired = measured(danger, examples, np.ones(800, bool))
    assert fired <= MAX_FALSE
    assert caught == pytest.approx((danger[600:] >= threshold).mean())


# ---- as a Rasa component


def test_what_is_heard_becomes_intent_and_safety(listener: DangerEar) -> None:
    told = message(tiny.FAREWELLS[0])
    listener.process([told])
    assert told.get("intent")["name"] == "crisis_self_harm"
    assert told.get("intent")["confidence"] < 1
    assert told.get("safety") == "self_harm"
    assert not told.get("entities")


def test_what_a_rule_found_stays(listener: DangerEar) -> None:
    told = message(tiny.FAREWELLS[0])
    told.set("safety", "medical_emergency")
    listener.process([told])
    assert told.get("safety") == "medical_emergency"


def test_a_failing_ear_leaves_the_message_as_it_was(storage: LocalModelStorage) -> None:
    told = message("I want to go")
    DangerEar({}, storage, RESOURCE, Ear(None)).process([told])  # type: ignore[arg-type]
    assert told.get("intent") is None


def test_a_message_without_features_is_passed_on(listener: DangerEar) -> None:
    told = Message({"text": tiny.FAREWELLS[0]})
    listener.process([told])
    assert told.get("intent") is None


def test_the_component_learns_stores_and_loads(
    storage: LocalModelStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.danger_files(tmp_path / "lines")
    config = {"lines": str(tmp_path / "lines"), "training_threads": 1}
    monkeypatch.setattr("nlu.components.danger_ear.shared_encoder", lambda threads: tiny.encoder())
    data = RasaYAMLReader().reads(tiny.training_file())
    featurize(data.training_examples, tiny.encoder(), "tests")
    DangerEar(config, storage, RESOURCE).train(data)
    again = DangerEar.load(config, storage, RESOURCE, None)  # type: ignore[arg-type]
    told = message(tiny.EMERGENCIES[0])
    again.process([told])
    assert told.get("safety") == "medical_emergency"
