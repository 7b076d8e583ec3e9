"""Trains the intent model from Rasa's training data, and says what each message wants."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.featurizer import MiniLmFeaturizer
from nlu.components.messages import as_ranking, danger_found, stated_facts
from nlu.intents import IntentModel, Prediction
from nlu.intents.deciding import decided

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent` and an `intent_ranking` of at most three; `nlu_fallback` when unsure. An intent that the
    safety screen has set is left as it is."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The features that the model reads."""
        return [MiniLmFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`candidate`: which of the compared models; `max_unanswered`: share that may fall back, 0 to 1."""
        return {"candidate": "layers_words_logistic", "max_unanswered": 0.08}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Make an untrained component (called by Rasa)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Load a trained component (called by Rasa). Raises ModelFilesError when the files are damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Fit, calibrate and store. Raises TrainingDataError for examples that cannot make a model."""
        # here, because a server that only predicts needs no scikit-learn of ours
        from nlu.intents.examples import Examples
        from nlu.intents.training import train

        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        rows = [features_of(message) for message in messages]
        examples = Examples.of(
            [message.get(TEXT) for message in messages],
            np.array(rows, np.float32),
            [message.get(INTENT) for message in messages],
        )
        self._model = train(examples, self._config["candidate"], self._config["max_unanswered"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of every message on which no danger was found."""
        for message in messages:
            if danger_found(message):
                continue
            prediction = decided(self._predict(message), stated_facts(message))
            intent = {"name": prediction.name, "confidence": prediction.confidence}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, as_ranking(prediction), add_to_output=True)
        return messages

    def _predict(self, message: Message) -> Prediction:
        row = features_of(message)
        if self._model is None or row is None:
            return Prediction()
        try:
            return self._model.predict(message.get(TEXT) or "", row)
        except Exception as error:  # a failing model must not stop what the rules found
            logger.error("The intent model failed (%s); the intent is left open.", type(error).__name__)
            return Prediction()


def features_of(message: Message) -> np.ndarray | None:
    """The 1152 numbers that the featurizer left on a message, or None."""
    found = message.get_dense_features(TEXT)[1]
    if found is None:
        return None
    row: np.ndarray = found.features.reshape(-1)
    return row
