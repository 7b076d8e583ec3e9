"""Behind the safety screen: the learned ear, for danger that no rule knows."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.featurizer import shared_encoder
from nlu.components.messages import danger_found, set_danger
from nlu.components.trained import TrainedClassifier, features_of
from nlu.ear import Ear, Heard
from nlu.intents import prepared

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerEar(TrainedClassifier[Ear]):
    """Sets the intent, and `safety`, of a message in which danger is heard and no rule found one. It sets no fact:
    the conversation names help and asks."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`lines`: the folder of the lines to learn from; `training_threads`: cores used to encode them."""
        return {"lines": "data/danger", "training_threads": 2}

    @classmethod
    def read_part(cls, folder: Path) -> Ear:
        """The stored ear. Raises ModelFilesError."""
        return Ear.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn and store. Raises TrainingDataError when the lines are missing."""
        # here, because a server that only hears needs no scikit-learn of ours
        from nlu.ear import training

        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        known = {message.get(TEXT): features_of(message) for message in messages}
        talk = [(message.get(TEXT), message.get(INTENT)) for message in messages]
        told = training.lines(Path(self._config["lines"]), talk)
        return self.keep(training.train(told, self._features([line.text for line in told], known)))

    def _features(self, texts: list[str], known: dict[str, Any]) -> np.ndarray:
        new = [text for text in texts if text not in known]
        logger.info("encoding %d lines about danger", len(new))
        rows = shared_encoder(self._config["training_threads"]).features([prepared(text) for text in new])
        known = {**known, **dict(zip(new, rows, strict=True))}
        return np.array([known[text] for text in texts], np.float32)

    def process(self, messages: list[Message]) -> list[Message]:
        """Listen to every message on which the rules found no danger."""
        for message in messages:
            heard = None if danger_found(message) else self._hear(message)
            if heard:
                set_danger(message, heard.kind, heard.confidence)
        return messages

    def _hear(self, message: Message) -> Heard | None:
        row = features_of(message)
        if self._part is None or row is None:
            return None
        try:
            return self._part.hear(message.get(TEXT) or "", row)
        except Exception as error:  # a failing ear must not stop what else was found
            logger.error("The ear failed (%s); only the rules listened for danger.", type(error).__name__)
            return None
