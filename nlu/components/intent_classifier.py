"""Trains the intent model from Rasa's training data, and says what each message wants."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.messages import as_ranking, danger_found, stated_facts, wish_of
from nlu.components.trained import TrainedClassifier, features_of
from nlu.intents import IntentModel, Prediction
from nlu.intents.deciding import decided

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(TrainedClassifier[IntentModel]):
    """Sets `intent` and an `intent_ranking` of at most three; `nlu_fallback` when unsure. An intent that the
    safety screen has set is left as it is."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`candidate`: which of the compared models; `max_unanswered`: share that may fall back, 0 to 1."""
        return {"candidate": "layers_words_logistic", "max_unanswered": 0.08}

    @classmethod
    def read_part(cls, folder: Path) -> IntentModel:
        """The stored model. Raises ModelFilesError."""
        return IntentModel.load(folder)

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
        return self.keep(train(examples, self._config["candidate"], self._config["max_unanswered"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of every message on which no danger was found."""
        for message in messages:
            if danger_found(message):
                continue
            prediction = decided(self._predict(message), stated_facts(message), wish_of(message), message.get(TEXT))
            intent = {"name": prediction.name, "confidence": prediction.confidence}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, as_ranking(prediction), add_to_output=True)
        return messages

    def _predict(self, message: Message) -> Prediction:
        row = features_of(message)
        if self._part is None or row is None:
            return Prediction()
        try:
            return self._part.predict(message.get(TEXT) or "", row)
        except Exception as error:  # a failing model must not stop what the rules found
            logger.error("The intent model failed (%s); the intent is left open.", type(error).__name__)
            return Prediction()
