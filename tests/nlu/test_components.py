"""The Rasa components: what they put on a message, and that a danger gets through whatever fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message

from nlu.components import fact_reader
from nlu.components.fact_reader import DenialFactReader
from nlu.components.featurizer import MiniLmFeaturizer
from nlu.components.intent_classifier import IntentClassifier
from nlu.components.messages import as_entities
from nlu.components.trained import features_of
from nlu.reading import DateReading, Evidence, Reading
from tests.nlu import tiny

TODAY = date(2026, 11, 23)
CONTEXT = ExecutionContext(GraphSchema({}), "tests")
RESOURCE = Resource("train_IntentClassifier3")
DANGERS = [
    ("I want to kill myself", "crisis_self_harm"),
    ("my husband cannot breathe and his lips are blue", "medical_emergency"),
]
Parse = Callable[..., dict[str, Any]]


class Broken:
    """Stands in for a part that fails at everything."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError("broken")

        return fail


def featurizer(encoder: Any = None) -> MiniLmFeaturizer:
    config = {"threads": 1, "training_threads": 1}
    return MiniLmFeaturizer("tests", config, encoder or tiny.encoder())


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


@pytest.fixture
def classifier(storage: LocalModelStorage) -> IntentClassifier:
    """The component with a very small model in it."""
    return IntentClassifier({}, storage, RESOURCE, tiny.model())


@pytest.fixture
def parse(classifier: IntentClassifier) -> Parse:
    """A message through the whole pipeline, as Rasa stores it."""

    def through(
        text: str | None, first: Any = None, middle: Any = None, last: Any = None, **data: Any
    ) -> dict[str, Any]:
        message = Message({"text": text, **data})
        for component in (
            first or DenialFactReader(lambda: TODAY),
            middle or featurizer(),
            last or classifier,
        ):
            component.process([message])
        return message.as_dict(only_output_properties=True)

    return through


def entities(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [entity for entity in said["entities"] if entity["entity"] == name]


def test_intent_and_short_ranking_are_set(parse: Parse) -> None:
    said = parse("hello")
    assert said["intent"]["name"] == "greet"
    assert said["intent_ranking"][0] == said["intent"]
    assert len(said["intent_ranking"]) <= 3


def test_each_fact_is_an_entity_with_its_place_and_rule(parse: Parse) -> None:
    (carrier,) = entities(parse("Kaiser denied my MRI"), "carrier")
    assert {key: carrier[key] for key in ("value", "start", "end", "text", "role", "extractor")} == {
        "value": "kaiser",
        "start": 0,
        "end": 6,
        "text": "Kaiser",
        "role": "stated",
        "extractor": "DenialFactReader",
    }
    assert set(carrier) >= {"confidence_entity", "rule"}


def test_each_date_is_one_entity_with_its_interval(parse: Parse) -> None:
    (day,) = entities(parse("the denial letter is dated October 5, 2026"), "denial_letter_date")
    assert day["value"] == {"earliest": "2026-10-05", "latest": "2026-10-05", "precision": "exact"}


def test_a_date_that_tells_no_fact_is_a_plain_date() -> None:
    day = DateReading(
        fact=None,
        text="May",
        start=0,
        end=3,
        earliest=date(2026, 5, 1),
        latest=date(2026, 5, 31),
        precision="approximate",
        rule="month",
        confidence=0.9,
    )
    assert [entity["entity"] for entity in as_entities(Reading(dates=[day]))] == ["date"]


def test_what_only_follows_is_marked_as_implied() -> None:
    found = Evidence(
        fact="regulator", value="dmhc", start=0, end=6, text="Kaiser", rule="r", confidence=0.9, stated=False
    )
    assert as_entities(Reading(evidence=[found]))[0]["role"] == "implied"


@pytest.mark.parametrize(
    "text",
    ["Kaiser denied my MRI on October 5 and they said no to the appeal on Nov 2", *[t for t, _ in DANGERS]],
)
def test_everything_on_a_message_can_be_stored_as_json(parse: Parse, text: str) -> None:
    said = parse(text)
    said.pop("text_tokens", None)
    assert json.loads(json.dumps(said)) == said


@pytest.mark.parametrize(("text", "intent"), DANGERS)
def test_a_danger_decides_the_intent(parse: Parse, text: str, intent: str) -> None:
    said = parse(text)
    assert said["intent"] == {"name": intent, "confidence": 1.0}
    assert said["intent_ranking"] == [{"name": intent, "confidence": 1.0}]
    assert entities(said, "immediate_danger")[0]["value"] is True


@pytest.mark.parametrize(("text", "intent"), DANGERS)
@pytest.mark.parametrize("broken", ["encoder", "model", "reader"])
def test_a_danger_gets_through_when_another_part_fails(
    parse: Parse,
    classifier: IntentClassifier,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    intent: str,
    broken: str,
) -> None:
    if broken == "model":
        classifier._part = Broken()  # type: ignore[assignment]
    if broken == "reader":
        monkeypatch.setattr(fact_reader, "read", Broken().read)
    said = parse(text, middle=featurizer(Broken()) if broken == "encoder" else None)
    assert said["intent"]["name"] == intent
    assert entities(said, "immediate_danger")[0]["value"] is True


@pytest.mark.parametrize("broken", ["encoder", "model"])
def test_facts_get_through_when_the_model_fails(
    parse: Parse, classifier: IntentClassifier, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    if broken == "model":
        classifier._part = Broken()  # type: ignore[assignment]
    said = parse("Kaiser denied my MRI", middle=featurizer(Broken()) if broken == "encoder" else None)
    assert said["intent"]["name"] == "give_details"  # what tells facts is told, whatever the model would say
    assert entities(said, "carrier")
    assert "Kaiser" not in caplog.text  # what people write never reaches a log


@pytest.mark.parametrize("text", ["", "   ", None, "\U0001f62d", "\u200b", "?"])
def test_a_blank_message_falls_back_quietly(parse: Parse, text: str | None) -> None:
    said = parse(text)
    assert (said["intent"]["name"], said["intent_ranking"], said["entities"]) == ("nlu_fallback", [], [])


@pytest.mark.parametrize("metadata", [None, {}, {"expecting": 5}, "text"])
def test_odd_metadata_asks_for_no_fact(metadata: Any) -> None:
    assert fact_reader.expected_fact(Message({"text": "yes", "metadata": metadata})) is None


def test_the_fact_asked_last_reaches_the_reader(parse: Parse, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def read(*given: Any) -> Reading:
        asked.append(given)
        return Reading()

    monkeypatch.setattr(fact_reader, "read", read)
    parse("yes", metadata={"expecting": "urgent"})
    assert asked == [("yes", TODAY, "urgent")]


def test_a_message_is_encoded_once() -> None:
    message = Message({"text": "hello"})
    featurizer().process([message])
    row = features_of(message)
    assert row is not None
    assert np.array_equal(row, tiny.encoder().features(["hello"])[0])


@pytest.mark.parametrize("threads", [0, -1, "two", 1.5])
def test_a_senseless_number_of_threads_is_refused(threads: Any) -> None:
    with pytest.raises(InvalidConfigException, match="threads"):
        MiniLmFeaturizer.validate_config({"threads": threads})


def test_the_classifier_learns_from_rasas_training_data_and_comes_back(storage: LocalModelStorage) -> None:
    data = RasaYAMLReader().reads(tiny.training_file())
    featurizer().process_training_data(data)
    config = IntentClassifier.get_default_config()
    trained = IntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    trained.train(data)
    message = Message({"text": "thank you"})
    featurizer().process([message])
    IntentClassifier.load(config, storage, RESOURCE, CONTEXT).process([message])
    assert message.get("intent")["name"] == "thank"


def test_the_rules_are_ready_before_the_first_message(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_reader, "read", Broken().read)
    with pytest.raises(RuntimeError, match="broken"):
        DenialFactReader.create({}, storage, RESOURCE, CONTEXT)


def test_training_does_not_go_on_without_an_encoder() -> None:
    with pytest.raises(RuntimeError, match="broken"):
        featurizer(Broken()).process_training_data(RasaYAMLReader().reads(tiny.training_file()))


def test_rasa_takes_it_for_an_intent_classifier() -> None:
    assert issubclass(IntentClassifier, RasaIntentClassifier)
    assert IntentClassifier.required_components() == [MiniLmFeaturizer]
